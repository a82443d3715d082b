# Licences and platforms: only those that this project names.
{ lib }:
let
  linux = [
    "aarch64-linux"
    "x86_64-linux"
  ];
  darwin = [ "aarch64-darwin" ];
  freebsd = [ "x86_64-freebsd" ];
  unix = linux ++ darwin ++ freebsd ++ [ "x86_64-solaris" ];
in
{
  licenses.mit = {
    shortName = "mit";
    spdxId = "MIT";
    fullName = "MIT License";
    url = "https://spdx.org/licenses/MIT.html";
    free = true;
    redistributable = true;
    deprecated = false;
  };

  platforms = {
    inherit
      linux
      darwin
      freebsd
      unix
      ;
    all = unix;
    none = [ ];
  };

  systems.flakeExposed = linux ++ darwin;
}
