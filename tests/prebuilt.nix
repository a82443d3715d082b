# The packages that the tests, or only the demo, need from a real nixpkgs: the packages in
# the caches, and the inputs of the packages that are built.
let
  pkgs = import ./packages.nix;
  inputs = map (built: built.inputDerivation);
in
rec {
  demo = [
    pkgs.hello
  ]
  ++ inputs [
    pkgs.hello
    pkgs.binary-cache-builder
    (pkgs.mkBinaryCache { rootPaths = [ ]; })
  ];
  test =
    demo
    ++ [
      pkgs.bash
      pkgs.bashInteractive
      pkgs.curl
      pkgs.emacs-nox
      pkgs.glibc
      pkgs.gnumake
      pkgs.htop
      pkgs.nix
      pkgs.util-linux
    ]
    ++ inputs [
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
    ];
}
