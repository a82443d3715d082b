# What the stand-in must do as nixpkgs does. Evaluates to [ ], or to what fails in
# <nixpkgs>, be it the stand-in or a real one:
#
#   nix-instantiate --eval --strict --read-write-mode tests/nixpkgs-stub/self-test.nix
let
  pkgs = import <nixpkgs> { };
  inherit (pkgs) lib;

  fails = value: !(builtins.tryEval (builtins.deepSeq value null)).success;

  base = pkgs.stdenvNoCC.mkDerivation (finalAttrs: {
    pname = "base";
    version = "1";
    greeting = "hello from ${finalAttrs.pname}";
    passthru.same = finalAttrs.finalPackage.name;
    meta.description = "not for the builder";
  });
  structured = pkgs.stdenvNoCC.mkDerivation {
    name = "structured";
    __structuredAttrs = true;
    outputs = [
      "out"
      "dev"
    ];
  };
  makeThing =
    { hello }:
    {
      name ? "thing",
    }:
    pkgs.stdenvNoCC.mkDerivation {
      inherit name;
      nativeBuildInputs = [ hello ];
    };
  thing = pkgs.callPackage makeThing { };

  goModule =
    args:
    pkgs.buildGoModule (
      {
        name = "go-module";
        src = ./.;
      }
      // args
    );

  file = ./self-test.nix;
  inherit (lib) fileset;
  filesIn =
    root: set:
    let
      source = fileset.toSource {
        inherit root;
        fileset = set;
      };
    in
    toString (lib.attrNames (builtins.readDir source));

  tests = {
    # overrideAttrs: a set, prev: a set, final: prev: a set
    finalAttrs = (base.overrideAttrs { pname = "other"; }).greeting == "hello from other";
    previous = (base.overrideAttrs (prev: { pname = prev.pname + "x"; })).name == "basex-1";
    both =
      (base.overrideAttrs (
        final: prev: {
          greeting = "${prev.greeting}, ${final.version}";
        }
      )).greeting == "hello from base, 1";
    twice = ((base.overrideAttrs { pname = "a"; }).overrideAttrs { version = "2"; }).name == "a-2";
    finalPackage = base.same == "base-1";
    metaIsNotBuilt = base.drvPath == (base.overrideAttrs { meta.description = "other"; }).drvPath;

    # callPackage: sets and functions can be overridden, functions stay functions
    callable = (thing { }).name == "thing" && (thing { name = "x"; }).name == "x";
    functionArgs = lib.functionArgs thing == { name = true; };
    overrideFunction = (thing.override { hello = base; } { }).nativeBuildInputs == [ base ];
    overrideSet =
      (pkgs.callPackage ({ hello }: base.overrideAttrs { inherit hello; }) { }).override {
        hello = "x";
      } ? overrideAttrs;
    overrideAfterOverrideAttrs =
      let
        withVersion = { version }: base.overrideAttrs { inherit version; };
        pkg = pkgs.callPackage withVersion { version = "2"; };
      in
      ((pkg.overrideAttrs { pname = "x"; }).override { version = "3"; }).name == "x-3";

    # overlays
    extend =
      let
        overlay = final: prev: { two = final.one + 1; };
        extended = (pkgs.extend overlay).extend (_: _: { one = 1; });
      in
      extended.two == 2;
    overlayReachesCallPackage =
      let
        extended = pkgs.extend (_: _: { hello = base; });
      in
      (extended.callPackage ({ hello }: { inherit (hello) name; }) { }).name == "base-1";

    # outputs
    outputs = structured.dev.outputName == "dev" && lib.length structured.all == 2;
    getDev = lib.getDev structured == structured.dev && lib.getDev base == base;
    outputOverride = (structured.dev.overrideAttrs { name = "x"; }).name == "x";

    # stdenv
    stdenvs = pkgs.stdenv.hasCC && !pkgs.stdenvNoCC.hasCC && pkgs.stdenvNoCC.cc == null;
    stdenvsDiffer = pkgs.stdenv.outPath != pkgs.stdenvNoCC.outPath;
    shellNoCC = (pkgs.mkShellNoCC { }).stdenv == pkgs.stdenvNoCC;

    # env
    envInDerivation = (base.overrideAttrs { env.FOO = 1; }).FOO == 1;
    envOverlap = fails (base.overrideAttrs { env.pname = "x"; }).drvPath;
    envType = fails (base.overrideAttrs { env.FOO = [ ]; }).drvPath;

    # what must fail
    otherPlatform = fails (base.overrideAttrs { meta.platforms = [ ]; }).drvPath;
    wrongDependency = fails (base.overrideAttrs { buildInputs = [ 1 ]; }).drvPath;
    noVendorHash = fails (goModule { }).drvPath;
    goEnvOverlap =
      fails
        (goModule {
          vendorHash = null;
          CGO_ENABLED = 0;
        }).drvPath;

    goFlags = (goModule { vendorHash = null; }).GOFLAGS == "-mod=vendor -trimpath";

    # lib.isStorePath
    storePaths = lib.all lib.isStorePath [
      pkgs.hello
      "${pkgs.hello}"
      pkgs.hello.drvPath
      ("/" + lib.concatStrings (lib.genList (_: "0") 52))
    ];
    notStorePaths = !lib.any lib.isStorePath [
      1
      null
      [ ]
      "hello"
      "${pkgs.hello}/bin"
    ];

    # lib.fileset
    filesetOneFile = filesIn ./. file == "self-test.nix";
    filesetNoEmptyDirectories =
      let
        scripts = fileset.fileFilter (f: f.hasExt "sh") ./.;
      in
      filesIn ./. (fileset.difference scripts ./stdenv) == "cacert debian go";
    filesetEmptyUnion = filesIn ./. (fileset.unions [ (fileset.maybeMissing ./nowhere) ]) == "";
    filesetOutsideRoot = fails (filesIn ./stdenv file);
    filesetMissing = fails (filesIn ./. ./nowhere);
    filesetString = fails (fileset.unions [ "/etc" ]);
    filesetRootIsFile = fails (filesIn file file);
  }
  // import ./self-test/attributes.nix { inherit pkgs; }
  // import ./self-test/types.nix {
    inherit lib fails;
    package = pkgs.hello;
  };

  # What an older nixpkgs does otherwise.
  since = lib.genAttrs [
    "goFlags"
    "inputDerivation"
  ] (_: "26.05");
  isExpected = name: !lib.versionOlder lib.version since.${name} or lib.version;
in
lib.filter (name: isExpected name && !tests.${name}) (lib.attrNames tests)
