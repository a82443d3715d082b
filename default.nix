/**
  mkBinaryCache, its builder and offlineTools, for a nixpkgs of any kind.

  # Examples

  ```nix
  (import ./mkBinaryCache { }).mkBinaryCache { rootPaths = [ (import <nixpkgs> { }).hello ]; }
  ```
*/
{
  pkgs ? import <nixpkgs> { },
}:
let
  # What runs during a build, which is not for the machine that the packages are
  # for when they are cross-compiled.
  forBuild = import ./. { pkgs = pkgs.buildPackages; };
in
rec {
  binary-cache-builder = pkgs.callPackage ./nix/builder.nix { inherit mkBinaryCache; };
  mkBinaryCache = pkgs.callPackage ./nix/mkBinaryCache.nix {
    inherit (forBuild) binary-cache-builder;
  };
  offlineTools = pkgs.callPackage ./nix/offlineTools { };
}
