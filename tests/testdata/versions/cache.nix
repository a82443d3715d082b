# A cache that each Nix builds for itself.
let
  pkgs = import <mkBinaryCache/tests/packages.nix>;
  fixtures = removeAttrs pkgs.fixtures [ "tiny" ];
in
rec {
  roots = [ pkgs.hello ] ++ fixtures.multi.all ++ builtins.attrValues fixtures;
  paths = map (root: "${root}") roots;
  cache = (pkgs.mkBinaryCache { rootPaths = roots; }).overrideAttrs (old: {
    name = "binary-cache-by-nix-${builtins.nixVersion}";
    buildCommand = ''
      [ "$NIX_BUILD_TOP" = /build ] # in a sandbox
    ''
    + old.buildCommand;
    # What was built is not built again, unless it is this test's own.
    test = builtins.getEnv "TEST";
  });
}
