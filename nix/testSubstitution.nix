/**
  Returns a derivation that tests a cache: it substitutes all store paths of the cache
  into an empty store and compares them, bit for bit, with the closure of the roots. The
  test first substitutes the excluded store paths, from a separate cache; with
  `deltaFrom`, the script `apply` then makes a complete cache. If the cache is signed, the
  test verifies the signatures; like the cache, it needs the secret key visible in the
  sandbox.

  # Type

  ```
  testSubstitution :: { ... } -> Derivation -> Derivation
  ```
*/
{
  lib,
  closureInfo,
  nix,
  runCommand,
  zstd,
}:

cache:
let
  graph = cache.exportReferencesGraph;
  exclude = lib.toList graph.exclude or [ ] ++ lib.toList graph.deltaFrom or [ ];

  excluded = cache.overrideAttrs {
    name = "${cache.name}-excluded";
    exportReferencesGraph =
      removeAttrs graph [
        "deltaFrom"
        "targetTools"
      ]
      // {
        closure = exclude;
        exclude = [ ];
      };
    reuse = [ ];
    compression = "none";
    compressionLevel = null;
  };
  isDelta = graph ? deltaFrom;
  caches = lib.optional (exclude != [ ]) excluded ++ [ (if isDelta then "complete" else cache) ];

  expectedClosure = closureInfo { rootPaths = lib.toList graph.closure ++ exclude; };

  # The cache has the closure of the zstd program, unless the target has a zstd program.
  tools = closureInfo { rootPaths = lib.toList graph.targetTools; };

  isSigned = cache.secretKeyFile != null;
in
runCommand "${cache.name}-substitution" { nativeBuildInputs = [ nix ] ++ lib.optional isDelta zstd; } ''
  export HOME=$PWD NIX_CONF_DIR=$PWD NIX_STATE_DIR=$PWD/state LC_ALL=C
  export NIX_REMOTE=local?root=$PWD/target

  # NB: if this test runs as root, Nix looks for build users, which the sandbox does not
  # have.
  printf '%s\n' 'experimental-features = nix-command' 'build-users-group =' >nix.conf
  trust="${
    if isSigned then
      "trusted-public-keys = $(nix --offline key convert-secret-to-public <${lib.escapeShellArg cache.secretKeyFile})"
    else
      "require-sigs = false"
  }"
  echo "$trust" >>nix.conf

  # builtins.storePath substitutes its argument and the closure of it, which may include
  # .drv files.
  for cache in ${toString caches}; do
    if [ "$cache" = complete ]; then
      sh ${cache}/apply complete
      cache=$PWD/complete
    fi
    echo "[" >paths.nix
    find "$cache" -name '*.narinfo' -exec sed -n 's|^StorePath: \(.*\)|(builtins.storePath "\1")|p' {} + >>paths.nix
    echo "]" >>paths.nix
    nix-instantiate --eval --strict --read-write-mode --option substituters "file://$cache" paths.nix >evaluated
  done
  nix --offline store verify --all ${lib.optionalString (!isSigned) "--no-trust"}

  ${lib.optionalString isDelta ''
    while read -r path; do
      hash=''${path##*/}
      [ ! -e "${cache}/''${hash%%-*}.narinfo" ] || echo "$path"
    done <${tools}/store-paths >tools
  ''}
  sort -u ${expectedClosure}/store-paths ${lib.optionalString isDelta "tools"} >expected
  nix --offline path-info --all | sort >found
  diff -u expected found

  xargs -r nix --offline hash path <expected | paste expected - >expected-hashes
  sed "s|.*/|$PWD/target/nix/store/|" found | xargs -r nix --offline hash path | paste found - >found-hashes
  diff -u expected-hashes found-hashes

  touch $out
''
