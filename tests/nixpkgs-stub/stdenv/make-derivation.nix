# mkDerivation: from the attributes of a package to the call of `derivation`.
{ lib, config }:
stdenv:
let
  checks = import ./output-checks.nix { inherit lib; };
  checkEnv = import ./env.nix { inherit lib; };
  meta = import ./meta.nix { inherit lib stdenv; };

  # Accepts a set, or a function from the finished attributes to a set.
  extensible =
    attrsOf:
    let
      attrs = attrsOf (attrs // { inherit finalPackage overrideAttrs; });
      overrideAttrs = changes: extensible (lib.extends (lib.toExtension changes) attrsOf);
      finalPackage = simple overrideAttrs attrs;
    in
    finalPackage;

  # These steer mkDerivation or describe the package; the builder never sees them.
  notForTheBuilder = [
    "meta"
    "passthru"
    "pos"
    "env"
    "checkInputs"
    "nativeCheckInputs"
    "installCheckInputs"
    "nativeInstallCheckInputs"
  ]
  ++ checks.names;

  hasName = attrs: attrs ? name || attrs ? pname && attrs ? version;
  derivationName =
    attrs:
    lib.strings.sanitizeDerivationName (
      attrs.name or (
        assert lib.assertMsg (attrs.version != null) "The `version` attribute cannot be null.";
        "${attrs.pname}-${attrs.version}"
      )
    );

  dependencies =
    attrs: listName:
    let
      check =
        dep:
        if dep == null || lib.isDerivation dep || lib.isString dep || lib.isPath dep then
          lib.getDev dep
        else if lib.isList dep then
          map check dep
        else
          throw "Dependency is not of a valid type: element of ${listName} for ${attrs.name or attrs.pname}";
      whenChecking =
        lib.optionals (attrs.doCheck or false) (
          {
            nativeBuildInputs = attrs.nativeCheckInputs or [ ];
            buildInputs = attrs.checkInputs or [ ];
          }
          .${listName} or [ ]
        );
    in
    map check (attrs.${listName} or [ ] ++ whenChecking);

  derivationArgs =
    {
      __structuredAttrs ? config.structuredAttrsByDefault or false,
      strictDeps ? config.strictDepsByDefault or false,
      enableParallelBuilding ? config.enableParallelBuildingByDefault or false,
      ...
    }@attrs:
    removeAttrs attrs notForTheBuilder
    // lib.genAttrs [
      "depsBuildBuild"
      "nativeBuildInputs"
      "depsBuildTarget"
      "depsHostHost"
      "buildInputs"
      "depsTargetTarget"
      "depsBuildBuildPropagated"
      "propagatedNativeBuildInputs"
      "depsBuildTargetPropagated"
      "depsHostHostPropagated"
      "propagatedBuildInputs"
      "depsTargetTargetPropagated"
    ] (dependencies attrs)
    // {
      ${if hasName attrs then "name" else null} = derivationName attrs;

      builder = attrs.realBuilder or stdenv.shell;
      args =
        attrs.args or [
          "-e"
          ./source-stdenv.sh
          (attrs.builder or ./default-builder.sh)
        ];
      inherit stdenv;
      inherit (stdenv.buildPlatform) system;

      # Null attributes are left out of the derivation.
      __ignoreNulls = true;
      userHook = config.stdenv.userHook or null;
      inherit __structuredAttrs strictDeps;

      outputs = attrs.outputs or [ "out" ];
      patches = attrs.patches or [ ];
      configureFlags = attrs.configureFlags or [ ];
      doCheck = attrs.doCheck or false;
      doInstallCheck = attrs.doInstallCheck or false;

      ${if enableParallelBuilding then "enableParallelBuilding" else null} = true;
      ${if enableParallelBuilding then "enableParallelChecking" else null} =
        attrs.enableParallelChecking or true;
      ${if enableParallelBuilding then "enableParallelInstalling" else null} =
        attrs.enableParallelInstalling or true;
    }
    // checks.forDerivation __structuredAttrs attrs;

  simple =
    overrideAttrs: attrs:
    let
      args = derivationArgs attrs;
      env = checkEnv args (
        attrs.env or { }
        // {
          ${if attrs ? meta.mainProgram then "NIX_MAIN_PROGRAM" else null} = attrs.meta.mainProgram;
        }
      );
      finalArgs = args // env // lib.optionalAttrs args.__structuredAttrs { inherit env; };
      describe = meta attrs;
    in
    lib.extendDerivation describe.valid (
      {
        inputDerivation = import ./input-derivation.nix { inherit lib stdenv; } finalArgs;
        inherit overrideAttrs;
        inherit (describe) meta;
        passthru = attrs.passthru or { };
      }
      // attrs.passthru or { }
    ) (derivation finalArgs);
in
fnOrAttrs: extensible (lib.toFunction fnOrAttrs)
