/**
  The program that writes the caches, static and without a closure of its own. It
  is one argument of mkBinaryCache, and can be the builder of a plain derivation:
  its attributes are listed in ../builder/doc.go.
*/
{
  lib,
  go,
  buildGoModule,
  mkBinaryCache,
  hello,
}:

let
  needed = lib.head (builtins.match ".*\ngo ([0-9.]+)\n.*" (builtins.readFile ../go.mod));
in

# NB: before buildGoModule, which in nixpkgs 24.11 and older takes no function.
lib.throwIf (lib.versionOlder go.version needed)
  "binary-cache-builder needs Go ${needed} or newer, but this nixpkgs has ${go.version}: take nixpkgs 25.11 or newer"
  buildGoModule
(finalAttrs: {
  pname = "binary-cache-builder";
  version = "0.1.0";

  # Only what is compiled or embedded, so that no edit of a test or a text rebuilds anyone's cache.
  src = lib.fileset.toSource {
    root = ../.;
    fileset = lib.fileset.unions [
      ../go.mod
      ../go.sum
      (lib.fileset.fileFilter (
        file: lib.hasSuffix ".go" file.name && !lib.hasSuffix "_test.go" file.name
      ) ../builder)
      ../builder/index/assets
    ];
  };

  vendorHash = "sha256-moS0l0ctOytnKG5pEZYyElqNGATF46LCpB71AzVdDkM=";

  subPackages = [ "builder" ];
  env.CGO_ENABLED = 0;
  ldflags = [
    "-s"
    "-w"
    "-X main.version=${finalAttrs.version}"
  ];

  # Go names a program after its directory.
  postInstall = ''
    mv $out/bin/builder $out/bin/binary-cache-builder
  '';

  # What is substituted from a cache in each format.
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
    # What it compiles on, of what nixpkgs has Go for.
    platforms = lib.platforms.linux ++ lib.platforms.darwin ++ lib.platforms.freebsd;
  };
})
