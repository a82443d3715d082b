# The sharded cache of docs/arguments.md, for remote builders with the system feature
# "shard", and the same cache without shards.
{ file, count }:
let
  pkgs = import <nixpkgs> { overlays = [ (import <mkBinaryCache/nix/overlay.nix>) ]; };
  cache = shards: pkgs.callPackage (/. + file) { inherit shards; };
in
rec {
  unsharded = cache 1;
  joined = (cache count).overrideAttrs (old: {
    # A shard on a remote builder of the test waits at the builder's gate, a fifo, before
    # it ends.
    buildCommand = old.buildCommand + ''
      if [ -p /machine/gate ]; then
        exec 3</machine/gate
        echo "$name waits" >&2
        read -r <&3
      fi
    '';
    # A new attribute value in each test run makes Nix build this derivation again.
    test = builtins.getEnv "TEST";
  });
  inherit (joined) shards;
}
