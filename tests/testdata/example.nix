# One of the pages' examples that are called with packages: a cache.
{
  file,
  arguments ? { },
}:
let
  pkgs = import <nixpkgs> { overlays = [ (import <mkBinaryCache/nix/overlay.nix>) ]; };
in
(pkgs.callPackage (/. + file) arguments).overrideAttrs {
  # Each test run builds its own, because Nix does not build a path twice.
  test = builtins.getEnv "WORK";
}
