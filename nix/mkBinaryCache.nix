{
  lib,
  stdenvNoCC,
  binary-cache-builder,
  closureInfo,
  nix,
  runCommand,
  xz,
  zstd,
}:

let
  checkArguments = import ./checkArguments.nix { inherit lib; };
  testSubstitution = import ./testSubstitution.nix {
    inherit
      lib
      closureInfo
      nix
      runCommand
      zstd
      ;
  };

  # Returns the attributes in which the derivation of a shard, one of count parts of the
  # closure, differs from that of the cache. Only the joining derivation, which merges the
  # shards, signs the cache and writes the manifest, the index page and the like, so no
  # other machine needs the secret key.
  shardAttrs = reuse: count: index: cache: {
    name = "${cache.name}-shard-${toString (index + 1)}-of-${toString count}";
    shard = { inherit index count; };
    inherit reuse;
    preferLocalBuild = false;
    secretKeyFile = null;
    writeNarListing = false;
    indexDebugInfo = false;
    index = false;
    sha256sums = false;
    manifest = false;
    derivers = [ ];
  };

  # Returns the .drv files in the string context of store paths, as inputs with their
  # build-time closures. Nix does not build outputs of these .drv files for the cache.
  drvPathsOf =
    storePaths:
    let
      context = builtins.getContext (toString storePaths);
      isDrvFile = path: context.${path} ? outputs || context.${path} ? allOutputs;
      toInput = path: builtins.appendContext path { ${path}.path = true; };
    in
    map toInput (lib.filter isDrvFile (lib.attrNames context));

  # Returns the metadata of a root for the manifest: its store path and, if it is a
  # derivation, its names, version and output.
  rootInfo =
    root:
    let
      drvAttrs = lib.optionalAttrs (lib.isDerivation root) root;
      # NB: discards the string context, which would make the metadata's store paths
      # inputs of the cache.
      stringAttr =
        name:
        let
          value = drvAttrs.${name} or null;
        in
        if lib.isString value then builtins.unsafeDiscardStringContext value else null;
    in
    {
      path = "${root}";
      name = stringAttr "name";
      pname = stringAttr "pname";
      version = stringAttr "version";
      outputName = stringAttr "outputName";
      # NB: a plain derivation with a single output has no attribute `outputs`.
      isDefaultOutput = drvAttrs.outputName or null == lib.head (drvAttrs.outputs or [ "out" ]);
    };
in

/**
  Builds a flat-file Nix binary cache: a directory with the closure of store paths, from
  which Nix substitutes them, as `--substituters file:///path/to/cache` or over HTTP.

  # Inputs

  `name` (string; default: `"binary-cache"`)
  : Name of the derivation.

  `rootPaths` (list of derivations, store paths, and lists of them)
  : Roots of the cache, included with their closure. A derivation adds its default
    output, `drv.all` all outputs, `drv.drvPath` the `.drv` file with its build-time
    closure and all outputs. Other accepted values: `docs/arguments.md`.

  `compression` (`"none"`, `"xz"` or `"zstd"`; default: `"zstd"`)
  : Compression of the NAR files.

  `compressionLevel` (integer or `null`; default: `null`)
  : zstd: 1 to 22, default 3; xz: 0 to 9, default 6. zstd levels from 11 on use the zstd
    program, lower ones a Go encoder with four settings, for levels from 1, 3, 6 and 10.

  `exclude` (list like `rootPaths`; default: `[ ]`)
  : Store paths to exclude with their closure, because the target has them.

  `reuse` (list like `rootPaths`, or of absolute paths; default: `[ ]`)
  : Previous caches. NAR files that they have for the closure are copied instead of
    compressed again.

  `deltaFrom` (list like `rootPaths`; default: `[ ]`)
  : Store paths that the target has, with their closure. They are excluded, and patches
    against them replace NAR files in the cache that are larger. The script `apply` in the
    cache makes a complete cache on the target.

  `secretKeyFile` (string or `null`; default: `null`)
  : File with the secret key from `nix key generate-secret`. It must be visible in the
    sandbox (`extra-sandbox-paths`) and should not be in the store, which is
    world-readable.

  `shards` (integer; default: `1`)
  : Number of derivations that each compress a part of the closure, for as many remote
    builders. A joining derivation merges them into the same cache as without shards.

  `priority` (integer or `null`; default: `null`)
  : `Priority` in nix-cache-info; Nix queries the substituter with the lowest value
    first.

  `wantMassQuery` (boolean; default: `false`)
  : `WantMassQuery` in nix-cache-info: Nix may query many store paths at once.

  `discardReferences` (boolean; default: `false`)
  : The store path of the cache does not protect its closure from garbage collection.
    Requires Nix 2.18: Nix 2.14 to 2.17 fail, older versions ignore it.

  `writeNarListing` (boolean; default: `false`)
  : Write a NAR listing `<hash>.ls` per store path, for tools that search for files
    without fetching NAR files.

  `indexDebugInfo` (boolean; default: `false`)
  : Write the debug info index `debuginfo/` by build ID, for debuggers that fetch debug
    info on demand.

  `index` (boolean; default: `false`)
  : Write `index.html`, a page with usage instructions and the contents of the cache.

  `manifest` (boolean; default: `false`)
  : Write `roots` (store paths), `manifest.json` (with sizes) and `default.nix`
    (`nix-build -A hello` without nixpkgs).

  `sha256sums` (boolean; default: `false`)
  : Write `SHA256SUMS`, to verify a copy with `sha256sum` without Nix.

  `derivers` (boolean; default: `false`)
  : Record the `.drv` file of each store path in its narinfo, if known; the cache then
    references these `.drv` files.

  # Type

  ```
  mkBinaryCache :: { rootPaths :: [ StorePath ], ... } -> Derivation
  ```

  # Examples

  ```nix
  { mkBinaryCache, hello }: mkBinaryCache { rootPaths = [ hello ]; }
  ```
*/
{
  name ? "binary-cache",
  rootPaths,
  compression ? "zstd",
  compressionLevel ? null,
  exclude ? [ ],
  deltaFrom ? [ ],
  reuse ? [ ],
  secretKeyFile ? null,
  shards ? 1,
  priority ? null,
  wantMassQuery ? false,
  discardReferences ? false,
  writeNarListing ? false,
  indexDebugInfo ? false,
  index ? false,
  manifest ? false,
  sha256sums ? false,
  derivers ? false,
}:

