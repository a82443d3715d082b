# What the benchmark packs. `W1.zstd` and so on build to the .attrs.json that Nix
# gives to the builder of such a cache.
let
  pkgs = import <nixpkgs> { };

  attrsOf =
    rootPaths: compression:
    pkgs.runCommandLocal "attrs.json" {
      __structuredAttrs = true;
      exportReferencesGraph.closure = rootPaths;
      inherit compression;
    } ''cp "$NIX_BUILD_TOP/.attrs.json" "$out"'';

  each = rootPaths: {
    none = attrsOf rootPaths "none";
    zstd = attrsOf rootPaths "zstd";
    xz = attrsOf rootPaths "xz";
  };
in
builtins.mapAttrs (_: each) {
  warmup = [ pkgs.hello ];
  W1 = with pkgs; [
    hello
    curl
    emacs-nox
    htop
  ];
  W2 = [ (pkgs.fixtures.tiny 2001) ];
  W3 = [ pkgs.go ];
  W4 = map (name: pkgs.${name}) [
    "clang-14"
    "libreoffice-core"
    "llvm-14-dev"
    "openjdk-17-jdk-headless"
    "python3-scipy"
  ];
  W5 = import ./small-files.nix { inherit pkgs; };
}
