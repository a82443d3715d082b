/**
  Returns what evaluation knows of a root of a cache: its store path, and of a
  derivation the names and which output it is.

  # Type

  ```
  rootOf :: { lib :: AttrSet } -> StorePath -> {
    path :: String;
    name, pname, version, outputName :: String | Null;
    isDefaultOutput :: Bool;
  }
  ```

  # Examples

  ```nix
  rootOf hello.dev
  => { path = "/nix/store/…-hello-2.12.1-dev"; pname = "hello"; outputName = "dev"; isDefaultOutput = false; … }
  ```
*/
{ lib }:

root:
let
  known = lib.optionalAttrs (lib.isDerivation root) root;
  # NB: these are words about the root; they must not become inputs of the cache.
  word =
    name:
    let
      value = known.${name} or null;
    in
    if lib.isString value then builtins.unsafeDiscardStringContext value else null;
in
{
  path = "${root}";
  name = word "name";
  pname = word "pname";
  version = word "version";
  outputName = word "outputName";
  # NB: derivation does not say the outputs of what has only one.
  isDefaultOutput = known.outputName or null == lib.head (known.outputs or [ "out" ]);
}
