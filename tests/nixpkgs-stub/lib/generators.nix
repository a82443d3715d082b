{ lib }:
let
  quote = s: "\"${lib.escape [ "\\" "\"" "\${" ] s}\"";
  isIdentifier = name: builtins.match "[a-zA-Z_][a-zA-Z0-9_'-]*" name != null;
  attrName = name: if isIdentifier name then name else quote name;

  # open, the items one under the other, close
  block =
    multiline: indent: open: close: items:
    let
      sep = if multiline then "\n${indent}  " else " ";
      end = if multiline then "\n${indent}" else " ";
    in
    if items == [ ] then
      "${open} ${close}"
    else
      open + lib.concatMapStrings (item: sep + item) items + end + close;
in
{
  # A value as the Nix expression for it, for error messages.
  toPretty =
    {
      multiline ? true,
      indent ? "",
    }:
    let
      go =
        indent: v:
        let
          deeper = go "${indent}  ";
          list = block multiline indent;
        in
        if builtins.isString v then
          quote v
        else if builtins.isBool v then
          lib.boolToString v
        else if v == null then
          "null"
        else if builtins.isInt v || builtins.isFloat v || builtins.isPath v then
          toString v
        else if lib.isFunction v then
          "<function>"
        else if lib.isDerivation v then
          "<derivation ${v.name or "???"}>"
        else if builtins.isList v then
          list "[" "]" (map deeper v)
        else
          list "{" "}" (lib.mapAttrsToList (name: value: "${attrName name} = ${deeper value};") v);
    in
    go indent;
}
