# lib.fileset, as far as source.nix uses it. A set is a predicate over path strings
# here; nixpkgs computes trees.
{ lib }:
let
  isDirectory = path: lib.pathType path == "directory";

  # NB: Nix passes strings to a filter, and only a path can be read. In pure evaluation
  # it must be derived from a path that was given.
  below = root: str: root + lib.removePrefix (toString root) str;

  # Accepts a file set, or a path: a file, or a directory with all below it.
  coerce =
    x:
    if x._type or null == "fileset" then
      x
    else if !builtins.isPath x then
      throw "lib.fileset: expected a file set or a path, got a ${builtins.typeOf x}"
    else if !builtins.pathExists x then
      throw "lib.fileset: ${toString x} does not exist"
    else
      mkFileset (file: file == toString x || lib.hasPrefix "${toString x}/" file);
  mkFileset = contains: {
    _type = "fileset";
    inherit contains;
  };

  # A directory without a file of the set is omitted.
  hasFile =
    contains: dir:
    let
      entries = builtins.readDir dir;
    in
    builtins.any (
      name:
      if entries.${name} == "directory" then
        hasFile contains (dir + "/${name}")
      else
        contains (toString (dir + "/${name}"))
    ) (builtins.attrNames entries);
in
{
  unions =
    sets:
    let
      coerced = map coerce sets;
    in
    mkFileset (file: builtins.any (set: set.contains file) coerced);

  toSource =
    { root, fileset }:
    let
      set = coerce fileset;
    in
    assert isDirectory root;
    builtins.path {
      name = "source";
      path = root;
      filter =
        file: type:
        if type == "directory" then hasFile set.contains (below root file) else set.contains file;
    };
}
