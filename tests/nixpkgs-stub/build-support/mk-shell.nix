# A derivation for `nix develop` and nix-shell to enter, not to build.
{ lib, stdenv }:
{
  name ? "nix-shell",
  packages ? [ ],
  inputsFrom ? [ ],
  nativeBuildInputs ? [ ],
  buildInputs ? [ ],
  ...
}@attrs:
let
  # The inputs of those packages, but not the packages themselves.
  from = attr: lib.subtractLists inputsFrom (lib.concatMap (pkg: pkg.${attr} or [ ]) inputsFrom);
  hooks = lib.catAttrs "shellHook" (inputsFrom ++ [ attrs ]);
in
stdenv.mkDerivation (
  removeAttrs attrs [
    "packages"
    "inputsFrom"
  ]
  // {
    inherit name;
    nativeBuildInputs = packages ++ nativeBuildInputs ++ from "nativeBuildInputs";
    buildInputs = buildInputs ++ from "buildInputs";
    shellHook = lib.concatStringsSep "\n" hooks;
    phases = [ "buildPhase" ];
    buildPhase = "export > $out";
    preferLocalBuild = true;
  }
)
