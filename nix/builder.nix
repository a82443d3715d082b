/**
  binary-cache-builder, the Go program that writes a binary cache: a static binary whose
  closure is only itself. mkBinaryCache runs it, and it can be the builder of a plain
  derivation, with the attributes in ../builder/binary-cache-builder/doc.go.
*/
{
  lib,
  go,
  buildGoModule,
  mkBinaryCache,
  hello,
}:

let
  requiredGo = lib.head (builtins.match ".*\ngo ([0-9.]+)\n.*" (builtins.readFile ../go.mod));
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

  # The source has only compiled and embedded files, so that an edit of a test or of the
  # documentation rebuilds no cache.
  src = lib.fileset.toSource {
    root = ../.;
    fileset = lib.fileset.unions [
      ../go.mod
      ../go.sum
      (lib.fileset.fileFilter (
        file: lib.hasSuffix ".go" file.name && !lib.hasSuffix "_test.go" file.name
      ) ../builder)
      ../builder/cache/apply.sh
      ../builder/indexpage/assets
    ];
  };

  vendorHash = "sha256-00QtiepfE+Ul2HF5E1Rv+3wbDfrvMCQHYKIOLPtPDag=";

  subPackages = [ "builder/binary-cache-builder" ];
  env.CGO_ENABLED = 0;
  ldflags = [
    "-s"
    "-w"
    "-X main.version=${finalAttrs.version}"
  ];

  # Tests that Nix substitutes hello from a cache with each compression.
  passthru.tests =
    lib.genAttrs
      [
        "none"
        "xz"
        "zstd"
      ]
      (
        compression:
        (mkBinaryCache {
          inherit compression;
          rootPaths = [ hello ];
        }).tests.substitution
      );

  meta = {
    description = "Builder of flat-file Nix binary caches";
    license = lib.licenses.mit;
    mainProgram = "binary-cache-builder";
    # Of the platforms that nixpkgs has Go for, those on which the builder compiles.
    platforms = lib.platforms.linux ++ lib.platforms.darwin ++ lib.platforms.freebsd;
  };
})
