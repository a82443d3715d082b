/**
  Returns the source of a flake and those of all of its inputs, which are what Nix
  fetches to evaluate it. The flake must have a flake.lock that is up to date, or
  Nix asks the network what there is to fetch.

  # Inputs

  `flake`
  : The flake: its own `self`, or what `builtins.getFlake` returns.

  # Type

  ```
  flakeSources :: Flake -> [ StorePath ]
  ```

  # Examples

  ```nix
  flakeSources self
  => [ "/nix/store/…-source" "/nix/store/…-source" ]
  ```
*/
{ lib }:

let
  toStorePath = import ../toStorePath.nix { inherit lib; };
in

flake:
let
  isFlake = flake ? inputs && flake ? outPath;

  lockFile = "${flake}/flake.lock";
  lock =
    if builtins.pathExists lockFile then
      lib.importJSON lockFile
    else
      lib.throwIfNot (flake.inputs == { })
        "offlineTools.flakeSources: the flake in ${flake} has no flake.lock, without which Nix asks the network for its inputs; write it with \"nix flake lock\", and let git know it"
        {
          root = "root";
          nodes = { };
        };

  # An input in the lock is a node, or the way to it from the root, which it follows.
  followed =
    input:
    if lib.isList input then
      lib.foldl' (node: name: followed lock.nodes.${node}.inputs.${name}) lock.root input
    else
      input;

  # A flake can be there twice, each with other inputs, and inputs can go round in a
  # circle: the names in the lock tell who is who. It does not know the inputs of what
  # was overridden on the command line; these go by their source.
  inputsOf =
    node:
    let
      locked = lock.nodes.${node.key}.inputs or { };
      toNode = name: input: {
        key =
          if locked ? ${name} then
            followed locked.${name}
          else
            builtins.unsafeDiscardStringContext (sourceOf input);
        inherit input;
      };
    in
    lib.mapAttrsToList toNode (node.input.inputs or { });

  # NB: a flake may be in a subdirectory of its source; and of an input that is
  # relative to another flake, Nix 2.26 says that the source is such a directory, too.
  sourceOf = input: (toStorePath "source of a flake" (input.sourceInfo or input)).storePath;

  nodes = builtins.genericClosure {
    startSet = [
      {
        key = lock.root;
        input = flake;
      }
    ];
    operator = inputsOf;
  };
in
lib.throwIfNot isFlake "offlineTools.flakeSources: the argument must be a flake, such as self" (
  lib.unique (map (node: sourceOf node.input) nodes)
)
