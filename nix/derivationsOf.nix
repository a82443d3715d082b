/**
  Returns the `.drv` files that derivations and store paths come from, as far as
  these know it: each is an input with all that it takes to build it, but with
  nothing built.

  # Type

  ```
  derivationsOf :: { lib :: AttrSet } -> [ StorePath ] -> [ StorePath ]
  ```
*/
{ lib }:

storePaths:
let
  context = builtins.getContext (toString storePaths);
  isDerivation = path: context.${path} ? outputs || context.${path} ? allOutputs;
  asFile = path: builtins.appendContext path { ${path}.path = true; };
in
map asFile (lib.filter isDerivation (lib.attrNames context))
