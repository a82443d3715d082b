/**
  Resolves a value to a store path: returns the store path, as a string whose context
  makes it an input of a derivation, and the rest of the value, such as `/bin/hello`.
  Returns `null` if the value does not resolve to a store path. The first argument
  names the value in error messages.

  - A derivation, or a set with `outPath`, resolves like its `outPath`.
  - A string, with or without context, resolves to the store path it starts with. A string
    with two store paths is an error.
  - A path resolves to itself if it is a store path. Nix copies any other path to the
    store, also a path inside of a store path.
  - A symlink, as a path or as a string, resolves to its final target.

  # Type

  ```
  toStorePath :: { lib :: AttrSet } -> String -> Any -> { storePath :: String; subPath :: String; } | Null
  ```

  # Examples

  ```nix
  toStorePath "element of rootPaths" "${hello}/bin/hello"
  => { storePath = "/nix/store/…-hello-2.12.1"; subPath = "/bin/hello"; }
  ```
*/
{ lib }:

what:
let
  storePathPattern = "${lib.escapeRegex builtins.storeDir}/[0-9a-df-np-sv-z]{32}-[0-9a-zA-Z+._?=-]+";
  # Matches the placeholder of a content-addressed derivation's output that is not built
  # yet.
  placeholderPattern = "/[0-9a-z]{52}";

  resolve =
    value:
    if builtins.isPath value then
      fromPath value
    else if builtins.isString value then
      fromString value
    else if value ? __toString then
      resolve (value.__toString value)
    else if value ? outPath then
      resolve value.outPath
    else
      null;

  fromPath =
    path:
    let
      string = toString path;
    in
    if builtins.match storePathPattern string != null then
      fromString string
    else if string == builtins.storeDir then
      null
    else if isSymlink path then
      resolveSymlink string
    else
      fromString "${path}";

  fromString =
    string:
    let
      hasContext = builtins.hasContext string;
      pattern = if hasContext then "${storePathPattern}|${placeholderPattern}" else storePathPattern;
      match = builtins.match "(${pattern})(/.*)?" (builtins.unsafeDiscardStringContext string);
      isAbsolutePath = !hasContext && lib.hasPrefix "/" string && builtins.pathExists string;
    in
    if match != null then
      splitStorePath (lib.head match) string
    else if isAbsolutePath && isSymlink (/. + string) then
      resolveSymlink string
    else
      null;

  # Splits a string into the store path at its start and the rest. path is this store path
  # without string context.
  splitStorePath =
    path: string:
    let
      storePath =
        if lib.any (isContextOf path) (lib.attrNames (builtins.getContext string)) then
          # NB: a substring has the string context of the whole string.
          lib.substring 0 (lib.stringLength path) string
        else
          addContext path;
      isDrvFile = lib.hasSuffix ".drv" path && builtins.getContext storePath ? ${path};
      subPath = lib.removePrefix path string;
    in
    lib.throwIf (lib.hasInfix "${builtins.storeDir}/" subPath)
      "mkBinaryCache: ${what}: more than one store path in \"${string}\"; make each an element of the list"
      {
        # A .drv file resolves to itself and all of its outputs, like drvPath: Nix adds the
        # outputs to the closure, so they must be built.
        storePath =
          if isDrvFile then
            builtins.appendContext storePath { ${path}.allOutputs = true; }
          else
            storePath;
        inherit subPath;
      };

  # Returns a store path with its string context. NB: Nix 2.35 and newer copy the source
  # of a flake or of fetchTarball to the store only when a derivation needs it;
  # appendContext fails for a source that is not copied yet. In pure evaluation, which
  # does not allow builtins.storePath, builtins.path returns the store path of a source.
  addContext =
    path:
    let
      sourcePath =
        if builtins ? currentSystem then
          builtins.storePath path
        else
          builtins.path {
            path = /. + path;
            name = nameOf path;
          };
    in
    # NB: pathExists is false for store paths that evaluation cannot read, such as one
    # that is not built yet.
    if builtins.pathExists path && sourcePath == path then
      sourcePath
    else
      builtins.appendContext path { ${path}.path = true; };

  nameOf = lib.substring (lib.stringLength "${builtins.storeDir}/" + 33) (-1);

  # Reports whether an element of a string context is the store path `path`, or a .drv
  # file that, judging by its name, has this store path as an output: outputs are named
  # after their derivation. A string that was split from another string also has the
  # context of the rest of that string.
  isContextOf =
    path: element:
    let
      isPlaceholder = builtins.match placeholderPattern path != null;
      isOutput =
        lib.hasSuffix ".drv" element
        && lib.hasPrefix "${lib.removeSuffix ".drv" (nameOf element)}-" "${nameOf path}-";
    in
    element == path || isPlaceholder || isOutput;

  # NB: with Nix 2.20 and newer, lib.pathType would fail for a path below a symlink.
  isSymlink = path: (builtins.readDir (dirOf path)).${baseNameOf path} or null == "symlink";

  # Of Nix's builtins, only storePath resolves symlinks. builtins.storePath fails if the
  # symlink's target is not in the store.
  resolveSymlink =
    link:
    lib.throwIfNot (builtins ? currentSystem)
      "mkBinaryCache: ${what}: cannot resolve the symlink \"${link}\" in pure evaluation; use --impure"
      (
        builtins.addErrorContext "mkBinaryCache: ${what}: symlink does not point into the store: \"${link}\"" (
          fromString (builtins.storePath link)
        )
      );
in
resolve
