# `env`: what is to be an environment variable, also with structured attributes.
{ lib }:
args: env:
let
  overlap = lib.attrNames (lib.intersectAttrs env args);
  pretty = lib.generators.toPretty { };
  describe =
    name: "  - ${name}: in `env`: ${pretty env.${name}}; in derivation arguments: ${pretty args.${name}}";
  check =
    name: value:
    assert lib.assertMsg
      (lib.isString value || lib.isBool value || lib.isInt value || lib.isDerivation value)
      "The `env` attribute set can only contain derivation, string, boolean or integer attributes. The `${name}` attribute is of type ${lib.typeOf value}.";
    value;
in
assert lib.assertMsg (lib.isAttrs env && !lib.isDerivation env)
  "`env` must be an attribute set of environment variables.";
assert lib.assertMsg (overlap == [ ]) ''
  The `env` attribute set cannot contain any attributes passed to derivation. The following attributes are overlapping:
  ${lib.concatMapStringsSep "\n" describe overlap}'';
lib.mapAttrs check env
