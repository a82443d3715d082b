# A cache with Deriver lines, of packages that are built anew for each TEST.
let
  pkgs = import <mkBinaryCache/tests/packages.nix>;
  inherit (pkgs) fixtures runCommandLocal;
  test = builtins.getEnv "TEST";
  anew = drv: drv.overrideAttrs { inherit test; };
  fromScratch =
    attributes:
    import <mkBinaryCache/tests/fixtures/from-scratch.nix> (attributes // { inherit test; });

  # The same file, fetched in two ways.
  fetch =
    way:
    fromScratch {
      name = "source";
      script = "printf %s $test >$out";
      outputHash = builtins.hashString "sha256" test;
      outputHashAlgo = "sha256";
      outputHashMode = "flat";
      inherit way;
    };
  link = way: runCommandLocal way { inherit test; } "ln -s ${fetch way} $out";

  program = fromScratch {
    name = "program";
    outputs = [
      "out"
      "doc"
    ];
    script = "echo $library >$out; echo see $out $sources >$doc";
    library = fromScratch {
      name = "library";
      outputs = [
        "out"
        "doc"
      ];
      script = "echo text >$out; echo see $out >$doc";
    };
    # At the same distance: a nearer one would be the deriver, whatever its name.
    sources = [
      (fetch "left")
      (fetch "right")
    ];
  };

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
    (anew fixtures.multi).all
    ++ program.all
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
  derivations = cache [ program.drvPath ];
}
