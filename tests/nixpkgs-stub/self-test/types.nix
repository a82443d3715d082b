# lib.types, as far as arguments are checked by them, and other small parts of lib.
{
  lib,
  package,
  fails,
}:
let
  inherit (lib) types;

  # Each type by its description.
  described = with types; {
    "string" = str;
    "boolean" = bool;
    "signed integer" = int;
    "raw value" = raw;
    "anything" = anything;
    "package" = types.package;
    "absolute path" = path;
    "path in the Nix store" = pathInStore;
    "integer between 1 and 22 (both inclusive)" = ints.between 1 22;
    "32 bit signed integer; between -2147483648 and 2147483647 (both inclusive)" = ints.s32;
    "unsigned integer, meaning >=0" = ints.unsigned;
    "positive integer, meaning >0" = ints.positive;
    "one of \"none\", \"xz\", 3, true, <null>" = enum [
      "none"
      "xz"
      3
      true
      null
    ];
    "value \"xz\" (singular enum)" = enum [ "xz" ];
    "impossible (empty enum)" = enum [ ];
    "null or string" = nullOr str;
    "null or integer between 1 and 22 (both inclusive)" = nullOr (ints.between 1 22);
    "null or (unsigned integer, meaning >=0)" = nullOr ints.unsigned;
    "null or one of 1, 2" = nullOr (enum [
      1
      2
    ]);
    "null or (list of string)" = nullOr (listOf str);
    "null or string or boolean" = nullOr (either str bool);
    "list of string" = listOf str;
    "list of list of string" = listOf (listOf str);
    "list of (package or path in the Nix store)" = listOf (either types.package pathInStore);
    "list of (one of 1, 2)" = listOf (enum [
      1
      2
    ]);
    "(list of string) or list of boolean" = either (listOf str) (listOf bool);
    "string or boolean or signed integer" = oneOf [
      str
      bool
      int
    ];
    "positive integer, meaning >0, or one of 1, 2" = either ints.positive (enum [
      1
      2
    ]);
    "positive integer, meaning >0, or (list of string)" = either ints.positive (listOf str);
  };
  hasDescription = description: described.${description}.description == description;

  accepts = type: lib.all type.check;
  refuses = type: values: !lib.any type.check values;
  inherit (types) ints;
  nonEmpty = types.addCheck types.str (s: s != "");
in
{
  typeDescriptions = lib.filter (d: !hasDescription d) (lib.attrNames described) == [ ];
  typeNames =
    let
      all = [
        types.str
        (ints.between 1 2)
        ints.unsigned
        ints.positive
        (types.enum [ ])
        (types.nullOr types.str)
        (types.listOf types.str)
        (types.either types.str types.bool)
        types.pathInStore
      ];
    in
    toString (map (type: type.name) all)
    == "str intBetween unsignedInt positiveInt enum nullOr listOf either path";

  enumCheck =
    let
      oneTwo = types.enum [
        1
        "two"
      ];
    in
    accepts oneTwo [
      1
      "two"
    ]
    && refuses oneTwo [
      2
      "1"
      null
      [ 1 ]
    ];
  intChecks =
    accepts (ints.between 1 22) [
      1
      22
    ]
    && refuses (ints.between 1 22) [
      0
      23
      2.0
      "2"
      null
    ]
    && accepts ints.unsigned [ 0 ]
    && refuses ints.unsigned [ (-1) ]
    && refuses ints.positive [ 0 ];
  emptyRange = fails (ints.between 2 1);
  eitherCheck =
    accepts (types.nullOr (types.either types.str types.bool)) [
      null
      ""
      false
    ]
    && refuses (types.nullOr types.str) [ 1 ];
  emptyOneOf = fails (types.oneOf [ ]).check;
  # The elements are not looked at, only that it is a list.
  listCheck =
    accepts (types.listOf types.str) [ [ 1 ] ] && refuses (types.listOf types.str) [ "a" ];
  addedCheck =
    accepts nonEmpty [ "a" ]
    && refuses nonEmpty [
      ""
      1
    ];
  packageCheck =
    accepts types.package [
      package
      "${package}"
    ]
    && refuses types.package [
      "${package}/bin"
      "hello"
      1
    ];
  pathChecks =
    accepts types.path [
      ./.
      "/etc"
      package
    ]
    && refuses types.path [
      "etc"
      [ "/etc" ]
      1
    ]
    && accepts types.pathInStore [
      package
      package.drvPath
      "${package}/bin"
      "${builtins.storeDir}//${baseNameOf package}/x/.."
    ]
    && refuses types.pathInStore [
      "/etc"
      builtins.storeDir
      "${builtins.storeDir}/../x"
      "${builtins.storeDir}/.links"
      "hello"
      [ "${package}" ]
      1
    ];

  warnGivesItsValue = lib.warnIf false "never" 1 == 1 && lib.warnIfNot true "never" 1 == 1;
  names =
    lib.getName "hello-2.10" == "hello"
    && lib.getName { pname = "x"; } == "x"
    && lib.getVersion { name = "hello-2.10"; } == "2.10";
  versions = lib.versionAtLeast "2.18" "2.8" && lib.versionOlder "2.8" "2.18";
}
