/**
  Returns what it takes to build a package again after its source or one of its
  attributes changed: all that its derivation names, such as its sources, patches,
  build inputs and standard environment, with all that these refer to. The package
  itself is not built.

  # Inputs

  `package`
  : A derivation.

  # Type

  ```
  rebuildInputs :: Derivation -> [ StorePath ]
  ```

  # Examples

  ```nix
  rebuildInputs hello
  => [ «derivation /nix/store/…-hello-2.12.1-inputs.drv» ]
  ```
*/
{ lib, writeText }:

# NB: not its inputDerivation, which misses what attributes in attributes refer to
# where structured attributes are on, and which not every derivation has.
package:
lib.throwIfNot (package ? drvAttrs)
  "offlineTools.rebuildInputs: the argument must be a derivation, such as hello"
  [ (writeText "${package.name}-inputs" (builtins.toJSON package.drvAttrs)) ]
