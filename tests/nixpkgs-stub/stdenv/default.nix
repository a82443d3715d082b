# The standard environment: a shell, a PATH and setup.sh, which builds source
# mkDerivation.
{
  lib,
  config,
  system,
  bash,
  busybox,
  cc,
  hasCC ? true,
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
    defaultNativeBuildInputs = lib.optional hasCC cc;
  };

  stdenv = drv // {
    inherit shell cc hasCC;
    buildPlatform = platform;
    hostPlatform = platform;
    targetPlatform = platform;
    inherit (platform) isLinux isDarwin;
    mkDerivation = import ./make-derivation.nix { inherit lib config; } stdenv;
  };
in
stdenv
