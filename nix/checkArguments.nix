/**
  Checks arguments of mkBinaryCache and returns them as its derivation gets them: values
  other than derivations are resolved to store paths, and nested lists are flattened.
  Throws an error that names an invalid argument.

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

  # Treats a value that is not a list as a list of one element, as exportReferencesGraph
  # does.
  listOf =
    check: what: value:
    map (check "element of ${what}") (lib.flatten value);

  # Returns a derivation unchanged, because rootInfo in mkBinaryCache.nix reads its
  # attributes.
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

  # Returns a string with a path outside of the store unchanged: the builder, not
  # evaluation, reads the previous cache at that path.
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
