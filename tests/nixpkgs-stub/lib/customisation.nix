# callPackage, .override, and derivations with a little more in them.
{ lib }:
let
  # `pkg.override { x = 1; }` or `pkg.override (old: { x = old.x + 1; })`
  newArgs = args: changes: args // (if lib.isFunction changes then changes args else changes);

  missingArgument =
    f: name:
    let
      pos = builtins.unsafeGetAttrPos name (lib.functionArgs f);
      at = if pos == null then "" else " at ${pos.file}:${toString pos.line}";
    in
    "lib.callPackageWith: Function called without required argument \"${name}\"${at}";
in
rec {
  # Gives what f returns a way to call f again with other arguments. A set gets
  # `.override`; so does a function, which stays callable and keeps functionArgs.
  makeOverridable =
    f:
    let
      mirror = lib.mirrorFunctionArgs f;
    in
    mirror (
      args:
      let
        result = f args;
        override = mirror (changes: makeOverridable f (newArgs args changes));
        # What overrideAttrs returns can be overridden in its turn.
        overrideResult = g: makeOverridable (mirror (args: g (f args))) args;
      in
      if builtins.isAttrs result then
        result
        // {
          inherit override;
          ${if result ? overrideAttrs then "overrideAttrs" else null} =
            changes: overrideResult (x: x.overrideAttrs changes);
        }
      else if lib.isFunction result then
        lib.setFunctionArgs result (lib.functionArgs result) // { inherit override; }
      else
        result
    );

  # Calls f with what it asks for by name, taken from autoArgs.
  callPackageWith =
    autoArgs: fn: args:
    let
      f = if lib.isFunction fn then fn else import fn;
      wanted = lib.functionArgs f;
      given = builtins.intersectAttrs wanted autoArgs // args;
      isMissing = name: !wanted.${name} && !given ? ${name};
      missing = builtins.filter isMissing (builtins.attrNames wanted);
    in
    if missing == [ ] then
      makeOverridable f given
    else
      abort (missingArgument f (builtins.head missing));

  # Adds attributes to a derivation and to each of its outputs. The condition is
  # checked when the derivation is wanted, not when it is looked at.
  extendDerivation =
    condition: extra: drv:
    let
      guarded = output: {
        drvPath =
          assert condition;
          output.drvPath;
        outPath =
          assert condition;
          output.outPath;
      };
      common =
        drv // lib.listToAttrs outputs // { all = map (output: output.value) outputs; } // extra;
      outputs = map (name: {
        inherit name;
        value =
          common
          // {
            inherit (drv.${name}) type outputName;
            outputSpecified = true;
            ${if extra ? overrideAttrs then "overrideAttrs" else null} =
              changes: (extra.overrideAttrs changes).${name};
          }
          // guarded drv.${name};
      }) drv.outputs or [ "out" ];
    in
    common // guarded drv;

  # A build helper (buildGoModule) out of another one (mkDerivation).
  extendMkDerivation =
    {
      constructDrv,
      excludeDrvArgNames ? [ ],
      extendDrvArgs,
      inheritFunctionArgs ? true,
      transformDrv ? lib.id,
    }:
    let
      extendArgs =
        f: finalAttrs:
        let
          args = f finalAttrs;
        in
        removeAttrs args excludeDrvArgNames // extendDrvArgs finalAttrs args;
      baseArgs = lib.optionalAttrs inheritFunctionArgs (
        removeAttrs (lib.functionArgs constructDrv) excludeDrvArgNames
      );
    in
    lib.setFunctionArgs (
      fnOrAttrs: transformDrv (constructDrv (extendArgs (lib.toFunction fnOrAttrs)))
    ) (baseArgs // lib.functionArgs (extendDrvArgs { }));
}
