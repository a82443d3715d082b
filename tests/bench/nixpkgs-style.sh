#!/usr/bin/env bash
# Makes a binary cache like nixpkgs' Python script, reimplemented in bash and perl.
# For each store path it runs four processes: a shell, nix-store --dump, the
# compressor, and nix-hash of the file; NIX_BUILD_CORES store paths in parallel.
#
# usage: tests/bench/nixpkgs-style.sh COMPRESSOR GRAPH DIRECTORY
#
# GRAPH has a line for each path: path, NAR hash, NAR size, content address or a
# dash, and the base names of the references.
set -euo pipefail

main() {
  local compressor=$1 graph=$2 directory=$3
  mkdir -p "$directory"/{nar,realisations,debuginfo,log}
  cd "$directory"
  echo "StoreDir: ${NIX_STORE:-/nix/store}" >nix-cache-info
  cut -d ' ' -f 1 "$graph" |
    xargs -n 1 -P "$NIX_BUILD_CORES" sh -c "$pack" "$compressor" >hashes
  perl -e "$narinfos" "$compressor" hashes "$graph"
  rm hashes
}

# $0 is the compressor, $1 the store path.
pack='
  file=nar/${1##*/}
  nix-store --dump "$1" | "$0" >"$file"
  echo "$1" "$(nix-hash --base32 --type sha256 --flat "$file")"
'

# NB: one process, as in nixpkgs' script: a process for each mv, stat and so on would
# make it slower.
narinfos='
  use v5.10;
  my ($compressor, $hashes, $graph) = @ARGV;
  my $suffix = $compressor eq "zstd" ? "zst" : "xz";

  open(my $in, "<", $hashes) or die $!;
  my %hash = map { split } <$in>;

  open($in, "<", $graph) or die $!;
  while (<$in>) {
    my ($path, $narHash, $narSize, $ca, @references) = split;
    my ($base, $id) = $path =~ m{(([^/-]+)-[^/]+)$};
    my $url = "nar/$hash{$path}.nar.$suffix";
    my $size = -s "nar/$base";
    rename("nar/$base", $url) or die $!;
    open(my $out, ">", "$id.narinfo") or die $!;
    say $out "StorePath: $path\nURL: $url\nCompression: $compressor";
    say $out "FileHash: sha256:$hash{$path}\nFileSize: $size";
    say $out "NarHash: $narHash\nNarSize: $narSize\nReferences: @references";
    say $out "CA: $ca" if $ca ne "-";
  }
'

main "$@"
