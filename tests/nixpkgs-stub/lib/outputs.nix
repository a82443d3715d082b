# Outputs of a package, and what lies in them.
{ lib }:
rec {
  # `pkg.dev` was chosen by hand: it stays.
  getOutput =
    output: pkg:
    if pkg.outputSpecified or false then pkg else pkg.${output} or pkg.out or pkg;
  getBin = getOutput "bin";
  getDev = getOutput "dev";
  getLib = getOutput "lib";

  getExe' = pkg: name: "${getBin pkg}/bin/${name}";
  getExe =
    pkg:
    getExe' pkg (
      pkg.meta.mainProgram
        or (throw "lib.getExe: ${pkg.name} has no meta.mainProgram; name the program with lib.getExe'")
    );

  fakeHash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
}
