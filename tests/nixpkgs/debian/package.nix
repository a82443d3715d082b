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
  # The loader and the libraries beside it need no path to each other.
  isLoader = pname == "libc6";
  extraScript = extra.script or "";
  meta = lib.optionalAttrs (extra ? mainProgram) { inherit (extra) mainProgram; };
}
