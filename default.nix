{
  pkgs ? import <nixpkgs> { },
}:
{
  inherit (pkgs.extend (import ./nix/overlay.nix)) binary-cache-builder mkBinaryCache;
}