let
  checked = checkArguments {
    inherit
      name
      rootPaths
      compression
      compressionLevel
      exclude
      deltaFrom
      reuse
      secretKeyFile
      shards
      priority
      wantMassQuery
      discardReferences
      writeNarListing
      indexDebugInfo
      index
      manifest
      sha256sums
      derivers
      ;
  };

  isDelta = checked.deltaFrom != [ ];

  # The arguments that binary-cache-builder reads as attributes of the derivation.
  builderAttrs = removeAttrs checked [
    "rootPaths"
    "exclude"
    "deltaFrom"
    "shards"
    "discardReferences"
  ];
in

# NB: shards write NAR files, from which the joining derivation could not make the patches
# of deltaFrom.
lib.throwIf (isDelta && checked.shards > 1)
  "mkBinaryCache: deltaFrom and shards cannot be combined; remove one of them"
stdenvNoCC.mkDerivation (
  finalAttrs:
  let
    shards = lib.optionals (checked.shards > 1) (
      lib.genList (
        index: finalAttrs.finalPackage.overrideAttrs (shardAttrs checked.reuse checked.shards index)
      ) checked.shards
    );
    # NB: a secret key given as a path must be refused before Nix copies it to the store.
    checkedOverrides = checkArguments {
      inherit (finalAttrs) compression compressionLevel secretKeyFile;
    };
    # The packages of the xz and zstd programs, which are inputs only if the builder runs
    # them.
    compressors = {
      none = [ ];
      xz = [ xz ];
      zstd = lib.optional (
        checkedOverrides.compressionLevel != null && checkedOverrides.compressionLevel > 10
      ) zstd;
    };
  in
  builderAttrs
  // {
    # The builder reads its attributes from .attrs.json, so overrideAttrs can change them.
    __structuredAttrs = true;
    exportReferencesGraph = {
      closure = checked.rootPaths;
      inherit (checked) exclude;
    }
    // lib.optionalAttrs isDelta {
      inherit (checked) deltaFrom;
      targetTools = [ (lib.getBin zstd) ];
    };
    ${if isDelta then "targetZstd" else null} = "${lib.getBin zstd}/bin/zstd";
    reuse = shards ++ checked.reuse;
    derivers = lib.optionals checked.derivers (drvPathsOf finalAttrs.exportReferencesGraph.closure);
    roots = lib.optionals finalAttrs.manifest (
      map rootInfo (lib.flatten finalAttrs.exportReferencesGraph.closure)
    );

    # Copying the closure to another machine and the cache back takes longer than building
    # the cache on this machine.
    preferLocalBuild = true;

    # NB: Nix 2.14 to 2.17 fail if the attribute unsafeDiscardReferences exists, whatever
    # its value.
    ${if checked.discardReferences then "unsafeDiscardReferences" else null}.out = true;

    nativeBuildInputs = builtins.seq checkedOverrides.secretKeyFile (
      [ binary-cache-builder ]
      ++ compressors.${checkedOverrides.compression}
      ++ lib.optional isDelta zstd
    );

    # NB: without `|| exit`, bash 5.2 prints a line about its internals if the builder
    # fails.
    buildCommand = ''
      binary-cache-builder || exit
    '';

    passthru = {
      inherit shards;
      closureInfo = closureInfo { rootPaths = finalAttrs.exportReferencesGraph.closure; };
      tests.substitution = testSubstitution finalAttrs.finalPackage;
    };
  }
)
