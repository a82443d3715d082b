# Builds a cache with an example of the documentation: file has a function for
# callPackage.
{
  file,
  arguments ? { },
}:
let
  pkgs = import <nixpkgs> { overlays = [ (import <mkBinaryCache/nix/overlay.nix>) ]; };
in
(pkgs.callPackage (/. + file) arguments).overrideAttrs {
  # A new attribute value in each test run makes Nix build this derivation again.
  test = builtins.getEnv "WORK";
}
