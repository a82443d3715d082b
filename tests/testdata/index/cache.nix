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
}
