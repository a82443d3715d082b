# The functions of nixpkgs' lib/customisation.nix that the nixpkgs stub has.
{ lib }:
rec {
  # Adds `override` to the result of f: `override` calls f again with other arguments. A
  # result that is a function stays callable and keeps its functionArgs.
  makeOverridable =
    f:
    let
      mirror = g: lib.setFunctionArgs g (lib.functionArgs f);
    in
    mirror (
      args:
      let
        result = f args;
        override = mirror (
          changes: makeOverridable f (args // (if lib.isFunction changes then changes args else changes))
        );
        # The result of overrideAttrs has `override`, too.
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

  # Calls the function fn with those attributes of autoArgs that are its arguments.
  callPackageWith =
    autoArgs: fn: args:
    let
      f = if lib.isFunction fn then fn else import fn;
      wanted = lib.functionArgs f;
      given = builtins.intersectAttrs wanted autoArgs // args;
      missing = builtins.filter (name: !wanted.${name} && !given ? ${name}) (builtins.attrNames wanted);
    in
    if missing == [ ] then
      makeOverridable f given
    else
      abort "lib.callPackageWith: Function called without required argument \"${builtins.head missing}\"";

  # Adds attributes to a derivation and to each of its outputs.
  extendDerivation =
    extra: drv:
    let
      common =
        drv // builtins.listToAttrs outputs // { all = map (output: output.value) outputs; } // extra;
      outputs = map (name: {
        inherit name;
        value = common // {
          inherit (drv.${name})
            type
            outputName
            drvPath
            outPath
            ;
          outputSpecified = true;
          overrideAttrs = changes: (extra.overrideAttrs changes).${name};
        };
      }) drv.outputs;
    in
    common;
}
