# Beside it are a copy of the project and the cells, which are made from the page.
{
  inputs.nixpkgs.url = "path:/not/there";
  outputs =
    { self, nixpkgs }@inputs:
    {
      cells = import ./cells.nix {
        pkgs = nixpkgs.legacyPackages.x86_64-linux;
        inherit self inputs;
      };
    };
}
