# Debian's packages by name, as tests/setup listed them, and nixpkgs' names for some.
{ lib, pkgs }:
let
  inherit (pkgs) callPackage;
  listed = lib.importJSON ../debian.json;
  extras = import ./extras.nix;

  debs = lib.mapAttrs (
    _: package:
    import ../require-file.nix {
      name = package.file;
      hash = package.sha256;
      mode = "flat";
      inherit (package) version;
    }
  ) listed;

  bootstrapPatchelf = callPackage ./bootstrap-patchelf.nix { inherit debs; };

  packages = lib.mapAttrs (
    name: package:
    callPackage ./package.nix {
      pname = name;
      inherit (package) version;
      src = debs.${name};
      depends = map (dependency: packages.${dependency}) package.depends;
      patchelf = bootstrapPatchelf;
      extra = extras.${name} or { };
    }
  ) listed;
in
packages
// {
  xz = packages.xz-utils;
  emacs = packages.emacs-nox;
  glibc = packages.libc6;
}
