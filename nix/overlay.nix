# Adds both packages, for nixpkgs' own way of putting packages together: what
# they depend on comes from the final package set, spliced for cross compilation.
final: prev: {
  binary-cache-builder = final.callPackage ./builder.nix { };
  mkBinaryCache = final.callPackage ./mkBinaryCache.nix { };
}
