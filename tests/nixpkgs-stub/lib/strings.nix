{ lib }:
let
  inherit (builtins) stringLength substring;

  nameOf = s: (builtins.parseDrvName s).name;
  versionOf = s: (builtins.parseDrvName s).version;

  startsWith = prefix: s: substring 0 (stringLength prefix) s == prefix;
  endsWith =
    suffix: s:
    let
      start = stringLength s - stringLength suffix;
    in
    start >= 0 && substring start (-1) s == suffix;

  # A path given as prefix or suffix would be copied to the store, and then
  # never match: nixpkgs warns of it, here it is an error.
  noPath =
    f: part: s:
    if builtins.isPath part then
      throw "lib.strings: ${toString part} is a path, but it should be a string"
    else
      f part s;
in
rec {
  inherit (builtins)
    concatStringsSep
    replaceStrings
    stringLength
    substring
    ;

  concatStrings = concatStringsSep "";
  concatMapStrings = f: list: concatStrings (map f list);
  concatMapStringsSep =
    sep: f: list:
    concatStringsSep sep (map f list);
  optionalString = condition: s: if condition then s else "";

  hasPrefix = noPath startsWith;
  hasSuffix = noPath endsWith;
  hasInfix = infix: s: builtins.length (splitString infix s) > 1;
  removePrefix = noPath (
    prefix: s: if startsWith prefix s then substring (stringLength prefix) (-1) s else s
  );
  removeSuffix = noPath (
    suffix: s: if endsWith suffix s then substring 0 (stringLength s - stringLength suffix) s else s
  );

  splitString = sep: s: builtins.filter builtins.isString (builtins.split (escapeRegex sep) s);
  escape = chars: replaceStrings chars (map (c: "\\${c}") chars);
  escapeRegex = escape (lib.stringToCharacters "\\[{()^$?*+|.");
  escapeShellArg = arg: "'${replaceStrings [ "'" ] [ "'\\''" ] (toString arg)}'";
  escapeShellArgs = concatMapStringsSep " " escapeShellArg;
  stringToCharacters = s: builtins.genList (n: substring n 1 s) (stringLength s);

  makeSearchPath = dir: list: concatMapStringsSep ":" (p: "${p}/${dir}") (lib.remove null list);
  makeSearchPathOutput =
    output: dir: list:
    makeSearchPath dir (map (lib.getOutput output) list);
  makeBinPath = makeSearchPathOutput "bin" "bin";
  makeLibraryPath = makeSearchPathOutput "lib" "lib";

  # Of a package, or of a name such as "hello-2.10".
  getName = x: if builtins.isString x then nameOf x else x.pname or (nameOf x.name);
  getVersion = x: if builtins.isString x then versionOf x else x.version or (versionOf x.name);
  versionOlder = a: b: builtins.compareVersions a b < 0;
  versionAtLeast = a: b: !versionOlder a b;

  # Store names allow few characters; anything else becomes a dash.
  sanitizeDerivationName =
    name:
    let
      parts = builtins.split "[^[:alnum:]+._?=-]+" (builtins.unsafeDiscardStringContext name);
    in
    concatMapStrings (part: if builtins.isList part then "-" else part) parts;

  # Shared by all that nixpkgs nests under lib.strings.
  strings = { inherit sanitizeDerivationName; };
}
