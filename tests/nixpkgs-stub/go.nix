# The Go toolchain of the machine, with the attributes that buildGoModule uses.
{
  lib,
  go,
  system,
}:
let
  parts = lib.splitString "-" system;
in
go
// {
  pname = "go";
  GOOS = lib.last parts;
  GOARCH =
    {
      x86_64 = "amd64";
      aarch64 = "arm64";
    }
    .${lib.head parts};
  meta.mainProgram = "go";
}
