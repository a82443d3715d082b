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
  rootOf = import ./rootOf.nix { inherit lib; };
  derivationsOf = import ./derivationsOf.nix { inherit lib; };
  testSubstitution = import ./testSubstitution.nix {
    inherit
      lib
      closureInfo
      nix
      runCommand
      ;
  };

  # The attributes of one of count shards, over those of the whole cache: some of
  # the work, done anywhere. What the join does again is left to it, such as
  # signing, for which no other machine needs the key.
  toShard = reuse: count: index: whole: {
    name = "${whole.name}-shard-${toString (index + 1)}-of-${toString count}";
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
in

/**
  Make a flat-file Nix binary cache: a directory that holds the transitive
  closure of store paths and that Nix substitutes from, as
  `--substituters file:///path/to/cache` or served by any web server.

  # Inputs

  `name` (string; default: `"binary-cache"`)
  : Name of the derivation.

  `rootPaths` (list of derivations, store paths, and lists of them)
  : What the cache is to hold, with all that it refers to. A derivation stands
    for its default output; `drv.all` for all of its outputs; `drv.drvPath` for
    the `.drv` file with all that it takes to build it, and all outputs. What else
    names a store path, such as a link to one, is in `docs/arguments.md`.

  `compression` (`"none"`, `"xz"` or `"zstd"`; default: `"zstd"`)
  : How the NARs are compressed.

  `compressionLevel` (integer or `null`; default: `null`)
  : On the scale of the compression: 1 to 22 for zstd, 0 to 9 for xz. Without one,
    it is what the tools take: 3 and 6. From 11 on, the zstd tool does the work;
    below, an encoder that has four levels, which start at 1, 3, 6 and 10.

  `exclude` (list like `rootPaths`; default: `[ ]`)
  : What to leave out, with all that it refers to, because the target has it.

  `reuse` (list like `rootPaths`, or of absolute paths; default: `[ ]`)
  : Earlier caches. What they have of the closure is copied instead of compressed.

  `secretKeyFile` (string or `null`; default: `null`)
  : File with the key to sign with, from `nix key generate-secret`. It must be
    visible in the sandbox (`extra-sandbox-paths`) and should not be in the store,
    where everybody can read it.

  `shards` (integer; default: `1`)
  : How many derivations share the work, to be built by as many machines; one
    more joins what they made, which is the same cache as without.

  `priority` (integer or `null`; default: `null`)
  : Priority of the cache as a substituter, the lowest first.

  `wantMassQuery` (boolean; default: `false`)
  : Whether Nix may ask this cache for many store paths at once.

  `discardReferences` (boolean; default: `false`)
  : Whether the cache stops keeping its closure alive in the store that it is
    built in. Needs Nix 2.18: 2.14 to 2.17 fail, older ones ignore it.

  `writeNarListing` (boolean; default: `false`)
  : Whether to list the files of each store path in `<hash>.ls`, for tools that
    look for a file without fetching anything.

  `indexDebugInfo` (boolean; default: `false`)
  : Whether to index debug info by build ID in `debuginfo`, for debuggers that
    fetch it when they need it.

  `index` (boolean; default: `false`)
  : Whether to write `index.html`, a page that tells how to use the cache and
    shows what is in it.

  `manifest` (boolean; default: `false`)
  : Whether to name the `rootPaths` in the cache: in `roots`, a list of store paths;
    in `manifest.json`, with sizes; and in `default.nix`, for `nix-build -A hello`
    where there is no nixpkgs.

  `sha256sums` (boolean; default: `false`)
  : Whether to write `SHA256SUMS`, by which `sha256sum` checks a copy of the cache
    where there is no Nix.

  `derivers` (boolean; default: `false`)
  : Whether to name the `.drv` file that made a store path, where it is known. The
    cache then refers to these files.

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

  # All but these are attributes of the derivation.
  settings = removeAttrs checked [
    "rootPaths"
    "exclude"
    "shards"
    "discardReferences"
  ];
in

stdenvNoCC.mkDerivation (
  finalAttrs:
  let
    shards = lib.optionals (checked.shards > 1) (
      lib.genList (
        index: finalAttrs.finalPackage.overrideAttrs (toShard checked.reuse checked.shards index)
      ) checked.shards
    );
    # NB: a key that is a path must be refused before Nix copies it to the store.
    overridden = checkArguments {
      inherit (finalAttrs) compression compressionLevel secretKeyFile;
    };
    # What compresses, where the builder does not do it itself.
    tools = {
      none = [ ];
      xz = [ xz ];
      zstd = lib.optional (overridden.compressionLevel != null && overridden.compressionLevel > 10) zstd;
    };
  in
  settings
  // {
    # Every setting of the builder is an attribute, which it reads from
    # .attrs.json; so overrideAttrs changes them like arguments.
    __structuredAttrs = true;
    exportReferencesGraph = {
      closure = checked.rootPaths;
      inherit (checked) exclude;
    };
    reuse = shards ++ checked.reuse;
    derivers = lib.optionals checked.derivers (
      derivationsOf finalAttrs.exportReferencesGraph.closure
    );
    roots = lib.optionals finalAttrs.manifest (
      map rootOf (lib.flatten finalAttrs.exportReferencesGraph.closure)
    );

    # Much to read and write and little to compute: moving the closure to another
    # machine and the cache back would take longer than building it here.
    preferLocalBuild = true;

    # NB: Nix 2.14 to 2.17 fail where the attribute is there at all.
    ${if checked.discardReferences then "unsafeDiscardReferences" else null}.out = true;

    nativeBuildInputs = builtins.seq overridden.secretKeyFile (
      [ binary-cache-builder ] ++ tools.${overridden.compression}
    );

    # NB: where the shell itself ends after an error, bash 5.2 adds a line on its insides.
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
