# A stand-in for nixpkgs: `import <nixpkgs> { }`. See README.md.
{
  system ? builtins.currentSystem,
  overlays ? [ ],
  config ? { },
  ...
}:
let
  lib = import ./lib;

  packages = import ./all-packages.nix { inherit lib system config; };

  # What any set of packages can do, whatever the overlays made of it.
  scope = pkgs: {
    inherit
      lib
      system
      config
      overlays
      ;
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
  };
in
lib.fix (lib.extends (lib.composeManyExtensions overlays) (pkgs: packages pkgs // scope pkgs))
