# Files, as evaluation sees them.
{ lib }:
let
  # NB: before Nix 2.14. What lies above a flake's source cannot be read in pure
  # evaluation.
  isTop = path: path == dirOf path || toString (dirOf path) == builtins.storeDir;
  typeInParent =
    path: if isTop path then "directory" else (builtins.readDir (dirOf path)).${baseNameOf path};
in
{
  pathType = builtins.readFileType or typeInParent;
}
