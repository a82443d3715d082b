# Tests that the nixpkgs stub behaves like nixpkgs. Evaluates to [ ], or to the names of
# the tests that fail in <nixpkgs>, which may be the stub or a real nixpkgs:
#
#   nix-instantiate --eval --strict --read-write-mode tests/nixpkgs-stub/self-test.nix
let
  pkgs = import <nixpkgs> { };
  inherit (pkgs) lib;
  inherit (lib) types;

  fails = value: !(builtins.tryEval (builtins.deepSeq value null)).success;
  noContext = builtins.unsafeDiscardStringContext;

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
    env.FOO = "foo";
    nothing = null;
    set.nothing = null;
    packages = [ base ];
    preferLocalBuild = true;
    unsafeDiscardReferences.out = true;
  };
  thing = pkgs.callPackage (
    { hello }:
    {
      name ? "thing",
    }:
    pkgs.stdenvNoCC.mkDerivation {
      inherit name;
      nativeBuildInputs = [ hello ];
    }
  ) { };

  # The structured attributes in the .drv file, which escapes strings as JSON does.
  textOf = drv: noContext (builtins.readFile (noContext drv.drvPath));
  attributesOf =
    drv:
    let
      json = lib.last (lib.splitString ''("__json","'' (textOf drv));
    in
    builtins.fromJSON (builtins.fromJSON ''"${lib.head (lib.splitString ''"),("'' json)}"'');
  attributes = attributesOf structured;

  # A package whose parts are the package itself with other attributes, like a cache in
  # shards.
  whole = pkgs.stdenvNoCC.mkDerivation (finalAttrs: {
    name = "whole";
    __structuredAttrs = true;
    color = "red";
    parts = finalAttrs.passthru.slices;
    passthru.slices = lib.genList (
      index:
      finalAttrs.finalPackage.overrideAttrs {
        slice = { inherit index; };
        parts = [ ];
      }
    ) 2;
  });
  blue = whole.overrideAttrs { color = "blue"; };
  colors = pkg: toString (map (part: (attributesOf part).color) pkg.parts);

  filesIn =
    root: fileset: toString (lib.attrNames (builtins.readDir (lib.fileset.toSource { inherit root fileset; })));

  tests = {
    # overrideAttrs: a set, prev: a set, final: prev: a set
    finalAttrs = (base.overrideAttrs { pname = "other"; }).greeting == "hello from other";
    previous = (base.overrideAttrs (prev: { pname = prev.pname + "x"; })).name == "basex-1";
    both =
      (base.overrideAttrs (final: prev: { greeting = "${prev.greeting}, ${final.version}"; })).greeting
      == "hello from base, 1";
    twice = ((base.overrideAttrs { pname = "a"; }).overrideAttrs { version = "2"; }).name == "a-2";
    finalPackage = base.same == "base-1";
    metaIsNotBuilt = base.drvPath == (base.overrideAttrs { meta.description = "other"; }).drvPath;

    # callPackage: sets and functions can be overridden, functions stay functions
    callable = (thing { }).name == "thing" && (thing { name = "x"; }).name == "x";
    functionArgs = lib.functionArgs thing == { name = true; };
    overrideFunction = (thing.override { hello = base; } { }).nativeBuildInputs == [ base ];
    overrideAfterOverrideAttrs =
      let
        pkg = pkgs.callPackage ({ version }: base.overrideAttrs { inherit version; }) { version = "2"; };
      in
      ((pkg.overrideAttrs { pname = "x"; }).override { version = "3"; }).name == "x-3";

    # overlays
    extend = ((pkgs.extend (final: _: { two = final.one + 1; })).extend (_: _: { one = 1; })).two == 2;
    overlayReachesCallPackage =
      (pkgs.extend (_: _: { hello = base; })).callPackage ({ hello }: { inherit (hello) name; }) { } ? name;

    # outputs and inputs
    inputDerivation = lib.hasInfix (noContext pkgs.stdenvNoCC.drvPath) (textOf base.inputDerivation);
    outputs = structured.dev.outputName == "dev" && lib.length structured.all == 2;
    outputOverride = (structured.dev.overrideAttrs { name = "x"; }).name == "x";
    getDev = lib.getDev structured == structured.dev && lib.getDev base == base;
    envInDerivation = (base.overrideAttrs { env.FOO = "1"; }).FOO == "1";
    envOverlap = fails (base.overrideAttrs { env.pname = "x"; }).drvPath;

    checkInputs =
      let
        pkg = base.overrideAttrs {
          doCheck = true;
          nativeCheckInputs = [ structured ];
        };
      in
      pkg.nativeBuildInputs == [ structured.dev ]
      && (pkg.overrideAttrs { doCheck = false; }).nativeBuildInputs == [ ];

    # structured attributes. Nix omits attributes that are null, but no null inside of
    # sets.
    structuredNull = !attributes ? nothing && attributes.set.nothing == null;
    structuredPackages = attributes.packages == [ (noContext base.outPath) ];
    structuredEnv = structured.FOO == "foo" && attributes.env == { FOO = "foo"; };
    localBuild = attributes.preferLocalBuild;
    discardReferences = attributes.unsafeDiscardReferences == { out = true; };

    # finalPackage
    partsOfItself = (attributesOf whole).parts == map (part: noContext part.outPath) whole.slices;
    partsFollowOverride = colors whole == "red red" && colors blue == "blue blue";
    partsAreInputs = lib.all (part: lib.length (lib.splitString (noContext part.drvPath) (textOf blue)) > 1) blue.parts;

    # lib
    fileset =
      filesIn ./. ./self-test.nix == "self-test.nix"
      && filesIn ./. (lib.fileset.unions [ ./debian ./stdenv/setup.sh ]) == "debian stdenv"
      && fails (filesIn ./. ./nowhere);
    typeDescriptions =
      map (type: type.description) [
        types.path
        (types.enum [
          "none"
          "xz"
        ])
        (types.enum [ "xz" ])
        (types.nullOr (types.ints.between 1 22))
        (types.nullOr types.ints.positive)
        types.ints.s32
      ] == [
        "absolute path"
        ''one of "none", "xz"''
        ''value "xz" (singular enum)''
        "null or integer between 1 and 22 (both inclusive)"
        "null or (positive integer, meaning >0)"
        "32 bit signed integer; between -2147483648 and 2147483647 (both inclusive)"
      ];
    splitContext = lib.all builtins.hasContext (lib.splitString " " "one ${base}");
    versions = lib.versionOlder "2.8" "2.18" && !lib.versionOlder "2.18" "2.8";
  };
in
lib.filter (name: !tests.${name}) (lib.attrNames tests)
