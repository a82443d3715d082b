# One Debian package as a store path. Its references are Debian's Depends.
{
  lib,
  stdenvNoCC,
  patchelf,
  pname,
  version,
  src,
  depends,
  extra,
}:
stdenvNoCC.mkDerivation {
  inherit pname version src;
  strictDeps = true;
  nativeBuildInputs = [ patchelf ];
  propagatedBuildInputs = depends;
  builder = ./build.sh;
  extraScript = extra.script or "";
  meta = lib.optionalAttrs (extra ? mainProgram) { inherit (extra) mainProgram; };
}
