#!/bin/sh
# Makes a complete binary cache from this delta cache, in which patches replace NAR files:
#
#   sh /media/usb/cache/apply /var/tmp/cache
#
# This script needs Nix and the store paths that the patches are made against. If it is
# stopped, run it again: it keeps the NAR files that are complete. Each line of
# patches/list describes a patch:
#
#   PATCH SHA256 BASE BASE-NAR-SIZE NAR-FILE SHA256 NAR-SIZE STORE-PATH
#
# The cache writes BASE, and the zstd program, with a comma in the hash, because it does
# not reference them.
set -eu
export LC_ALL=C

fail() {
  echo "apply: $*" >&2
  exit 1
}

# Prints the first zstd program of version 1.4.5 or newer: that in PATH, or that in the
# cache.
find_zstd() {
  in_cache=$(tr -d , <patches/zstd)
  for program in zstd $in_cache; do
    if [ "$program" = "$in_cache" ]; then
      nix-store --realise "${program%/bin/zstd}" --option substituters "file://$cache?trusted=1" >/dev/null || return
    fi
    if "$program" -H 2>/dev/null | grep -q patch-from; then
      echo "$program"
      return
    fi
  done
}

# Makes a NAR file in the directory $work. The arguments are the eight words of a line of
# patches/list.
apply_patch() {
  [ ! -e "$target/$5" ] || return 0
  base=${3%,*}${3#*,}
  if nix-store --dump "$base" >"$work/base" &&
    "$zstd" -d -q -f --long=31 --patch-from="$work/base" "$1" -o "$work/nar" &&
    [ "$($sha256 <"$work/nar")" = "$6  -" ]; then
    mv "$work/nar" "$target/$5"
  elif [ "$($sha256 <"$1")" != "$2  -" ]; then
    fail "$cache/$1: corrupt patch; copy the cache again"
  elif ! nix-store --verify-path "$base"; then
    fail "$base: store path was modified; run \"nix-store --verify --check-contents --repair\", or use a cache without deltaFrom"
  else
    fail "$5: cannot apply the patch; check that there is enough space and memory, or use a cache without deltaFrom"
  fi
}

# Applies each patch whose line number in patches/list is $1 modulo $jobs.
#
# NB: the loop does not read from a pipe: it would then run in another process, which
# would survive if this one is killed.
apply_patches() {
  work=$stage/$1
  mkdir "$work"
  awk -v first="$1" -v jobs="$jobs" 'NR % jobs == first { print NR, $0 }' patches/list >"$work/list"
  while read -r number line; do
    echo "apply: $number/$count ${line##*/}"
    # shellcheck disable=SC2086 # the line is eight words
    apply_patch $line </dev/null
  done <"$work/list"
}

# Copies the files of directory $1, but neither those in its subdirectories nor those that
# the complete cache lacks or has with other contents.
copy_files() {
  mkdir -p "$target/$1"
  find "$1" ! -path "$1" -type d -prune -o -type f \
    ! -name apply ! -name index.html ! -name 'SHA256SUMS*' ! -name nix-cache-info \
    -exec sh -euc 'to=$1 stage=$2; shift 2; cp "$@" "$stage"; cd "$stage"; mv -f ./* "$to"' \
    sh "$target/$1" "$stage/files" {} +
}

[ $# -eq 1 ] || fail "usage: sh $0 DIRECTORY"
command -v nix-store >/dev/null || fail "nix-store: not found; install Nix"
if command -v sha256sum >/dev/null; then sha256=sha256sum; else sha256='shasum -a 256'; fi
cache=$(cd "$(dirname "$0")" && pwd -P)
mkdir -p "$1"
target=$(cd "$1" && pwd -P)
stage=$target/.apply/$$ # of this run: a killed run may still write to its own
[ "$target" != "$cache" ] || fail "$1: choose another directory than that of the cache"
cd "$cache"

count=$(awk 'END { print NR }' patches/list)
if [ "$count" -gt 0 ]; then
  missing=$(cut -d ' ' -f 3 patches/list | tr -d , | sort -u | xargs nix-store --check-validity --print-invalid)
  [ -z "$missing" ] || fail "missing store paths; use a cache without deltaFrom:
$missing"
  zstd=$(find_zstd) || true
  [ -n "$zstd" ] || fail "zstd: 1.4.5 or newer not found; install it, or run this as root to substitute it from the cache"
fi

# A job needs $largest MiB of space, for a base and a NAR as files, and as much memory.
largest=$(awk '{ n = $4 + $7; if (n > max) max = n } END { printf "%d", max / 1048576 + 32 }' patches/list)
jobs=$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
memory=$(awk '/^MemAvailable:/ { printf "%d", $2 / 1024 }' /proc/meminfo 2>/dev/null || true)
[ -z "$memory" ] || [ "$memory" -ge $((jobs * largest)) ] || jobs=$((memory / largest))
[ "$jobs" -le "$count" ] || jobs=$count
[ "$jobs" -gt 0 ] || jobs=1
made=$(awk '{ sum += $7 } END { printf "%d", sum / 1048576 + 1 }' patches/list)
space=$((made + $(du -sk . | cut -f 1) / 1024 + jobs * largest - $(du -sk "$target" | cut -f 1) / 1024))
free=$(($(df -Pk "$target" | awk 'NR == 2 { print $4 }') / 1024))
echo "apply: $count patches, $jobs jobs, up to $((jobs * largest)) MiB of memory, $space MiB of space in $target"
[ "$free" -ge "$space" ] || fail "$target: $free MiB free, expected $space MiB"

# NAR files get their names when they are complete, and nix-cache-info comes last:
# without it the directory is not a cache.
pids=
trap 'kill $pids 2>/dev/null || true; wait; rm -rf "$target/.apply"' EXIT
trap 'exit 1' HUP INT TERM
rm -rf "$target/.apply"
mkdir -p "$stage/files" "$target/nar"
job=0
while [ "$job" -lt "$jobs" ]; do
  apply_patches "$job" &
  pids="$pids $!"
  job=$((job + 1))
done
for pid in $pids; do
  wait "$pid" || exit 1
done
for file in nar/*; do
  [ -e "$target/$file" ] || [ ! -e "$file" ] || { cp "$file" "$stage/file" && mv "$stage/file" "$target/$file"; }
done
for directory in . */; do
  case $directory in
  nar/ | patches/) ;;
  *) copy_files "${directory%/}" ;;
  esac
done
if [ -e SHA256SUMS ]; then
  { grep -v -e '  patches/' -e '  apply$' -e '  index.html$' SHA256SUMS && awk '{ print $6 "  " $5 }' patches/list; } |
    sort -u -k 2 >"$stage/file"
  mv "$stage/file" "$target/SHA256SUMS"
fi
cp nix-cache-info "$stage/file"
mv "$stage/file" "$target/nix-cache-info"
echo "apply: complete cache in $target"
