/**
  Checks the arguments that are given and returns them as mkBinaryCache passes them to
  its derivation: store paths are resolved, and nested lists are flattened. Throws an
  error that names the invalid argument.

  # Type

  ```
  checkArguments :: { lib :: AttrSet } -> AttrSet -> AttrSet
  ```

  # Examples

  ```nix
  checkArguments { compression = "lzma"; }
  => error: mkBinaryCache: invalid compression: expected one of "none", "xz", "zstd", got "lzma"
  ```
*/
{ lib }:

let
  inherit (lib.types)
    bool
    enum
    ints
    nullOr
    path
    str
    ;

  toStorePath = import ./toStorePath.nix { inherit lib; };

  levels = {
    none = enum [ null ] // {
      description = "null when compression is \"none\"";
    };
    xz = nullOr (ints.between 0 9);
    zstd = nullOr (ints.between 1 22);
  };

  showValue =
    value:
    if builtins.isInt value then
      toString value
    else if lib.isStringLike value then
      "\"${toString value}\""
    else
      "a value of type ${builtins.typeOf value}";

  assertArg =
    isValid: what: expected: value:
    lib.throwIfNot isValid "mkBinaryCache: invalid ${what}: expected ${expected}, got ${showValue value}";

  ofType =
    type: what: value:
    assertArg (type.check value) what type.description value value;

  # A single value is a list of one, as in exportReferencesGraph.
  listOf =
    check: what: value:
    map (check "element of ${what}") (lib.flatten value);

  # Derivations stay what they are, for rootInfo.
  storePath =
    what: value:
    let
      resolved = toStorePath what value;
      expected = "a derivation or store path (hello, hello.dev, \"\${hello}\")";
    in
    if lib.isDerivation value then
      value
    else
      assertArg (resolved != null) what expected value resolved.storePath;

  # A string outside of the store is passed unchanged: only the builder sees its target.
  previousCache =
    what: value:
    let
      resolved = toStorePath what value;
      isValid = resolved != null && !lib.hasSuffix ".drv" resolved.storePath;
    in
    if lib.isString value && !lib.hasPrefix "${builtins.storeDir}/" value then
      ofType path what value
    else
      assertArg isValid what path.description value (resolved.storePath + resolved.subPath);

  secretKey = path // {
    check = value: lib.isString value && path.check value;
    description = "absolute path as a string, not a path: Nix would copy the key into the world-readable store";
  };
in

arguments:
let
  checked = lib.mapAttrs (argument: checks.${argument} argument) arguments;

  checks = {
    name = ofType str;
    rootPaths = listOf storePath;
    compression = ofType (enum (lib.attrNames levels));
    compressionLevel = ofType levels.${checked.compression};
    exclude = listOf storePath;
    deltaFrom = listOf storePath;
    reuse = listOf previousCache;
    secretKeyFile = ofType (nullOr secretKey);
    shards = ofType ints.positive;
    priority = ofType (nullOr ints.s32);
    wantMassQuery = ofType bool;
    discardReferences = ofType bool;
    writeNarListing = ofType bool;
    indexDebugInfo = ofType bool;
    index = ofType bool;
    manifest = ofType bool;
    sha256sums = ofType bool;
    derivers = ofType bool;
  };
in
checked
