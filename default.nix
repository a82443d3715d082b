/**
  mkBinaryCache, binary-cache-builder and offlineTools for a given nixpkgs.

  # Examples

  ```nix
  (import ./mkBinaryCache { }).mkBinaryCache { rootPaths = [ (import <nixpkgs> { }).hello ]; }
  ```
*/
{
  pkgs ? import <nixpkgs> { },
}:
let
  # The packages of this file for the build platform: in cross compilation, builds run
  # their programs.
  buildSelf = import ./. { pkgs = pkgs.buildPackages; };
in
{
  binary-cache-builder = pkgs.callPackage ./nix/builder.nix {
    source = import ./nix/source.nix { inherit (pkgs) lib; };
  };
  mkBinaryCache = pkgs.callPackage ./nix/mkBinaryCache.nix {
    inherit (buildSelf) binary-cache-builder;
  };
  offlineTools = pkgs.callPackage ./nix/offlineTools { };
}
