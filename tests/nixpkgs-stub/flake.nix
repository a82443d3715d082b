{
  description = "nixpkgs stub for tests without a network";

  outputs = _: rec {
    lib = import ./lib;
    legacyPackages = lib.genAttrs lib.systems.flakeExposed (system: import ./. { inherit system; });
  };
}
