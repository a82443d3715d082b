# One of the pages' examples that are called with packages: a cache.
{
  file,
  arguments ? { },
}:
let
  pkgs = import <nixpkgs> { overlays = [ (import <mkBinaryCache/nix/overlay.nix>) ]; };
in
(pkgs.callPackage (/. + file) arguments).overrideAttrs {
  # What was built is not built again, unless it is this test's own.
  test = builtins.getEnv "WORK";
}
