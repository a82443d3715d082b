/**
  Returns the store paths to rebuild a package after a change of its source or one of its
  attributes: all inputs of its derivation, such as sources, patches, build inputs and the
  standard environment. The package itself is not built.

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

# NB: not inputDerivation: not every derivation has it, and with structured attributes it
# misses the references of nested attributes.
package:
lib.throwIfNot (package ? drvAttrs)
  "offlineTools.rebuildInputs: expected a derivation, such as hello"
  [ (writeText "${package.name}-inputs" (builtins.toJSON package.drvAttrs)) ]
