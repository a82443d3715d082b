# One of the pages' examples that are called with packages: a cache.
{
  file,
  arguments ? { },
}:
let
  pkgs = import <nixpkgs> { overlays = [ (import <mkBinaryCache/nix/overlay.nix>) ]; };
in
(pkgs.callPackage (/. + file) arguments).overrideAttrs {
  # A different value in each test run makes Nix build this derivation again.
  test = builtins.getEnv "WORK";
}
