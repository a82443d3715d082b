# buildGoModule builds a Go program, with its modules from a separate derivation.
{
  go,
  cacert,
  lib,
  stdenv,
}:
fnOrAttrs:
stdenv.mkDerivation (
  finalAttrs:
  let
    args = if lib.isFunction fnOrAttrs then fnOrAttrs finalAttrs else fnOrAttrs;

    # The directory that `go mod vendor` writes for go.mod and go.sum. The derivation is a
    # fixed-output derivation, so that it may use the network.
    goModules = stdenv.mkDerivation {
      name = "${finalAttrs.pname}-${finalAttrs.version}-go-modules";
      inherit (finalAttrs) src;
      nativeBuildInputs = [ go ];
      SSL_CERT_FILE = cacert;
      # NB: this list of variables lacks GOFLAGS, because the machine's GOFLAGS must not
      # reach the build.
      impureEnvVars = [
        "http_proxy"
        "https_proxy"
        "no_proxy"
        "HTTP_PROXY"
        "HTTPS_PROXY"
        "NO_PROXY"
        "GOPROXY"
        "GONOPROXY"
        "GOPRIVATE"
        "GOSUMDB"
        "GONOSUMDB"
      ];
      buildPhase = ''
        export GOCACHE=$TMPDIR/go-cache GOPATH=$TMPDIR/go GOTOOLCHAIN=local
        go mod vendor
      '';
      installPhase = "cp -r vendor $out";
      outputHashMode = "recursive";
      outputHash = args.vendorHash;
    };
  in
  args
  // {
    inherit goModules;
    nativeBuildInputs = [ go ] ++ args.nativeBuildInputs or [ ];
    env = args.env or { } // {
      inherit (go) GOOS GOARCH;
      GO111MODULE = "on";
      GOTOOLCHAIN = "local";
      GOFLAGS = "-mod=vendor -trimpath";
      GOPROXY = "off";
      GOSUMDB = "off";
    };
    doCheck = args.doCheck or true;
    configurePhase = ''
      export GOCACHE=$TMPDIR/go-cache GOPATH=$TMPDIR/go
      cp -r $goModules vendor
    '';
    buildPhase = ''
      for package in $subPackages; do
        go install -p $NIX_BUILD_CORES "-ldflags=$ldflags -buildid=" ./$package
      done
    '';
    installPhase = ''
      runHook preInstall
      mkdir -p $out
      cp -r $GOPATH/bin $out
      runHook postInstall
    '';
  }
)
