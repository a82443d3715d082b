# What stdenv has and stdenvNoCC has not: here it is no C compiler, but says so.
{ writeShellScriptBin }:
writeShellScriptBin "cc" "echo 'the stand-in nixpkgs has no C compiler' >&2; exit 1"
