{
  lib,
  stdenvNoCC,
  binary-cache-builder,
  xz,
}:

let
  compressions = [
    "none"
    "xz"
    "zstd"
  ];

  checkCompression =
    compression:
    lib.throwIfNot (lib.elem compression compressions)
      "mkBinaryCache: compression must be one of ${lib.concatStringsSep ", " compressions}, but it is ${show compression}"
      compression;

  checkRoots =
    roots:
    lib.throwIfNot (lib.isList roots)
      "mkBinaryCache: rootPaths must be a list of derivations and store paths, but it is ${show roots}"
      (map toStorePath (lib.flatten roots));

  # A path is copied to the store, as everywhere in Nix.
  toStorePath =
    root:
    let
      storePath = if builtins.isPath root then "${root}" else root;
    in
    lib.throwIfNot (lib.isStorePath storePath)
      "mkBinaryCache: rootPaths must hold derivations and store paths (such as hello, hello.dev or \"\${hello}\"), but one of them is ${show root}"
      storePath;

  show =
    value:
    if lib.isStringLike value then ''"${toString value}"'' else "a value of type ${builtins.typeOf value}";
in

/**
  Make a flat-file Nix binary cache: a directory that holds the transitive
  closure of store paths and that Nix substitutes from, as
  `--substituters file:///path/to/cache` or served by any web server.

  # Inputs

  `name` (string; default: `"binary-cache"`)
  : Name of the derivation.

  `compression` (`"none"`, `"xz"` or `"zstd"`; default: `"zstd"`)
  : How the NARs are compressed.

  `rootPaths` (list of derivations, store paths, and lists of them)
  : What the cache is to hold, with all that it refers to. A derivation stands
    for its default output; `drv.all` for all of its outputs; `drv.drvPath` for
    the `.drv` file with all that it takes to build it, and all outputs.

  # Type

  ```
  mkBinaryCache :: { name ? String, compression ? String, rootPaths :: [ StorePath ] } -> Derivation
  ```

  # Examples

  ```nix
  { mkBinaryCache, hello }: mkBinaryCache { rootPaths = [ hello ]; }
  ```
*/
{
  name ? "binary-cache",
  compression ? "zstd",
  rootPaths,
}:

stdenvNoCC.mkDerivation (finalAttrs: {
  inherit name compression;

  # Every setting of the builder is an attribute, which it reads from
  # .attrs.json; so overrideAttrs changes them like arguments.
  __structuredAttrs = true;
  exportReferencesGraph.closure = checkRoots rootPaths;

  # Much to read and write and little to compute: moving the closure to another
  # machine and the cache back would take longer than building it here.
  preferLocalBuild = true;

  nativeBuildInputs = [
    binary-cache-builder
  ]
  ++ lib.optional (checkCompression finalAttrs.compression == "xz") xz;

  buildCommand = ''
    binary-cache-builder
  '';

  meta.description = "Nix binary cache, to be used as a substituter";
})
