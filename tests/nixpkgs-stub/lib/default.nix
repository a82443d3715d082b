# The functions of nixpkgs' lib that mkBinaryCache, its tests and the nixpkgs stub use.
let
  # NB: for Nix before 2.14, which has no builtins.readFileType. In pure evaluation, Nix
  # cannot read the parent of a flake's source.
  typeInParent =
    path:
    if path == dirOf path || toString (dirOf path) == builtins.storeDir then
      "directory"
    else
      (builtins.readDir (dirOf path)).${baseNameOf path};

  lib = rec {
    inherit (builtins)
      all
      any
      attrNames
      attrValues
      concatMap
      concatStringsSep
      elem
      elemAt
      filter
      foldl'
      genList
      head
      intersectAttrs
      isAttrs
      isBool
      isInt
      isList
      isPath
      isString
      length
      listToAttrs
      mapAttrs
      replaceStrings
      sort
      stringLength
      substring
      typeOf
      ;

    version = "26.05";

    # Functions. A set with __functor is a function, too.
    id = x: x;
    isFunction = f: builtins.isFunction f || (f ? __functor && isFunction (f.__functor f));
    functionArgs =
      f:
      if f ? __functor then
        f.__functionArgs or (functionArgs (f.__functor f))
      else
        builtins.functionArgs f;
    setFunctionArgs = f: args: {
      __functor = _: f;
      __functionArgs = args;
    };
    mapNullable = f: x: if x == null then null else f x;

    # Errors and warnings. builtins.warn came with Nix 2.23; builtins.trace prints the
    # same message after `trace:`.
    throwIf = condition: message: if condition then throw message else id;
    throwIfNot = condition: throwIf (!condition);
    warn = builtins.warn or (message: builtins.trace "evaluation warning: ${message}");
    warnIf = condition: message: if condition then warn message else id;

    # Overlays: functions `final: prev: changes`.
    fix =
      f:
      let
        x = f x;
      in
      x;
    extends =
      overlay: f: final:
      let
        prev = f final;
      in
      prev // overlay final prev;
    # Returns an overlay for an argument of overrideAttrs: a set, `prev: set` or
    # `final: prev: set`.
    toExtension =
      f: final: prev:
      if !isFunction f then
        f
      else
        let
          changes = f prev;
        in
        if isFunction changes then f final prev else changes;

    # Lists.
    last = list: elemAt list (length list - 1);
    range = first: last: genList (n: first + n) (last - first + 1);
    flatten = x: if isList x then concatMap flatten x else [ x ];
    toList = x: if isList x then x else [ x ];
    optional = condition: x: if condition then [ x ] else [ ];
    optionals = condition: list: if condition then list else [ ];
    subtractLists = unwanted: filter (x: !elem x unwanted);
    unique = foldl' (seen: x: if elem x seen then seen else seen ++ [ x ]) [ ];
    findFirst =
      pred: default: list:
      let
        found = filter pred list;
      in
      if found == [ ] then default else head found;

    # Sets.
    genAttrs =
      names: f:
      listToAttrs (
        map (name: {
          inherit name;
          value = f name;
        }) names
      );
    mapAttrsToList = f: set: map (name: f name set.${name}) (attrNames set);
    optionalAttrs = condition: set: if condition then set else { };

    # Strings.
    concatMapStrings = f: list: concatStringsSep "" (map f list);
    concatMapStringsSep =
      sep: f: list:
      concatStringsSep sep (map f list);
    optionalString = condition: s: if condition then s else "";
    hasPrefix = prefix: s: substring 0 (stringLength prefix) s == prefix;
    hasSuffix =
      suffix: s:
      let
        start = stringLength s - stringLength suffix;
      in
      start >= 0 && substring start (-1) s == suffix;
    removePrefix =
      prefix: s:
      if hasPrefix prefix s then substring (stringLength prefix) (-1) s else s;
    removeSuffix =
      suffix: s:
      if hasSuffix suffix s then substring 0 (stringLength s - stringLength suffix) s else s;
    hasInfix = infix: s: length (splitString infix s) > 1;
    # Each part of a split string has the string context of the whole string.
    splitString =
      sep: s: map (part: substring 0 0 s + part) (filter isString (builtins.split (escapeRegex sep) s));
    stringToCharacters = s: genList (n: substring n 1 s) (stringLength s);
    escape = chars: replaceStrings chars (map (c: "\\${c}") chars);
    escapeRegex = escape (stringToCharacters "\\[{()^$?*+|.");
    escapeShellArg = arg: "'${replaceStrings [ "'" ] [ "'\\''" ] (toString arg)}'";
    getBin = pkg: if pkg.outputSpecified or false then pkg else pkg.bin or pkg.out or pkg;
    makeBinPath = concatMapStringsSep ":" (pkg: "${getBin pkg}/bin");
    boolToString = b: if b then "true" else "false";
    versionOlder = a: b: builtins.compareVersions a b < 0;

    # Values, files and packages.
    isDerivation = x: x.type or null == "derivation";
    isStringLike = x: isString x || isPath x || x ? outPath || x ? __toString;
    importJSON = path: builtins.fromJSON (builtins.readFile path);
    pathType = builtins.readFileType or typeInParent;
    # getDev returns an output that was selected by name (`pkg.doc`) unchanged.
    getDev = pkg: if pkg.outputSpecified or false then pkg else pkg.dev or pkg.out or pkg;

    licenses.mit = {
      shortName = "mit";
      spdxId = "MIT";
      fullName = "MIT License";
      url = "https://spdx.org/licenses/MIT.html";
      free = true;
    };
    platforms = {
      linux = [
        "aarch64-linux"
        "x86_64-linux"
      ];
      darwin = [ "aarch64-darwin" ];
      freebsd = [ "x86_64-freebsd" ];
    };
    systems.flakeExposed = platforms.linux ++ platforms.darwin;

    fileset = import ./fileset.nix { inherit lib; };
    types = import ./types.nix { inherit lib; };
    inherit (import ./customisation.nix { inherit lib; })
      callPackageWith
      extendDerivation
      makeOverridable
      ;
  };
in
lib
