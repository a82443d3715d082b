# Debian's packages by name, as tests/setup listed them.
{ lib, pkgs }:
let
  inherit (pkgs) callPackage;
  listed = lib.importJSON ../debian.json;
  extras = import ./extras.nix;

  # Where nixpkgs has another name for one.
  otherNames = {
    glibc = "libc6";
    gnumake = "make";
    nix = "nix-bin";
    xz = "xz-utils";
  };

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
      pname = lib.findFirst (other: otherNames.${other} == name) name (lib.attrNames otherNames);
      inherit (package) version;
      src = debs.${name};
      depends = map (dependency: packages.${dependency}) package.depends;
      patchelf = bootstrapPatchelf;
      extra = extras.${name} or { };
    }
  ) listed;
in
packages // lib.mapAttrs (_: name: packages.${name}) otherNames
