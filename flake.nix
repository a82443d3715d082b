{
  description = "Build flat-file Nix binary caches as derivations";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";

  outputs =
    { self, nixpkgs }:
    let
      eachSystem =
        f:
        nixpkgs.lib.genAttrs [
          "x86_64-linux"
          "aarch64-linux"
          "aarch64-darwin"
        ] (system: f nixpkgs.legacyPackages.${system});
      packagesFor = pkgs: import ./. { inherit pkgs; };
    in
    {
      overlays.default = import ./nix/overlay.nix;

      legacyPackages = eachSystem (pkgs: {
        inherit (packagesFor pkgs) mkBinaryCache offlineTools;
      });

      packages = eachSystem (pkgs: rec {
        inherit (packagesFor pkgs) binary-cache-builder;
        default = binary-cache-builder;
      });

      checks = eachSystem (
        pkgs:
        let
          inherit (packagesFor pkgs) binary-cache-builder mkBinaryCache offlineTools;
          inherit (nixpkgs) lib;
          substitution = arguments: (mkBinaryCache arguments).tests.substitution;
        in
        # Substitution from a cache with each compression.
        lib.genAttrs
          [
            "none"
            "xz"
            "zstd"
          ]
          (
            compression:
            substitution {
              inherit compression;
              rootPaths = [ pkgs.hello ];
            }
          )
        // {
          offlineTools = substitution {
            name = "offline-cache";
            rootPaths =
              offlineTools.flakeSources self
              ++ offlineTools.rebuildInputs pkgs.hello
              ++ offlineTools.shellInputs pkgs.hello;
          };

          nixfmt = pkgs.runCommand "nixfmt-check" { nativeBuildInputs = [ pkgs.nixfmt ]; } ''
            find ${self} -name '*.nix' -exec nixfmt --check {} +
            touch $out
          '';
        }
        // lib.optionalAttrs pkgs.stdenv.hostPlatform.isLinux {
          # The tests of the builder, which inject faults that only Linux has. Large ones need
          # no sandbox: make test runs them.
          go = binary-cache-builder.overrideAttrs (previous: {
            nativeCheckInputs = previous.nativeCheckInputs ++ [
              pkgs.nix
              pkgs.util-linux
            ];
            checkPhase = ''
              gofmt -l builder | (! grep .)
              go vet ./builder/...
              NIX_REMOTE=dummy:// go test -skip '^(TestScale|TestSameBytes.*|TestScheduling)$' ./builder/...
            '';
          });
        }
      );

      devShells = eachSystem (pkgs: {
        default = pkgs.callPackage ./nix/devShell.nix { inherit nixpkgs; };
      });

      formatter = eachSystem (pkgs: pkgs.nixfmt-tree);
    };
}
