# Evaluates the cells of table.nix, which TestValues writes from a table of
# docs/arguments.md.
{
  pkgs ? import <nixpkgs> { },
  self ? null,
  inputs ? null,
}:
let
  inherit (import ./mkBinaryCache { inherit pkgs; }) mkBinaryCache;
  evaluate =
    cell:
    let
      given.${cell.argument} = if cell.argument == "secretKeyFile" then cell.value else [ cell.value ];
      cache = mkBinaryCache ({ rootPaths = [ ]; } // given);
      results = {
        rootPaths = cache.exportReferencesGraph.closure;
        inherit (cache.exportReferencesGraph) exclude;
        inherit (cache) reuse secretKeyFile;
      };
      got = toString results.${cell.argument};
    in
    {
      got = builtins.unsafeDiscardStringContext got;
      expected = builtins.unsafeDiscardStringContext (toString cell.expected);
      isInput = builtins.hasContext got;
    };
in
map evaluate (import ./table.nix { inherit pkgs self inputs; })
