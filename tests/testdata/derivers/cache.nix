# A cache with Deriver lines, of packages that are built anew for each TEST.
let
  pkgs = import <nixpkgs> { };
  inherit (pkgs) fixtures runCommandLocal;
  inherit (import <mkBinaryCache> { }) binary-cache-builder;
  test = builtins.getEnv "TEST";
  anew = drv: drv.overrideAttrs { inherit test; };

  # The same file, fetched in two ways.
  fetch =
    way:
    runCommandLocal "source" {
      outputHash = builtins.hashString "sha256" test;
      outputHashAlgo = "sha256";
      outputHashMode = "flat";
      inherit test way;
    } "printf %s $test >$out";
  link = way: runCommandLocal way { inherit test; } "ln -s ${fetch way} $out";
  multi = anew fixtures.multi;

  # The .drv files of what strings and derivations stand for, as plain paths.
  derivationsOf =
    roots:
    let
      context = builtins.getContext (toString roots);
      isMade = path: context.${path} ? outputs || context.${path} ? allOutputs;
    in
    map (path: builtins.appendContext path { ${path}.path = true; }) (
      builtins.filter isMade (builtins.attrNames context)
    );

  cache =
    roots:
    derivation {
      name = "cache";
      system = builtins.currentSystem;
      builder = "${binary-cache-builder}/bin/binary-cache-builder";
      __structuredAttrs = true;
      exportReferencesGraph.closure = roots;
      derivers = derivationsOf roots;
      inherit test;
    };
in
rec {
  built = map toString (
    multi.all
    ++ [
      (anew pkgs.hello)
      (anew fixtures.selfReferencing)
      (link "left")
      (link "right")
    ]
  );
  unbuilt = [
    fixtures.text
    fixtures.textWithReference
    "${fixtures.fixedTree}"
  ];
  outputs = cache (built ++ unbuilt);

  # The .drv itself, with all that it takes to build it.
  derivations = cache [ multi.drvPath ];
}
