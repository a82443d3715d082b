# buildGoModule: a Go program and, in a derivation of their own, its modules.
{
  go,
  cacert,
  lib,
  stdenv,
}:
lib.extendMkDerivation {
  constructDrv = stdenv.mkDerivation;
  excludeDrvArgNames = [
    "GOFLAGS"
    "overrideModAttrs"
  ];
  extendDrvArgs =
    finalAttrs:
    {
      nativeBuildInputs ? [ ],
      passthru ? { },
      meta ? { },
      modRoot ? "./",
      # null: there are no modules, or the source has them in vendor/.
      vendorHash ? throw "buildGoModule: vendorHash is missing",
      goSum ? null,
      deleteVendor ? false,
      proxyVendor ? false,
      overrideModAttrs ? { },
      allowGoReference ? false,
      enableParallelBuilding ? true,
      ldflags ? [ ],
      GOFLAGS ? [ ],
      ...
    }@args:
    {
      inherit
        allowGoReference
        deleteVendor
        enableParallelBuilding
        goSum
        modRoot
        proxyVendor
        vendorHash
        ;

      goModules =
        if finalAttrs.vendorHash == null then
          ""
        else
          (import ./modules.nix {
            inherit
              cacert
              go
              lib
              stdenv
              finalAttrs
              args
              ;
          }).overrideAttrs
            finalAttrs.passthru.overrideModAttrs;

      nativeBuildInputs = [ go ] ++ nativeBuildInputs;
      strictDeps = true;
      disallowedReferences = lib.optional (!finalAttrs.allowGoReference) go;

      env = args.env or { } // {
        inherit (go) GOOS GOARCH;
        GO111MODULE = "on";
        GOTOOLCHAIN = "local";
        CGO_ENABLED = args.env.CGO_ENABLED or go.CGO_ENABLED;
        GOFLAGS = toString (
          GOFLAGS
          ++ lib.optional (!finalAttrs.proxyVendor) "-mod=vendor"
          ++ lib.optional (!finalAttrs.allowGoReference) "-trimpath"
        );
      };
      # The same program for the same source.
      ldflags = ldflags ++ lib.optional (!lib.any (lib.hasPrefix "-buildid=") ldflags) "-buildid=";

      # The functions that the phases call.
      postHook = "source ${./phases.sh}";
      configurePhase = args.configurePhase or "goConfigurePhase";
      buildPhase = args.buildPhase or "goBuildPhase";
      doCheck = args.doCheck or true;
      checkPhase = args.checkPhase or "goCheckPhase";
      installPhase = args.installPhase or "goInstallPhase";

      passthru = {
        inherit go;
        overrideModAttrs = lib.toExtension overrideModAttrs;
      }
      // passthru;

      meta = {
        inherit (go.meta) platforms;
      }
      // meta;
    };
}
