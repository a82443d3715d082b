/**
  Overlay with binary-cache-builder, offlineTools and mkBinaryCache, which replaces
  nixpkgs' function of that name. The dependencies of all three come from the final
  package set, spliced for cross compilation.

  # Type

  ```
  overlay :: Pkgs -> Pkgs -> {
    binary-cache-builder :: Derivation;
    mkBinaryCache :: AttrSet -> Derivation;
    offlineTools :: AttrSet;
  }
  ```

  # Examples

  ```nix
  import <nixpkgs> { overlays = [ (import ./mkBinaryCache/nix/overlay.nix) ]; }
  ```
*/
final: prev: {
  binary-cache-builder = final.callPackage ./builder.nix {
    source = import ./source.nix { inherit (final) lib; };
  };
  mkBinaryCache = final.callPackage ./mkBinaryCache.nix { };
  offlineTools = final.callPackage ./offlineTools { };
}
