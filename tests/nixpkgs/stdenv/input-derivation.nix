# A derivation whose references are the inputs of another one: it writes all of
# its variables into its output, where Nix finds the store paths.
{ stdenv }:
args:
let
  noChecks = {
    allowedReferences = null;
    allowedRequisites = null;
    disallowedReferences = [ ];
    disallowedRequisites = [ ];
  };
  notFixed = removeAttrs args [
    "outputHash"
    "outputHashAlgo"
    "outputHashMode"
  ];
in
derivation (
  notFixed
  // {
    name = args.name or "inputDerivation";
    outputs = [ "out" ];
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
  // (if args.__structuredAttrs then { outputChecks = { }; } else noChecks)
)
