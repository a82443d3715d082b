# mkDerivation: calls `derivation` with the attributes of a package.
{
  lib,
  shell,
  system,
}:
stdenv:
let
  # Returns the derivation of attrsOf, a function from the final attributes to attributes.
  extensible =
    attrsOf:
    let
      attrs = attrsOf (attrs // { inherit finalPackage overrideAttrs; });
      overrideAttrs = changes: extensible (lib.extends (lib.toExtension changes) attrsOf);
      finalPackage = simple overrideAttrs attrs;
    in
    finalPackage;

  inputs = [
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
  ];

  derivationArgs =
    attrs:
    let
      structured = attrs.__structuredAttrs or false;
      outputs = attrs.outputs or [ "out" ];
      doCheck = attrs.doCheck or false;
      checkInputs = lib.optionals doCheck (attrs.nativeCheckInputs or [ ]);
      env =
        attrs.env or { }
        // lib.optionalAttrs (attrs ? meta.mainProgram) { NIX_MAIN_PROGRAM = attrs.meta.mainProgram; };
    in
    assert lib.intersectAttrs (attrs.env or { }) (removeAttrs attrs [ "env" ]) == { };
    removeAttrs attrs [
      "meta"
      "passthru"
      "env"
      "nativeCheckInputs"
    ]
    // lib.genAttrs inputs (name: map lib.getDev (attrs.${name} or [ ]))
    // {
      nativeBuildInputs = map lib.getDev (attrs.nativeBuildInputs or [ ] ++ checkInputs);
    }
    // env
    // lib.optionalAttrs structured {
      inherit env;
      outputChecks = lib.genAttrs outputs (_: { });
    }
    // {
      name = attrs.name or "${attrs.pname}-${attrs.version}";
      builder = shell;
      args =
        attrs.args or [
          "-e"
          ./source-stdenv.sh
          (attrs.builder or ./default-builder.sh)
        ];
      inherit stdenv system outputs;

      # With this attribute, Nix leaves null attributes out of the derivation.
      __ignoreNulls = true;
      __structuredAttrs = structured;
      strictDeps = attrs.strictDeps or false;
      patches = attrs.patches or [ ];
      configureFlags = attrs.configureFlags or [ ];
      inherit doCheck;
      doInstallCheck = attrs.doInstallCheck or false;
    };

  simple =
    overrideAttrs: attrs:
    let
      args = derivationArgs attrs;
      passthru = attrs.passthru or { };
    in
    lib.extendDerivation (
      {
        inherit overrideAttrs passthru;
        # Its output references all inputs.
        inputDerivation = derivation {
          name = "${args.name}-inputs";
          inherit system;
          builder = shell;
          args = [
            "-c"
            "export >$out"
          ];
          inputs = builtins.toJSON args;
        };
        meta = {
          inherit (args) name;
          outputsToInstall = [ "out" ];
        }
        // attrs.meta or { };
      }
      // passthru
    ) (derivation args);
in
fnOrAttrs: extensible (if lib.isFunction fnOrAttrs then fnOrAttrs else _: fnOrAttrs)
