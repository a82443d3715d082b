# What the tests evaluate: nixpkgs with mkBinaryCache, and store paths of every
# kind as `fixtures`.
import <nixpkgs> {
  overlays = [
    (import ../nix/overlay.nix)
    (final: _: { fixtures = import ./fixtures { inherit (final) lib runCommandLocal; }; })
  ];
}
