# Caches with Deriver lines, of packages that are built again for each TEST.
let
  pkgs = import <mkBinaryCache/tests/packages.nix>;
  inherit (pkgs) fixtures runCommandLocal;
  test = builtins.getEnv "TEST";
  again = drv: drv.overrideAttrs { inherit test; };
  fromScratch =
    attributes:
    import <mkBinaryCache/tests/fixtures/from-scratch.nix> (attributes // { inherit test; });

  # The same file, built by two .drv files.
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
    # Both are at the same distance: the nearer .drv file is the deriver, whatever its name.
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
    (again fixtures.multi).all
    ++ program.all
    ++ [
      (again pkgs.hello)
      (again fixtures.selfReferencing)
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

  # The .drv file with its build-time closure.
  derivations = cache [ program.drvPath ];
}
