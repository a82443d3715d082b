/**
  Returns the store paths that a rebuild of a package requires after a change of its
  source or one of its attributes: all inputs of its derivation, such as sources, patches,
  build inputs and the standard environment. The package itself is not built.

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

let
  # Returns the strings in the value of an attribute that refer to store paths, also those
  # in nested attributes. NB: builtins.toJSON would fail for bytes that are not UTF-8,
  # except in old versions such as Nix 2.8.
  references =
    value:
    if lib.isStringLike value then
      lib.filter builtins.hasContext [ "${value}" ]
    else if lib.isList value then
      lib.concatMap references value
    else if lib.isAttrs value then
      references (lib.attrValues value)
    else
      [ ];
in

# NB: inputDerivation of nixpkgs does not suffice: not every derivation has it, and with
# structured attributes it misses the references of nested attributes.
package:
lib.throwIfNot (package ? drvAttrs)
  "offlineTools.rebuildInputs: expected a derivation, such as hello"
  [
    # NB: the name of a store path has at most 211 characters, that of a derivation 207.
    (writeText "${lib.substring 0 200 package.name}-inputs" (
      lib.concatStringsSep "\n" (references package.drvAttrs)
    ))
  ]
