# What is this value?
{ lib }:
rec {
  inherit (builtins)
    isAttrs
    isBool
    isFloat
    isInt
    isList
    isPath
    isString
    typeOf
    ;

  isDerivation = x: x.type or null == "derivation";
  isStringLike = x: isString x || isPath x || x ? outPath || x ? __toString;

  # A store path itself, not something inside it. The output of a
  # content-addressed derivation is a placeholder until it is built: a slash
  # and 52 characters of base 32.
  isStorePath =
    x:
    isStringLike x
    && (
      let
        str = builtins.unsafeDiscardStringContext (toString x);
        isPlaceholder = builtins.match "/[0-9a-z]{52}" str != null;
        isInStore = builtins.substring 0 1 str == "/" && builtins.dirOf str == builtins.storeDir;
      in
      isPlaceholder || isInStore
    );
}
