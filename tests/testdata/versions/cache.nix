# TestVersions builds this cache with each version of Nix.
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
    # A new attribute value in each test run makes Nix build this derivation again.
    test = builtins.getEnv "TEST";
  });
}
