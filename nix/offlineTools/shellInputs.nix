/**
  Returns the store paths that `nix develop` or `nix-shell` requires to enter a dev shell:
  the inputs of its derivation, and bashInteractive of nixpkgs, which both commands run.

  # Inputs

  `shell`
  : A derivation: a result of `mkShell`, or any package.

  # Type

  ```
  shellInputs :: Derivation -> [ StorePath ]
  ```

  # Examples

  ```nix
  shellInputs (mkShell { packages = [ hello ]; })
  => [ «derivation …» «derivation /nix/store/…-bash-interactive-5.3.drv» … ]
  ```
*/
{ bashInteractive, rebuildInputs }:

# NB: nix develop requires the manual of bash, too, and the nix-shell of Nix 2.8 requires
# all outputs of bash.
shell: rebuildInputs shell ++ bashInteractive.all
