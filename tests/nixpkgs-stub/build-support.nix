# Functions that build small derivations: runCommand, writeText and so on.
{
  lib,
  pkgs,
  debian,
}:
let
  inherit (pkgs) stdenvNoCC;
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

  writeText =
    name: text:
    runCommandLocal name {
      inherit text;
      passAsFile = [ "text" ];
    } ''cp "$textPath" "$out"'';
  writeShellScriptBin =
    name: text:
    runCommandLocal name
      {
        text = "#!${stdenvNoCC.shell}\n${text}\n";
        passAsFile = [ "text" ];
        meta.mainProgram = name;
      }
      ''
        mkdir -p $out/bin
        cp "$textPath" $out/bin/${name}
        chmod +x $out/bin/${name}
      '';

  # A derivation for `nix develop` and nix-shell to enter, not for Nix to build.
  mkShell =
    {
      packages ? [ ],
      inputsFrom ? [ ],
      nativeBuildInputs ? [ ],
      buildInputs ? [ ],
      ...
    }@attrs:
    let
      # The inputs of the packages in inputsFrom, without these packages themselves.
      from = attr: lib.subtractLists inputsFrom (lib.concatMap (pkg: pkg.${attr} or [ ]) inputsFrom);
    in
    stdenvNoCC.mkDerivation (
      removeAttrs attrs [
        "packages"
        "inputsFrom"
      ]
      // {
        name = attrs.name or "nix-shell";
        nativeBuildInputs = packages ++ nativeBuildInputs ++ from "nativeBuildInputs";
        buildInputs = buildInputs ++ from "buildInputs";
        buildCommand = "export > $out";
        preferLocalBuild = true;
      }
    );
  # For the dev shell, which runs tests: unlike mkShell, with GNU programs if they are
  # listed, and without nixfmt.
  mkShellNoCC =
    attrs:
    mkShell (attrs // { packages = lib.subtractLists [ nixfmt ] attrs.packages ++ gnuPrograms; });
  gnuPrograms = lib.concatMap (name: lib.optional (debian ? ${name}) debian.${name}) [
    "coreutils"
    "diffutils"
    "findutils"
    "gawk"
    "grep"
    "make"
    "sed"
  ];

  # $out/store-paths lists the closure of the root paths.
  closureInfo =
    { rootPaths }:
    runCommand "closure-info"
      {
        preferLocalBuild = true;
        exportReferencesGraph = lib.concatMap (n: [
          "graph-${toString n}"
          (lib.elemAt rootPaths n)
        ]) (lib.range 0 (lib.length rootPaths - 1));
      }
      ''
        mkdir "$out"
        # A record of a graph has the store path, its deriver, the number of references,
        # the references.
        awk '{
          print
          getline; getline
          for (n = $1; n > 0; n--) getline
        }' graph-* | sort -u >"$out/store-paths"
      '';

  # Debian's bash, with its manual as a second output that is installed too: `nix develop`
  # uses both outputs.
  bashInteractive =
    runCommand "bash-interactive"
      {
        outputs = [
          "out"
          "man"
        ];
        meta.outputsToInstall = [
          "out"
          "man"
        ];
      }
      ''
        mkdir -p $out/bin $man/share
        ln -s ${debian.bash}/bin/bash $out/bin/bash
        cp -r ${debian.bash}/share/man $man/share/man
      '';

  # In nixpkgs, one package has all of these programs.
  util-linux = runCommandLocal "util-linux" { } ''
    mkdir -p $out/bin
    for package in ${debian.util-linux} ${debian.bsdutils} ${debian.mount}; do
      ln -s $package/bin/* $out/bin
    done
  '';

  # Python with all modules that are listed.
  python3.withPackages =
    _:
    let
      parts = lib.filter (name: lib.hasInfix "python3" name) (lib.attrNames debian);
    in
    runCommandLocal "python3" { } ''
      mkdir -p $out/bin $out/lib
      for part in ${toString (map (name: debian.${name}) parts)}; do
        if [ -e $part/bin/python3 ]; then python=$part/bin/python3; fi
        for directory in $part/lib/python3*; do cp -rs $directory $out/lib; done
        find $out/lib -type d -exec chmod u+w {} +
      done
      printf '#!%s\nPYTHONHOME=%s PYTHONPATH=%s exec %s "$@"\n' \
        ${stdenvNoCC.shell} $out $out/lib/python3/dist-packages $python >$out/bin/python3
      chmod +x $out/bin/python3
    '';

  # Formatters that this project's flake.nix has: they evaluate, and fail when they are
  # built.
  nixfmt = runCommandLocal "nixfmt" { meta.mainProgram = "nixfmt"; } ''
    echo "the nixpkgs stub has no nixfmt" >&2
    exit 1
  '';
  nixfmt-tree = nixfmt;
}
