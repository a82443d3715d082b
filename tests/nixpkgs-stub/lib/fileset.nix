# Sets of files on disk, as in nixpkgs' lib.fileset.
#
# A set is a predicate over path strings, and `base`: a directory that holds all
# of it (null for the empty set). The real one computes trees instead.
{ lib }:
let
  mkFileset = base: contains: {
    _type = "fileset";
    inherit base contains;
  };
  empty = mkFileset null (_: false);

  isUnder = dir: path: dir == "/" || path == dir || lib.hasPrefix "${dir}/" path;
  commonParent = a: b: if isUnder a b then a else commonParent (builtins.dirOf a) b;

  isDirectory = path: lib.pathType path == "directory";

  # Nix hands over strings, but only paths can be read; of these only such as
  # come from a path that was given, or pure evaluation refuses.
  below = root: str: root + lib.removePrefix (toString root) str;

  # All that lies below a directory, or the one file.
  fromPath =
    path:
    let
      str = toString path;
    in
    if isDirectory path then
      mkFileset str (isUnder str)
    else
      mkFileset (dirOf str) (file: file == str);

  # Accepts a file set, or a path as short for one.
  coerce =
    context: x:
    if x._type or null == "fileset" then
      x
    else if !builtins.isPath x then
      throw (notAPath context x "but it should be a file set or a path instead")
    else if !builtins.pathExists x then
      throw ''
        ${context} (${toString x}) is a path that does not exist.
            To create a file set from a path that may not exist, use `lib.fileset.maybeMissing`.''
    else
      fromPath x;

  notAPath =
    context: x: complaint:
    if lib.isStringLike x then
      ''
        ${context} ("${toString x}") is a string-like value, ${complaint}.
            Paths represented as strings are not supported by `lib.fileset`.''
    else
      "${context} is of type ${builtins.typeOf x}, ${complaint}.";

  coerceAll = context: lib.imap0 (n: coerce "${context}: Element ${toString n}");
  coerceTwo =
    context: f: a: b:
    f (coerce "${context}: First argument" a) (coerce "${context}: Second argument" b);

  union2 =
    a: b:
    if a.base == null then
      b
    else if b.base == null then
      a
    else
      mkFileset (commonParent a.base b.base) (file: a.contains file || b.contains file);

  intersection2 =
    a: b:
    if a.base == null || b.base == null then
      empty
    else if isUnder a.base b.base then
      mkFileset b.base (file: a.contains file && b.contains file)
    else if isUnder b.base a.base then
      mkFileset a.base (file: a.contains file && b.contains file)
    else
      empty;

  # Directories without a file of the set in or below them are left out.
  hasFile =
    contains: dir:
    let
      entries = builtins.readDir dir;
      holds =
        name:
        if entries.${name} == "directory" then
          hasFile contains (dir + "/${name}")
        else
          contains (toString (dir + "/${name}"));
    in
    builtins.any holds (builtins.attrNames entries);
in
{
  union = coerceTwo "lib.fileset.union" union2;

  unions =
    sets:
    if !builtins.isList sets then
      throw "lib.fileset.unions: Argument is of type ${builtins.typeOf sets}, but it should be a list instead."
    else
      builtins.foldl' union2 empty (coerceAll "lib.fileset.unions" sets);

  intersection = coerceTwo "lib.fileset.intersection" intersection2;

  difference = coerceTwo "lib.fileset.difference" (
    a: b: mkFileset a.base (file: a.contains file && !b.contains file)
  );

  maybeMissing =
    path:
    if !builtins.isPath path then
      throw (notAPath "lib.fileset.maybeMissing: Argument" path "but it should be a path instead")
    else if builtins.pathExists path then
      fromPath path
    else
      empty;

  # The files below a directory that a predicate over { name, type, hasExt } wants.
  fileFilter =
    predicate: path:
    let
      all = coerce "lib.fileset.fileFilter: Second argument" path;
      wanted =
        file:
        let
          name = baseNameOf file;
        in
        predicate {
          inherit name;
          type = lib.pathType (below path file);
          hasExt = ext: lib.hasSuffix ".${ext}" name;
        };
    in
    if !lib.isFunction predicate then
      throw "lib.fileset.fileFilter: First argument is of type ${builtins.typeOf predicate}, but it should be a function instead."
    else if !builtins.isPath path then
      throw (notAPath "lib.fileset.fileFilter: Second argument" path "but it should be a path instead")
    else
      mkFileset all.base (file: all.contains file && wanted file);

  toSource =
    { root, fileset }:
    let
      set = coerce "lib.fileset.toSource: `fileset`" fileset;
    in
    if !builtins.isPath root then
      throw (notAPath "lib.fileset.toSource: `root`" root "but it should be a path instead")
    else if !builtins.pathExists root then
      throw "lib.fileset.toSource: `root` (${toString root}) is a path that does not exist."
    else if !isDirectory root then
      throw "lib.fileset.toSource: `root` (${toString root}) is a file, but it should be a directory instead."
    else if set.base != null && !isUnder (toString root) set.base then
      throw ''
        lib.fileset.toSource: `fileset` could contain files in ${set.base}, which is not under the `root` (${toString root}).
            Potential solutions: set `root` to ${set.base} or any directory higher up.''
    else
      builtins.path {
        name = "source";
        path = root;
        filter =
          file: type:
          if type == "directory" then hasFile set.contains (below root file) else set.contains file;
      };
}
