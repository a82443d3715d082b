# Two caches with an index page: one has few files, the other has all kinds of files.
{
  secretKeyFile ? null,
}:
let
  pkgs = import <mkBinaryCache/tests/packages.nix>;
in
rec {
  path = "${pkgs.fixtures.multi.dev}"; # not content-addressed: it needs a signature
  cache = pkgs.mkBinaryCache {
    rootPaths = [ path ];
    index = true;
    inherit secretKeyFile;
  };
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
