# A cache with a page, of a store path that needs a signature.
{
  secretKeyFile ? null,
}:
let
  pkgs = import <mkBinaryCache/tests/packages.nix>;
in
rec {
  path = "${pkgs.fixtures.multi.dev}";
  cache = pkgs.mkBinaryCache {
    rootPaths = [ path ];
    index = true;
    inherit secretKeyFile;
  };
  # With files of every kind.
  everything = cache.overrideAttrs {
    exportReferencesGraph.closure = [
      path
      pkgs.fixtures.debugInfo
    ];
    writeNarListing = true;
    indexDebugInfo = true;
    manifest = true;
    sha256sums = true;
  };
}
