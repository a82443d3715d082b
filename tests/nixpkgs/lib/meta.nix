# Licences and platforms: only those that this project names.
{ lib }:
let
  linux = [
    "aarch64-linux"
    "x86_64-linux"
  ];
  darwin = [ "aarch64-darwin" ];
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
    inherit linux darwin;
    unix = linux ++ darwin;
    all = linux ++ darwin;
    none = [ ];
  };

  systems.flakeExposed = linux ++ darwin;
}
