# The standard environment: a shell, a PATH and setup.sh, which builds source
# mkDerivation. There is no C compiler in it.
{
  lib,
  config,
  system,
  bash,
  busybox,
}:
let
  shell = "${bash}/bin/bash";

  platform = import ./platform.nix { inherit lib system; };

  drv = derivation {
    name = "stdenv-linux";
    inherit system;
    builder = shell;
    args = [ ./builder.sh ];
    phases = ./phases.sh;
    setup = ./setup.sh;
    inherit shell;
    initialPath = [
      bash
      busybox
    ];
  };

  stdenv = drv // {
    inherit shell;
    hasCC = false;
    cc = throw "the stand-in nixpkgs has no C compiler";
    buildPlatform = platform;
    hostPlatform = platform;
    targetPlatform = platform;
    inherit (platform) isLinux isDarwin;
    mkDerivation = import ./make-derivation.nix { inherit lib config; } stdenv;
    override = _: stdenv;
  };
in
stdenv
