# The functions of lib.fileset that nix/source.nix uses. A file set is a predicate over
# path strings here; in nixpkgs, it is a tree.
{ lib }:
let
  isDirectory = path: lib.pathType path == "directory";

  # NB: Nix passes strings to a filter function, but reads only paths. In pure evaluation,
  # a string becomes a path only if it is appended to a path, root.
  below = root: str: root + lib.removePrefix (toString root) str;

  # Returns the file set of a path, a file or a directory with all files in it, or an
  # argument that is a file set already.
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

  # Reports whether a directory has a file of the file set; toSource omits other
  # directories.
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
