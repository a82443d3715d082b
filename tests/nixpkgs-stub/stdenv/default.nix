# The standard environment: a shell, a PATH, and setup.sh, which builders source.
{
  lib,
  system,
  bash,
  busybox,
}:
let
  shell = "${bash}/bin/bash";

  # Busybox with a symlink for each applet: a build has no other Unix tools.
  program = "${busybox}/bin/busybox";
  tools = derivation {
    inherit system;
    name = "busybox-links-${busybox.version}";
    builder = program;
    args = [
      "sh"
      "-c"
      "${program} mkdir -p $out/bin && ${program} --install -s $out/bin"
    ];
  };

  drv = derivation {
    name = "stdenv-linux";
    inherit system shell;
    builder = shell;
    initialPath = "${bash} ${tools}";
    PATH = "${tools}/bin";
    setup = ./setup.sh;
    args = [
      "-ec"
      ''
        mkdir -p $out
        { echo "export SHELL=$shell initialPath='$initialPath'"; cat $setup; } >$out/setup
      ''
    ];
  };

  kernel = lib.last (lib.splitString "-" system);
  platform = {
    inherit system;
    isLinux = kernel == "linux";
    isDarwin = kernel == "darwin";
  };
in
drv
// {
  inherit shell;
  buildPlatform = platform;
  hostPlatform = platform;
  targetPlatform = platform;
  mkDerivation = import ./make-derivation.nix { inherit lib shell system; } drv;
}
