# Option types, as far as arguments are held to them: whether a value is of a
# type, and what the type is called. There are no options here, so nothing merges.
{ lib }:
let
  # The class of a description says where it can stand without parentheses.
  mkType = name: description: descriptionClass: check: {
    _type = "option-type";
    inherit
      name
      description
      descriptionClass
      check
      ;
  };
  noun = name: description: mkType name description "noun";

  # How a type is called inside the description of another one.
  phrase =
    classes: type:
    if lib.elem type.descriptionClass classes then type.description else "(${type.description})";
  nounOr = class: [
    "noun"
    class
  ];

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

  # A store path, or something inside it. Made a path to do without `..` and `//`.
  isInStore =
    x:
    let
      str = toString (/. + builtins.unsafeDiscardStringContext (toString x));
      inStoreDir = lib.removePrefix "${builtins.storeDir}/" str;
    in
    inStoreDir != str && builtins.match "[^/]{32}-[^/]+(/.*)?" inStoreDir != null
    || builtins.match "/[0-9a-z]{52}(/.*)?" str != null;

  startsWithSlash = x: builtins.substring 0 1 (toString x) == "/";

  addCheck = type: check: type // { check = x: type.check x && check x; };
in
rec {
  inherit addCheck;

  raw = noun "raw" "raw value" (_: true);
  anything = noun "anything" "anything" (_: true);
  bool = noun "bool" "boolean" lib.isBool;
  int = noun "int" "signed integer" lib.isInt;
  str = noun "str" "string" lib.isString;

  package = noun "package" "package" (x: lib.isDerivation x || lib.isStorePath x);
  path = noun "path" "absolute path" (x: lib.isStringLike x && startsWithSlash x);
  pathInStore = noun "path" "path in the Nix store" (x: lib.isStringLike x && isInStore x);

  ints = {
    between =
      lowest: highest:
      assert lib.assertMsg (lowest <= highest) "ints.between: lowest must be smaller than highest";
      addCheck int (x: lowest <= x && x <= highest)
      // {
        name = "intBetween";
        description = "integer between ${toString lowest} and ${toString highest} (both inclusive)";
      };
    s32 = addCheck int (x: -2147483648 <= x && x <= 2147483647) // {
      name = "signedInt32";
      description = "32 bit signed integer; between -2147483648 and 2147483647 (both inclusive)";
      descriptionClass = "noun";
    };
    unsigned = addCheck int (x: x >= 0) // {
      name = "unsignedInt";
      description = "unsigned integer, meaning >=0";
      descriptionClass = "nonRestrictiveClause";
    };
    positive = addCheck int (x: x > 0) // {
      name = "positiveInt";
      description = "positive integer, meaning >0";
      descriptionClass = "nonRestrictiveClause";
    };
  };

  enum =
    values:
    let
      check = x: lib.elem x values;
    in
    if values == [ ] then
      noun "enum" "impossible (empty enum)" check
    else if lib.length values == 1 then
      noun "enum" "value ${show (lib.head values)} (singular enum)" check
    else
      mkType "enum" "one of ${lib.concatMapStringsSep ", " show values}" "conjunction" check;

  # NB: the elements are not looked at, as in nixpkgs: there, merging checks them.
  listOf =
    type: mkType "listOf" "list of ${phrase (nounOr "composite") type}" "composite" lib.isList;

  nullOr =
    type:
    mkType "nullOr" "null or ${phrase (nounOr "conjunction") type}" "conjunction" (
      x: x == null || type.check x
    );

  either =
    first: second:
    let
      conjunction = nounOr "conjunction";
      description =
        if first.descriptionClass == "nonRestrictiveClause" then
          "${first.description}, or ${phrase conjunction second}"
        else
          "${phrase conjunction first} or ${phrase (conjunction ++ [ "composite" ]) second}";
    in
    mkType "either" description "conjunction" (x: first.check x || second.check x);

  oneOf =
    types:
    if types == [ ] then
      throw "types.oneOf: the list of types is empty"
    else
      lib.foldl' either (lib.head types) (lib.tail types);
}
