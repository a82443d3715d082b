{
  inputs.nixpkgs.url = "path:/not/there"; # overridden
  outputs =
    { self, nixpkgs }@inputs:
    {
      cells = import ./cells.nix {
        pkgs = nixpkgs.legacyPackages.x86_64-linux;
        inherit self inputs;
      };
    };
}
