# The packages that the tests need from a real nixpkgs: the packages in the tests' caches,
# and the inputs of the packages that the tests build.
let
  pkgs = import ./packages.nix;
in
[
  pkgs.bash
  pkgs.bashInteractive
  pkgs.curl
  pkgs.emacs-nox
  pkgs.glibc
  pkgs.gnumake
  pkgs.hello
  pkgs.htop
  pkgs.nix
]
++ map (built: built.inputDerivation) [
  pkgs.hello
  pkgs.binary-cache-builder
  (pkgs.mkBinaryCache {
    rootPaths = [ ];
    compression = "xz";
  })
  (pkgs.mkBinaryCache {
    rootPaths = [ ];
    compressionLevel = 22;
  })
  (pkgs.mkBinaryCache { rootPaths = [ ]; }).tests.substitution
  (pkgs.closureInfo { rootPaths = [ ]; })
]
