# Caches with Deriver lines, of packages that Nix builds again for each value of $TEST.
let
  pkgs = import <mkBinaryCache/tests/packages.nix>;
  inherit (pkgs) fixtures runCommandLocal;
  test = builtins.getEnv "TEST";
  again = drv: drv.overrideAttrs { inherit test; };
  fromScratch =
    attributes:
    import <mkBinaryCache/tests/fixtures/from-scratch.nix> (attributes // { inherit test; });

  # Returns one of the derivations that build the same file, which differ only in the
  # attribute `way`.
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
    # Both .drv files are equally near to the roots, so the first by name is the deriver.
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

  # A cache of a .drv file with its build-time closure.
  derivations = cache [ program.drvPath ];
}
