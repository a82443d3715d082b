# What the benchmark packs. `W1.zstd` and so on build to the .attrs.json that Nix
# gives to the builder of such a cache.
let
  pkgs = import ../packages.nix;

  attrsOf =
    rootPaths: settings:
    pkgs.runCommandLocal "attrs.json" (
      {
        __structuredAttrs = true;
        exportReferencesGraph.closure = rootPaths;
      }
      // settings
    ) ''cp "$NIX_BUILD_TOP/.attrs.json" "$out"'';

  each = rootPaths: {
    none = attrsOf rootPaths { compression = "none"; };
    zstd = attrsOf rootPaths { compression = "zstd"; };
    xz = attrsOf rootPaths { compression = "xz"; };
    reuse = attrsOf rootPaths { reuse = [ before ]; };
  };

  standard =
    emacs: with pkgs; [
      hello
      curl
      emacs
      htop
    ];

  # A cache of W1 from before a change.
  before = pkgs.mkBinaryCache { rootPaths = standard (pkgs.emacs-nox.overrideAttrs { before = true; }); };
in
builtins.mapAttrs (_: each) {
  warmup = [ pkgs.hello ];
  W1 = standard pkgs.emacs-nox;
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
