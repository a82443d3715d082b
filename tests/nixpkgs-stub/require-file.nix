# A file or tree that tests/setup puts into the store, known here by its hash:
# evaluation stays pure, as with nixpkgs' requireFile.
{
  name,
  hash,
  mode, # "flat" for a file, "recursive" for a tree
  version,
}:
derivation {
  inherit name;
  outputHash = hash;
  outputHashAlgo = "sha256";
  outputHashMode = mode;

  # The output exists, so this never runs. If it does, then the file is missing:
  # `builtin:fetchurl` needs no program, and its error message quotes the URL.
  system = "builtin";
  builder = "builtin:fetchurl";
  url = "${name} is not in the store: run tests/setup";
  preferLocalBuild = true;
}
// {
  inherit version;
}
