/**
  Shell with the programs that the tests run. Its variable NIXPKGS makes them use the
  nixpkgs of the flake.
*/
{
  lib,
  stdenv,
  runCommandLocal,
  mkShellNoCC,
  nixpkgs,
  cdrkit,
  git,
  go,
  libarchive,
  mtools,
  nix,
  nixfmt,
  openssh,
  pkgsStatic,
  python3,
  rsync,
  util-linux,
  wget,
  xz,
  zstd,
}:

let
  # NB: the applets of busybox must not replace other programs.
  busybox = runCommandLocal "busybox-program" { } ''
    mkdir -p $out/bin
    ln -s ${pkgsStatic.busybox}/bin/busybox $out/bin
  '';
in
mkShellNoCC {
  packages = [
    cdrkit
    git
    go
    libarchive
    mtools
    nix
    nixfmt
    openssh
    (python3.withPackages (packages: [ packages.zstandard ]))
    rsync
    wget
    xz
    zstd
  ]
  ++ lib.optionals stdenv.hostPlatform.isLinux [
    busybox
    util-linux
  ];
  NIXPKGS = "${nixpkgs}";
  shellHook = ''
    echo "run make test, go test ./builder/... (unit tests), nix flake check (in the sandbox) or nix fmt" >&2
  '';
}
