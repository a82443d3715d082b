/**
  Adds mkBinaryCache, its builder and offlineTools to nixpkgs, in the place of
  nixpkgs' own mkBinaryCache. What they depend on comes from the final package set,
  spliced for cross compilation.

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
  binary-cache-builder = final.callPackage ./builder.nix { };
  mkBinaryCache = final.callPackage ./mkBinaryCache.nix { };
  offlineTools = final.callPackage ./offlineTools { };
}
