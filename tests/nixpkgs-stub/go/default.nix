# The Go toolchain of the host, with what buildGoModule wants to know about it.
{
  lib,
  go,
  system,
}:
let
  platform = lib.splitString "-" system;
in
go
// {
  pname = "go";
  GOOS = lib.elemAt platform 1;
  GOARCH =
    {
      x86_64 = "amd64";
      aarch64 = "arm64";
    }
    .${lib.head platform};
  # As in nixpkgs, though there is no C compiler here: who needs none says so.
  CGO_ENABLED = 1;
  meta = {
    platforms = lib.platforms.linux ++ lib.platforms.darwin;
    mainProgram = "go";
  };
}
