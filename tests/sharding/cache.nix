# What is measured: a closure of `roots` packed by one machine, taken over from
# what that made, and packed by shards.
{
  roots,
  compression,
  run,
}:
let
  pkgs = import <nixpkgs> { overlays = [ (import <mkBinaryCache/nix/overlay.nix>) ]; };
  inherit (pkgs) lib;
  rootPaths = map (name: pkgs.${name}) (lib.splitString "," roots);
  # No run takes what another has built.
  cache =
    arguments:
    (pkgs.mkBinaryCache ({ inherit rootPaths compression; } // arguments)).overrideAttrs
      { inherit run; };
in
rec {
  inherit rootPaths;
  nothing = cache { exclude = rootPaths; };
  whole = cache { };
  joined = cache {
    name = "joined";
    reuse = [ whole ];
  };
  sharded = cache { shards = 2; };
}
