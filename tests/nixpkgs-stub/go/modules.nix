# What `go mod vendor` makes of go.mod and go.sum: a fixed-output derivation, so
# that it may use the network. Its hash is buildGoModule's vendorHash.
{
  lib,
  stdenv,
  go,
  cacert,
  finalAttrs, # of the program
  args, # of the call of buildGoModule
}:
stdenv.mkDerivation {
  name = "${finalAttrs.name or "${finalAttrs.pname}-${finalAttrs.version}"}-go-modules";
  nativeBuildInputs = finalAttrs.nativeBuildInputs or [ ] ++ [
    go
    cacert
  ];

  inherit (finalAttrs) src modRoot goSum;
  prePatch = finalAttrs.prePatch or "";
  patches = finalAttrs.patches or [ ];
  patchFlags = finalAttrs.patchFlags or [ ];
  postPatch = finalAttrs.postPatch or "";
  preBuild = finalAttrs.preBuild or "";
  postBuild = finalAttrs.modPostBuild or "";
  sourceRoot = finalAttrs.sourceRoot or "";
  setSourceRoot = finalAttrs.setSourceRoot or "";
  env = finalAttrs.env or { };
  inherit (finalAttrs) deleteVendor proxyVendor;

  # From whom, and past which proxy, the caller of Nix decides.
  impureEnvVars = lib.fetchers.proxyImpureEnvVars ++ [
    "GOPROXY"
    "GONOPROXY"
    "GOPRIVATE"
    "GOSUMDB"
    "GONOSUMDB"
  ];

  postHook = "source ${./phases.sh}";
  configurePhase = args.modConfigurePhase or "goModConfigurePhase";
  buildPhase = args.modBuildPhase or "goModBuildPhase";
  installPhase = args.modInstallPhase or "goModInstallPhase";
  dontFixup = true;

  outputHashMode = "recursive";
  outputHash = finalAttrs.vendorHash;
  # An empty hash is for finding out the right one.
  outputHashAlgo = if finalAttrs.vendorHash == "" then "sha256" else null;
}
