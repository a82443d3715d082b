/**
  Returns those arguments of mkBinaryCache that are given, as its derivation has
  them, and throws an error that names the argument that is not what it must be.
  What names a store path is that store path, and lists in lists are one list.

  # Type

  ```
  checkArguments :: { lib :: AttrSet } -> AttrSet -> AttrSet
  ```

  # Examples

  ```nix
  checkArguments { compression = "lzma"; }
  => error: mkBinaryCache: compression must be one of "none", "xz", "zstd", but it is "lzma"
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
    none = enum [ ] // {
      description = "nothing else without compression";
    };
    xz = ints.between 0 9;
    zstd = ints.between 1 22;
  };

  show =
    value:
    if builtins.isInt value then
      toString value
    else if lib.isStringLike value then
      ''"${toString value}"''
    else
      "a value of type ${builtins.typeOf value}";

  require =
    isRight: what: should: value:
    lib.throwIfNot isRight "mkBinaryCache: ${what} must be ${should}, but it is ${show value}";

  ofType =
    type: argument: value:
    require (type.check value) argument type.description value value;

  # One by itself is a list of one, as it is in exportReferencesGraph.
  eachOf = check: argument: value: map (check "each of ${argument}") (lib.flatten value);

  # What is below a store path stands for it.
  storePath =
    what: value:
    let
      named = toStorePath what value;
      should = "a derivation or a store path, such as hello, hello.dev or \"\${hello}\"";
    in
    if lib.isDerivation value then
      value
    else
      require (named != null) what should value named.storePath;

  # Only the builder sees what is outside of the store.
  earlierCache =
    what: value:
    let
      named = toStorePath what value;
      isRight = named != null && !lib.hasSuffix ".drv" named.storePath;
    in
    if lib.isString value && !lib.hasPrefix "${builtins.storeDir}/" value then
      ofType path what value
    else
      require isRight what path.description value (named.storePath + named.below);

  # A key that evaluation copies to the store is no secret any more.
  secretKey = path // {
    check = value: lib.isString value && path.check value;
    description = "absolute path in a string, because Nix copies other paths to the store, where everybody can read the key";
  };
in

arguments:
let
  checked = lib.mapAttrs (argument: checks.${argument} argument) arguments;

  checks = {
    name = ofType str;
    rootPaths = eachOf storePath;
    compression = ofType (enum (lib.attrNames levels));
    compressionLevel = ofType (nullOr levels.${checked.compression});
    exclude = eachOf storePath;
    reuse = eachOf earlierCache;
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
