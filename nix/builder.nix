/**
  binary-cache-builder, the Go program that writes a binary cache: a static binary whose
  closure is only itself. mkBinaryCache runs it, and it can be the builder of a plain
  derivation, with the attributes in builder/binary-cache-builder/doc.go of its source.

  This file reads no other file: as pkgs/by-name/bi/binary-cache-builder/package.nix, only
  the argument source becomes a fetcher.
*/
{
  lib,
  stdenv,
  go,
  buildGoModule,
  source,
  xz,
  zstd,
}:

let
  requiredGo = "1.25.0"; # as in go.mod
  # NB: checks the Go version before the call of buildGoModule, which does not accept a
  # function in nixpkgs 24.11 and older.
  checkedBuildGoModule =
    lib.throwIf (lib.versionOlder go.version requiredGo)
      "binary-cache-builder requires Go ${requiredGo} or newer, but this nixpkgs has ${go.version}; use nixpkgs 25.11 or newer"
      buildGoModule;
in

checkedBuildGoModule (finalAttrs: {
  pname = "binary-cache-builder";
  version = "0.1.0";

  src = source;
  vendorHash = "sha256-x2yG9cQ+5/8Sy9YV8SHd/Ea9AIwaRM1Usf2PXbcGqCk=";

  subPackages = [ "builder/binary-cache-builder" ];
  env.CGO_ENABLED = 0;
  ldflags = [
    "-s"
    "-w"
    "-X main.version=${finalAttrs.version}"
  ];

  # The quick tests of all packages. They inject faults that only Linux has.
  doCheck = stdenv.hostPlatform.isLinux;
  nativeCheckInputs = [
    xz
    zstd
  ];
  checkPhase = ''
    runHook preCheck
    go test -short -p "$NIX_BUILD_CORES" ./builder/...
    runHook postCheck
  '';

  meta = {
    description = "Builder of flat-file Nix binary caches";
    license = lib.licenses.mit;
    mainProgram = "binary-cache-builder";
    # Of the platforms that nixpkgs has Go for, those on which the builder compiles.
    platforms = lib.platforms.linux ++ lib.platforms.darwin ++ lib.platforms.freebsd;
  };
})
