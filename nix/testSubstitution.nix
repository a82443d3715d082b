/**
  Returns a test of a cache: Nix takes all that is in it into an empty store, and
  there finds the closure of the roots, the same bit for bit. What is excluded comes
  first, from a cache of its own. If the cache is signed, the signatures must be
  good; for that, the test must see the key, as the cache does.

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
}:

cache:
let
  graph = cache.exportReferencesGraph;
  exclude = lib.toList graph.exclude or [ ];

  excluded = cache.overrideAttrs {
    name = "${cache.name}-excluded";
    exportReferencesGraph = graph // {
      closure = exclude;
      exclude = [ ];
    };
    reuse = [ ];
    compression = "none";
    compressionLevel = null;
  };
  caches = lib.optional (exclude != [ ]) excluded ++ [ cache ];

  all = closureInfo { rootPaths = lib.toList graph.closure ++ exclude; };

  isSigned = cache.secretKeyFile != null;
in
runCommand "${cache.name}-substitution" { nativeBuildInputs = [ nix ]; } ''
  export HOME=$PWD NIX_CONF_DIR=$PWD NIX_STATE_DIR=$PWD/state LC_ALL=C
  export NIX_REMOTE=local?root=$PWD/target

  # NB: where the builder is root, Nix looks for build users, and there are none.
  printf '%s\n' 'experimental-features = nix-command' 'build-users-group =' >nix.conf
  ${
    if isSigned then
      ''
        key=$(nix --offline key convert-secret-to-public <${cache.secretKeyFile})
        echo "trusted-public-keys = $key" >>nix.conf
      ''
    else
      ''
        echo "require-sigs = false" >>nix.conf
      ''
  }
  # Evaluation substitutes store paths of all kinds, also .drv files.
  for cache in ${toString caches}; do
    echo "[" >paths.nix
    find "$cache" -name '*.narinfo' -exec sed -n 's|^StorePath: \(.*\)|(builtins.storePath "\1")|p' {} + >>paths.nix
    echo "]" >>paths.nix
    nix-instantiate --eval --strict --read-write-mode --option substituters "file://$cache" paths.nix >evaluated
  done
  nix --offline store verify --all ${lib.optionalString (!isSigned) "--no-trust"}

  sort ${all}/store-paths >expected
  nix --offline path-info --all | sort >found
  diff -u expected found

  xargs -r nix --offline hash path <expected | paste expected - >expected-hashes
  sed "s|.*/|$PWD/target/nix/store/|" found | xargs -r nix --offline hash path | paste found - >found-hashes
  diff -u expected-hashes found-hashes

  touch $out
''
