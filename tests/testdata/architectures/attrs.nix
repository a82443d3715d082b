# The .attrs.json of a cache with each compression, as Nix passes it to the builder.
let
  pkgs = import <mkBinaryCache/tests/packages.nix>;
  fixtures = removeAttrs pkgs.fixtures [ "tiny" ];
  attrsOf =
    compression:
    (pkgs.mkBinaryCache {
      inherit compression;
      rootPaths = [ pkgs.hello ] ++ fixtures.multi.all ++ builtins.attrValues fixtures;
      writeNarListing = true;
      indexDebugInfo = true;
      sha256sums = true;
      manifest = true;
      index = true;
    }).overrideAttrs
      { buildCommand = ''cp "$NIX_BUILD_TOP/.attrs.json" "$out"''; };
in
pkgs.lib.genAttrs [ "none" "xz" "zstd" ] attrsOf
