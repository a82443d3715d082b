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

flake:
let
  lockFile = "${flake}/flake.lock";
  lock =
    if builtins.pathExists lockFile then
      lib.importJSON lockFile
    else
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
  # circle: the names in the lock tell who is who. It does not know inputs that were
  # overridden on the command line; these go by their source.
  inputsOf =
    { key, value }:
    let
      locked = lock.nodes.${key}.inputs or { };
      toNode = name: input: {
        key = if locked ? ${name} then followed locked.${name} else sourceOf input;
        value = input;
      };
    in
    lib.mapAttrsToList toNode (value.inputs or { });

  # NB: a flake may be in a subdirectory of its source.
  sourceOf = input: "${input.sourceInfo or input}";
in
lib.unique (
  map (node: sourceOf node.value) (
    builtins.genericClosure {
      startSet = [
        {
          key = lock.root;
          value = flake;
        }
      ];
      operator = inputsOf;
    }
  )
)
