# The packages, as a function of the finished set of them.
{
  lib,
  system,
  config,
}:
pkgs:
let
  inherit (pkgs) callPackage;

  # Which packages there are must be known without any of them.
  debian = import ./debian { inherit lib pkgs; };
  helpers = import ./build-support { inherit lib pkgs; };
in
# Debian's packages come first, so that what else is called `go` or `bash` wins.
debian
// helpers
// {
  # Nothing is cross-compiled here.
  buildPackages = pkgs;

  # Parts of the machine that ran tests/setup.
  hostParts = lib.mapAttrs (_: import ./require-file.nix) (lib.importJSON ./host.json);
  inherit (pkgs.hostParts) bash;
  bashInteractive = callPackage ./bash-interactive.nix { inherit (debian) bash; };
  busybox = callPackage ./stdenv/busybox.nix { inherit (pkgs.hostParts) busybox; };
  cacert = callPackage ./cacert { bundle = pkgs.hostParts.cacert; };

  stdenv = callPackage ./stdenv { cc = callPackage ./stdenv/cc.nix { }; };
  stdenvNoCC = pkgs.stdenv.override {
    cc = null;
    hasCC = false;
  };

  go = callPackage ./go { inherit (pkgs.hostParts) go; };
  buildGoModule = callPackage ./go/module.nix { };

  # They cannot be had here, but a flake's formatter must evaluate.
  nixfmt = helpers.missing "nixfmt";
  nixfmt-tree = helpers.missing "nixfmt-tree";
}
