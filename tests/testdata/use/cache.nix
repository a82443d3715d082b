# The cache of the testscripts in this directory, and its store paths by name. Each
# version of Nix builds a cache of its own.
let
  pkgs = import <mkBinaryCache/tests/packages.nix>;
  inherit (pkgs) fixtures runCommandLocal;

  # File names that differ only in case or Unicode normal form, and names that sort unlike
  # the trees below them.
  names = runCommandLocal "names" { } ''
    mkdir $out
    cd $out
    mkdir foo
    touch foo/x foo-x foo.x foo0 Foo FOO
    echo composed >$'\xc3\xa4'
    echo decomposed >$'a\xcc\x88'
  '';

  # A derivation with several outputs, which Nix may substitute.
  multi = fixtures.multi.overrideAttrs { allowSubstitutes = true; };

  kinds = {
    inherit names;
    inherit (fixtures)
      text
      textWithReference
      fixedTree
      fixedFile
      selfReferencing
      file
      executable
      symlink
      danglingSymlink
      emptyFile
      emptyDirectory
      oddNames
      ;
    inherit (multi) dev doc;
    library = multi.out;
  };
in
{
  inherit multi;
  paths = builtins.mapAttrs (_: path: "${path}") kinds;
  cache = pkgs.mkBinaryCache {
    name = "binary-cache-by-nix-${builtins.nixVersion}";
    rootPaths = builtins.attrValues kinds;
  };
}
