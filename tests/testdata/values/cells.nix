# Evaluates the cells of table.nix, which TestValues writes from docs/arguments.md.
{
  pkgs ? import <nixpkgs> { },
  self ? null,
  inputs ? null,
}:
let
  inherit (import ./mkBinaryCache { inherit pkgs; }) mkBinaryCache;

  evaluate =
    {
      argument,
      value,
      expected,
    }:
    let
      given.${argument} = if argument == "secretKeyFile" then value else [ value ];
      cache = mkBinaryCache ({ rootPaths = [ ]; } // given);
      results = {
        rootPaths = cache.exportReferencesGraph.closure;
        inherit (cache.exportReferencesGraph) exclude;
        inherit (cache) reuse secretKeyFile;
      };
      got = toString results.${argument};
    in
    {
      got = builtins.unsafeDiscardStringContext got;
      expected = builtins.unsafeDiscardStringContext (toString expected);
      isInput = builtins.hasContext got;
    };
in
map evaluate (
  import ./table.nix {
    inherit (pkgs) hello;
    inherit self inputs;
  }
)
