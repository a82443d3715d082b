/**
  mkBinaryCache and its builder, for a nixpkgs of any kind.

  # Examples

  ```nix
  (import ./mkBinaryCache { }).mkBinaryCache { rootPaths = [ (import <nixpkgs> { }).hello ]; }
  ```
*/
{
  pkgs ? import <nixpkgs> { },
}:
{
  inherit (pkgs.extend (import ./nix/overlay.nix)) binary-cache-builder mkBinaryCache;
}
