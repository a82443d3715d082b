/**
  Returns the sources of a flake and of all of its inputs, also indirect ones: Nix needs
  them to evaluate the flake. The flake's flake.lock must be up to date, or Nix uses the
  network to lock the inputs.

  # Inputs

  `flake`
  : The flake: its `self`, or a result of `builtins.getFlake`.

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
        "offlineTools.flakeSources: ${flake} has no flake.lock, so Nix would fetch its inputs from the network; run \"nix flake lock\" and \"git add flake.lock\""
        {
          root = "root";
          nodes = { };
        };

  # Returns the name of an input's node in the lock file. For an input, flake.lock has the
  # name of its node or, if the input follows another input, a list of input names that
  # leads from the root to that input.
  resolveFollows =
    input:
    if lib.isList input then
      lib.foldl' (node: name: resolveFollows lock.nodes.${node}.inputs.${name}) lock.root input
    else
      input;

  # Inputs are identified by their node in the lock file: one source can occur twice with
  # different inputs, and inputs can form a cycle. The lock file does not have the inputs
  # of an input that is overridden on the command line: such inputs of inputs are
  # identified by their source.
  inputsOf =
    node:
    let
      locked = lock.nodes.${node.key}.inputs or { };
      toNode = name: input: {
        key =
          if locked ? ${name} then
            resolveFollows locked.${name}
          else
            builtins.unsafeDiscardStringContext (sourceOf input);
        inherit input;
      };
    in
    lib.mapAttrsToList toNode (node.input.inputs or { });

  # NB: a flake can be in a subdirectory of its source. For an input with a relative path,
  # sourceInfo is such a subdirectory, too, in Nix 2.26.
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
lib.throwIfNot isFlake "offlineTools.flakeSources: expected a flake, such as self" (
  lib.unique (map (node: sourceOf node.input) nodes)
)
