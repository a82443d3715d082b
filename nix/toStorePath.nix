/**
  Returns what a value names in the store: the store path, as a string that makes
  it an input of a derivation, and what the value says after it, such as
  `/bin/hello`. Returns `null` for a value that names nothing there.

  - A derivation, or a set with `outPath`, names what its `outPath` does.
  - A string names the store path that it begins with, also without context.
  - A path in the store names it. One below a store path, or elsewhere, is copied to
    a store path of its own, as everywhere in Nix.
  - A link, as a path or as a string, names what it leads to, over other links, too.

  # Type

  ```
  toStorePath :: { lib :: AttrSet } -> String -> Any -> { storePath :: String; below :: String; } | Null
  ```

  # Examples

  ```nix
  toStorePath "each of rootPaths" "${hello}/bin/hello"
  => { storePath = "/nix/store/…-hello-2.12.1"; below = "/bin/hello"; }
  ```
*/
{ lib }:

what:
let
  storePath = "${lib.escapeRegex builtins.storeDir}/[0-9a-df-np-sv-z]{32}-[0-9a-zA-Z+._?=-]+";
  # The output of a content-addressed derivation, before it is built.
  placeholder = "/[0-9a-z]{52}";

  named =
    value:
    if builtins.isPath value then
      ofPath value
    else if builtins.isString value then
      ofString value
    else if value ? __toString then
      named (value.__toString value)
    else if value ? outPath then
      named value.outPath
    else
      null;

  ofPath =
    path:
    let
      string = toString path;
    in
    if builtins.match storePath string != null then
      ofString string
    else if string == builtins.storeDir then
      null
    else if lib.pathType path == "symlink" then
      follow string
    else
      ofString "${path}";

  ofString =
    string:
    if builtins.hasContext string then
      lib.mapNullable withOutputs (split "${storePath}|${placeholder}" string)
    else if lib.hasPrefix "${builtins.storeDir}/" string then
      lib.mapNullable withContext (split storePath string)
    else if lib.hasPrefix "/" string && builtins.pathExists string && lib.pathType string == "symlink" then
      follow string
    else
      null;

  # NB: a substring has the context of the whole.
  split =
    start: string:
    let
      parts = builtins.match "(${start})(/.*)?" (builtins.unsafeDiscardStringContext string);
      length = lib.stringLength (lib.head parts);
    in
    lib.mapNullable (_: {
      storePath = lib.substring 0 length string;
      below = lib.substring length (-1) string;
    }) parts;

  # builtins.storePath gives context, too, but is not there in pure evaluation.
  withContext =
    { storePath, below }:
    withOutputs {
      storePath = builtins.appendContext storePath { ${storePath}.path = true; };
      inherit below;
    };

  # A `.drv` file stands for itself and all outputs, as drvPath does: Nix adds what it
  # makes to the closure, so that it has to be built.
  withOutputs =
    { storePath, below }:
    let
      file = builtins.unsafeDiscardStringContext storePath;
      isDerivation = lib.hasSuffix ".drv" file && (builtins.getContext storePath).${file} ? path;
    in
    {
      storePath =
        if isDerivation then
          builtins.appendContext storePath { ${file}.allOutputs = true; }
        else
          storePath;
      inherit below;
    };

  # Only builtins.storePath follows links; it refuses those that lead elsewhere.
  follow =
    link:
    lib.throwIfNot (builtins ? currentSystem)
      "mkBinaryCache: ${what} must be no link in pure evaluation, which cannot follow one, but it is \"${link}\""
      (
        builtins.addErrorContext "mkBinaryCache: ${what} must lead into the store if it is a link, but it is \"${link}\"" (
          ofString (builtins.unsafeDiscardStringContext (builtins.storePath link))
        )
      );
in
named
