# A derivation whose references are the inputs of another one: it writes all of
# its variables into its output, where Nix finds the store paths.
{ lib, stdenv }:
args:
let
  # What is fixed or forbidden is so of the outputs, not of the inputs.
  aboutOutputs = [
    "outputHash"
    "outputHashAlgo"
    "outputHashMode"
    "allowedReferences"
    "allowedRequisites"
    "disallowedReferences"
    "disallowedRequisites"
    "outputChecks"
  ];
in
derivation (
  removeAttrs args aboutOutputs
  // {
    name = "inputDerivation" + lib.optionalString (args ? name) "-${args.name}";
    outputs = [ "out" ];
    requiredSystemFeatures = [ ];
    _derivation_original_builder = args.builder;
    _derivation_original_args = args.args;
    builder = stdenv.shell;
    args = [
      "-c"
      ''
        out="${placeholder "out"}"
        for attrs in "$NIX_ATTRS_SH_FILE" .attrs.sh; do
          if [ -e "$attrs" ]; then . "$attrs"; break; fi
        done
        declare -p > "$out"
      ''
    ];
  }
)
