{ lib, system }:
let
  parts = lib.splitString "-" system;
  cpu = lib.head parts;
  kernel = lib.elemAt parts 1;
in
rec {
  inherit system;
  config = "${cpu}-unknown-${kernel}" + lib.optionalString isLinux "-gnu";
  isLinux = kernel == "linux";
  isDarwin = kernel == "darwin";
  isUnix = true;
  isx86_64 = cpu == "x86_64";
  isAarch64 = cpu == "aarch64";
  isStatic = false;
  canExecute = other: other.system == system;
}
