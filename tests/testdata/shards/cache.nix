# The cache in shards of docs/arguments.md, for builders with the feature "shard",
# and the same cache whole.
{ file, count }:
let
  pkgs = import <nixpkgs> { overlays = [ (import <mkBinaryCache/nix/overlay.nix>) ]; };
  cache = shards: pkgs.callPackage (/. + file) { inherit shards; };
in
rec {
  whole = cache 1;
  joined = (cache count).overrideAttrs (old: {
    # A shard that is all but done waits until it may go on, where its builder has
    # a fifo to wait at.
    buildCommand = old.buildCommand + ''
      if [ -p /machine/hold ]; then
        exec 3</machine/hold
        echo "$name holds" >&2
        read -r <&3
      fi
    '';
    # What was built is not built again, unless it is this test's own.
    test = builtins.getEnv "TEST";
  });
  inherit (joined) shards;
}
