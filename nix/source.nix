/**
  Returns the source of binary-cache-builder: the Go code with its tests. It has no other
  file of the checkout, so that edits of docs and end-to-end tests do not rebuild caches.

  # Type

  ```
  source :: { lib :: AttrSet } -> Source
  ```
*/
{ lib }:

lib.fileset.toSource {
  root = ../.;
  fileset = lib.fileset.unions [
    ../go.mod
    ../go.sum
    ../builder
  ];
}
