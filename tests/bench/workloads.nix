# The workloads of the benchmark. `W1.zstd`, for example, builds the .attrs.json that Nix
# passes to the builder of a zstd cache of W1.
let
  pkgs = import ../packages.nix;

  # Caches of a release, for targets that have the previous release.
  update =
    lastRelease: rootPaths:
    let
      attrs =
        graphs:
        attrsOf rootPaths {
          compression = "zstd";
          exportReferencesGraph = {
            closure = rootPaths;
          }
          // graphs;
        };
    in
    {
      zstd = attrs { };
      exclude = attrs { exclude = lastRelease; };
      deltaFrom = attrs { deltaFrom = lastRelease; };
    };

  # A rebuild: every store path has another hash, and its files differ only in hashes.
  rebuilt = pkgs.extend (
    _: prev: { runCommand = name: env: prev.runCommand name (env // { rebuilt = true; }); }
  );
  debian13 = import ../../.cache/updates/nixpkgs { };
  go = release: builtins.storePath (../../.cache/updates + "/go-${release}");

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
    pkgs: emacs: with pkgs; [
      hello
      curl
      emacs
      htop
    ];

  # A previous cache of W1, with another Emacs.
  previous = pkgs.mkBinaryCache { rootPaths = standard pkgs (pkgs.emacs-nox.overrideAttrs { previous = true; }); };
in
builtins.mapAttrs (_: each) {
  warmup = [ pkgs.hello ];
  W1 = standard pkgs pkgs.emacs-nox;
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
// {
  # The PATH of nixpkgs' script.
  tools = pkgs.writeText "tools" (
    pkgs.lib.makeBinPath (
      with pkgs;
      [
        bash
        coreutils
        nix
        python3
        xz
        zstd
      ]
    )
  );

  U1 = update (standard rebuilt rebuilt.emacs-nox) (standard pkgs pkgs.emacs-nox);
  U2 = update [ (go "old") ] [ (go "new") ];
  U3 = update (standard pkgs pkgs.emacs-nox) (standard debian13 debian13.emacs-nox);
}
