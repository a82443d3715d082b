# Small ways to make a derivation.
{ lib, pkgs }:
let
  inherit (pkgs) callPackage stdenvNoCC;
in
rec {
  runCommand =
    name: env: buildCommand:
    stdenvNoCC.mkDerivation (
      {
        inherit name buildCommand;
        enableParallelBuilding = true;
        passAsFile = [ "buildCommand" ] ++ env.passAsFile or [ ];
      }
      // removeAttrs env [ "passAsFile" ]
    );
  runCommandLocal =
    name: env:
    runCommand name (
      env
      // {
        preferLocalBuild = true;
        allowSubstitutes = false;
      }
    );

  writeTextFile =
    {
      name,
      text,
      executable ? false,
      destination ? "",
      meta ? { },
    }:
    runCommandLocal name
      {
        inherit
          text
          executable
          destination
          meta
          ;
        passAsFile = [ "text" ];
      }
      ''
        target=$out$destination
        mkdir -p "$(dirname "$target")"
        cp "$textPath" "$target"
        if [ -n "$executable" ]; then chmod +x "$target"; fi
      '';
  writeText = name: text: writeTextFile { inherit name text; };
  writeShellScript =
    name: text:
    writeTextFile {
      inherit name;
      text = "#!${stdenvNoCC.shell}\n${text}\n";
      executable = true;
    };
  writeShellScriptBin =
    name: text:
    writeTextFile {
      inherit name;
      text = "#!${stdenvNoCC.shell}\n${text}\n";
      executable = true;
      destination = "/bin/${name}";
      meta.mainProgram = name;
    };

  mkShell = callPackage ./mk-shell.nix { };
  mkShellNoCC = mkShell.override { stdenv = stdenvNoCC; };

  closureInfo = callPackage ./closure-info.nix { };

  # A package that evaluates, and that says so when it is built.
  missing =
    name:
    runCommandLocal name { meta.mainProgram = name; } ''
      echo "${name} cannot be had from the stand-in nixpkgs" >&2
      exit 1
    '';
}
