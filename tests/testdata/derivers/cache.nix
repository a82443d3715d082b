# A cache with Deriver lines, of packages that are built anew for each TEST.
let
  pkgs = import <mkBinaryCache/tests/packages.nix>;
  inherit (pkgs) fixtures runCommandLocal;
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

  cache =
    rootPaths:
    (pkgs.mkBinaryCache {
      inherit rootPaths;
      derivers = true;
    }).overrideAttrs
      { inherit test; };
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
