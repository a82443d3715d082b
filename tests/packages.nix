# The packages of the tests: nixpkgs with mkBinaryCache and `fixtures`, store paths of
# every kind.
import <nixpkgs> {
  overlays = [
    (import ../nix/overlay.nix)
    (final: _: { fixtures = import ./fixtures { inherit (final) lib runCommandLocal; }; })
  ];
}
