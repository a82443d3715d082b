/**
  Functions that return what a machine without a network needs, as store paths for
  `rootPaths`: to evaluate a flake, to build a package again, to enter a shell.

  # Type

  ```
  offlineTools :: {
    flakeSources :: Flake -> [ StorePath ];
    rebuildInputs :: Derivation -> [ StorePath ];
    shellInputs :: Derivation -> [ StorePath ];
  }
  ```

  # Examples

  ```nix
  mkBinaryCache { rootPaths = offlineTools.flakeSources self ++ offlineTools.rebuildInputs hello; }
  ```
*/
{
  lib,
  bashInteractive,
  writeText,
}:

let
  rebuildInputs = import ./rebuildInputs.nix { inherit lib writeText; };
in
{
  inherit rebuildInputs;
  flakeSources = import ./flakeSources.nix { inherit lib; };
  shellInputs = import ./shellInputs.nix { inherit bashInteractive rebuildInputs; };
}
