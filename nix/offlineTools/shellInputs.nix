/**
  Returns what it takes to enter a shell, for `nix develop` and `nix-shell`: what its
  derivation names, and the bash that they run, which both take from nixpkgs.

  # Inputs

  `shell`
  : A derivation, such as what `mkShell` returns, or any package.

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

# NB: nix develop wants its manual as well, and nix-shell of Nix 2.8 all outputs.
shell: rebuildInputs shell ++ bashInteractive.all
