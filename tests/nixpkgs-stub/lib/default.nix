# The part of nixpkgs' lib that this project touches. Each file is a function
# from the finished lib to its own share of it, as in the real one.
let
  lib = builtins.foldl' (sofar: file: sofar // import file { inherit lib; }) { } [
    ./trivial.nix
    ./fixed-points.nix
    ./lists.nix
    ./attrsets.nix
    ./strings.nix
    ./predicates.nix
    ./filesystem.nix
    ./outputs.nix
    ./customisation.nix
    ./meta.nix
  ];
in
lib
// {
  fetchers = import ./fetchers.nix;
  fileset = import ./fileset.nix { inherit lib; };
  generators = import ./generators.nix { inherit lib; };
  types = import ./types.nix { inherit lib; };
}
