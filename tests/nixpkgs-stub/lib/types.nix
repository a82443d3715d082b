# The types that nix/checkArguments.nix uses, each with a check and a description. The
# types have no merge functions, because the nixpkgs stub has no module options.
{ lib }:
let
  # descriptionClass determines whether the description gets parentheses inside of another
  # one.
  mkType = description: descriptionClass: check: {
    _type = "option-type";
    inherit description descriptionClass check;
  };
  noun = description: mkType description "noun";

  show =
    value:
    if lib.isString value then
      ''"${value}"''
    else if lib.isInt value then
      toString value
    else if lib.isBool value then
      lib.boolToString value
    else
      "<${lib.typeOf value}>";
in
rec {
  bool = noun "boolean" lib.isBool;
  int = noun "signed integer" lib.isInt;
  str = noun "string" lib.isString;
  path = noun "absolute path" (
    x: lib.isStringLike x && builtins.substring 0 1 (toString x) == "/"
  );

  ints =
    let
      subset = description: class: check: mkType description class (x: lib.isInt x && check x);
    in
    {
      between =
        lowest: highest:
        subset "integer between ${toString lowest} and ${toString highest} (both inclusive)" "noun" (
          x: lowest <= x && x <= highest
        );
      s32 =
        subset "32 bit signed integer; between -2147483648 and 2147483647 (both inclusive)" "noun"
          (x: -2147483648 <= x && x <= 2147483647);
      positive = subset "positive integer, meaning >0" "nonRestrictiveClause" (x: x > 0);
    };

  enum =
    values:
    let
      check = x: lib.elem x values;
    in
    if values == [ ] then
      noun "impossible (empty enum)" check
    else if lib.length values == 1 then
      noun "value ${show (lib.head values)} (singular enum)" check
    else
      mkType "one of ${lib.concatMapStringsSep ", " show values}" "conjunction" check;

  nullOr =
    type:
    let
      inner =
        if
          lib.elem type.descriptionClass [
            "noun"
            "conjunction"
          ]
        then
          type.description
        else
          "(${type.description})";
    in
    mkType "null or ${inner}" "conjunction" (x: x == null || type.check x);
}
