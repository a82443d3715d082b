# Returns a file or tree that tests/setup added to the Nix store, by its hash: evaluation
# is pure, as with nixpkgs' requireFile.
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

  # The builder runs only if the file is not in the store. `builtin:fetchurl` needs no
  # program, and its error message has the URL.
  system = "builtin";
  builder = "builtin:fetchurl";
  url = "${name} is not in the store: run tests/setup";
  preferLocalBuild = true;
}
// {
  inherit version;
}
