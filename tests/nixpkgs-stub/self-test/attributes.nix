# What becomes of a package's attributes: in the .drv file, and when the package
# has parts derived from itself.
{ pkgs }:
let
  inherit (pkgs) lib stdenvNoCC;

  base = stdenvNoCC.mkDerivation {
    name = "base";
    number = 1;
    nothing = null;
  };
  structured = stdenvNoCC.mkDerivation {
    name = "structured";
    __structuredAttrs = true;
    env.FOO = "foo";
    nothing = null;
    set = {
      number = 0;
      nothing = null;
    };
    packages = [ base ];
    flag = false;

    requiredSystemFeatures = [ "big" ];
    preferLocalBuild = true;
    allowSubstitutes = false;
    unsafeDiscardReferences.out = true;
  };

  # Names in the store, to compare with what is read from there.
  plain = builtins.unsafeDiscardStringContext;
  textOf = drv: plain (builtins.readFile (plain drv.drvPath));

  # The structured attributes in the .drv file. It escapes strings as JSON does.
  attributesOf =
    drv:
    let
      json = lib.last (lib.splitString ''("__json","'' (textOf drv));
      escaped = lib.head (lib.splitString ''"),("'' json);
    in
    builtins.fromJSON (builtins.fromJSON ''"${escaped}"'');
  attributes = attributesOf structured;

  # Each part is the package itself with other attributes.
  whole = stdenvNoCC.mkDerivation (finalAttrs: {
    name = "whole";
    __structuredAttrs = true;
    colour = "red";
    parts = finalAttrs.passthru.slices;
    passthru.slices = lib.genList (
      index:
      finalAttrs.finalPackage.overrideAttrs {
        slice = { inherit index; };
        parts = [ ];
      }
    ) 2;
  });
  blue = whole.overrideAttrs { colour = "blue"; };
  colours = pkg: toString (map (part: (attributesOf part).colour) pkg.parts);

  withClosure =
    { stdenvNoCC, closureInfo }:
    stdenvNoCC.mkDerivation (finalAttrs: {
      name = "with-closure";
      __structuredAttrs = true;
      exportReferencesGraph.closure = [ base ];
      passthru.closureInfo = closureInfo { rootPaths = finalAttrs.exportReferencesGraph.closure; };
    });
in
{
  # With __ignoreNulls, but not inside of sets.
  structuredNull = !attributes ? nothing;
  structuredSet = attributes.set.number == 0 && attributes.set.nothing == null;
  structuredPackages = attributes.packages == [ (plain base.outPath) ];
  structuredFlag = !attributes.flag;
  unstructuredNull = !lib.hasInfix ''"nothing"'' (textOf base);
  structuredEnv = structured.FOO == "foo" && attributes.env == { FOO = "foo"; };

  # Attributes with a meaning for Nix reach it as they are.
  systemFeatures = attributes.requiredSystemFeatures == [ "big" ];
  localBuild = attributes.preferLocalBuild && !attributes.allowSubstitutes;
  discardReferences = attributes.unsafeDiscardReferences == { out = true; };
  inputDerivation =
    let
      inputs = attributesOf structured.inputDerivation;
    in
    inputs.requiredSystemFeatures == [ ] && !inputs ? outputChecks;

  # finalPackage
  partsOfItself = (attributesOf whole).parts == map (part: plain part.outPath) whole.slices;
  partsDiffer = toString (map (part: part.slice.index) whole.parts) == "0 1";
  partsFollowOverride = colours whole == "red red" && colours blue == "blue blue";
  partsAreInputs = lib.all (part: lib.hasInfix (plain part.drvPath) (textOf blue)) blue.parts;
  closureInfo =
    let
      pkg = pkgs.callPackage withClosure { };
      more = pkg.overrideAttrs { exportReferencesGraph.closure = [ whole ]; };
    in
    pkg.closureInfo.name == "closure-info" && more.closureInfo.drvPath != pkg.closureInfo.drvPath;
}
