# The workloads of the benchmark. `W1.zstd` and so on build the .attrs.json that Nix
# passes to the builder of such a cache.
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
    reuse = attrsOf rootPaths { reuse = [ previous ]; };
  };

  standard =
    emacs: with pkgs; [
      hello
      curl
      emacs
      htop
    ];

  # A previous cache of W1, with another Emacs.
  previous = pkgs.mkBinaryCache { rootPaths = standard (pkgs.emacs-nox.overrideAttrs { previous = true; }); };
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
