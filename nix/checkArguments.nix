/**
  Returns those arguments of mkBinaryCache that are given, as its derivation has
  them, and throws an error that names the argument that is not what it must be.
  Paths are copied to the store, and lists in lists are one list.

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
    lib.throwIfNot isRight "mkBinaryCache: ${what} must be ${should}, but it is ${show value}" value;

  ofType =
    type: argument: value:
    require (type.check value) argument type.description value;

  listOf =
    type: argument: value:
    map (ofType type "each of ${argument}") (require (lib.isList value) argument "a list" value);

  # One by itself is a list of one, as it is in exportReferencesGraph.
  storePaths = argument: value: map (toStorePath "each of ${argument}") (lib.flatten value);

  # A path is copied to the store, as everywhere in Nix.
  toStorePath =
    what: value:
    let
      storePath = if builtins.isPath value then "${value}" else value;
    in
    require (lib.isStorePath storePath) what
      "a derivation or a store path, such as hello, hello.dev or \"\${hello}\""
      storePath;
in

arguments:
let
  checked = lib.mapAttrs (argument: checks.${argument} argument) arguments;

  checks = {
    name = ofType str;
    rootPaths = storePaths;
    compression = ofType (enum (lib.attrNames levels));
    compressionLevel = ofType (nullOr levels.${checked.compression});
    exclude = storePaths;
    reuse = listOf path;
    secretKeyFile = ofType (nullOr path);
    shards = ofType ints.positive;
    priority = ofType (nullOr ints.s32);
    wantMassQuery = ofType bool;
    discardReferences = ofType bool;
    writeNarListing = ofType bool;
    indexDebugInfo = ofType bool;
    index = ofType bool;
    derivers = ofType bool;
  };
in
checked
