# What is known about a package, and whether it may be built here.
{ lib, stdenv }:
attrs:
let
  inherit (stdenv.hostPlatform) system;
  given = attrs.meta or { };
  name = attrs.name or "${attrs.pname}-${attrs.version}";
  pos =
    if given ? description then
      builtins.unsafeGetAttrPos "description" given
    else
      builtins.unsafeGetAttrPos (if attrs ? version then "version" else "name") attrs;
  available = lib.elem system given.platforms or [ system ];
in
{
  valid =
    available
    || throw "Refusing to evaluate package '${name}' because it is not available on the requested hostPlatform: ${system}";
  meta = {
    inherit name available;
    outputsToInstall = [
      (lib.findFirst (output: lib.elem output attrs.outputs or [ "out" ]) "out" [
        "bin"
        "out"
      ])
    ];
  }
  // lib.optionalAttrs (pos != null) { position = "${pos.file}:${toString pos.line}"; }
  // given;
}
