# The nixpkgs stub: `import <nixpkgs> { }`. See README.md.
{
  system ? builtins.currentSystem,
  overlays ? [ ],
  config ? { },
  ...
}:
let
  lib = import ./lib;

  packages =
    pkgs:
    let
      inherit (pkgs) callPackage;

      # Programs that tests/setup copied from the machine that ran it.
      hostParts = lib.mapAttrs (_: import ./require-file.nix) (lib.importJSON ./host.json);

      # NB: the names of the packages must not depend on a package, or evaluation recurses
      # infinitely.
      debian = import ./debian { inherit lib pkgs; };
      helpers = import ./build-support.nix { inherit lib pkgs debian; };
    in
    # The packages `go` and `bash` below override those of Debian.
    debian
    // helpers
    // {
      inherit lib system overlays;
      inherit pkgs;
      path = ./.;
      callPackage = lib.callPackageWith pkgs;
      extend = overlay: pkgs.appendOverlays [ overlay ];
      appendOverlays =
        more:
        import ./. {
          inherit system config;
          overlays = overlays ++ more;
        };

      buildPackages = pkgs; # no cross-compilation
      inherit (hostParts) bash;
      pkgsStatic = { inherit (hostParts) busybox; };
      # The stub has no C compiler, so stdenv and stdenvNoCC are the same.
      stdenv = callPackage ./stdenv { inherit (hostParts) busybox; };
      stdenvNoCC = pkgs.stdenv;
      go = callPackage ./go.nix { inherit (hostParts) go; };
      buildGoModule = callPackage ./build-go-module.nix { inherit (hostParts) cacert; };
    };
in
lib.fix (lib.foldl' (f: overlay: lib.extends overlay f) packages overlays)
