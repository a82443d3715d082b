/**
  Functions that return the store paths for `rootPaths` with which an offline machine
  can evaluate a flake, rebuild a package or enter a dev shell.

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
