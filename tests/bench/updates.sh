#!/usr/bin/env bash
# Prepares the older and newer releases that the update workloads compare, in
# .cache/updates: two Go toolchains of the Go proxy, and a nixpkgs stub with packages of
# Debian 13.
#
# usage: tests/bench/updates.sh, after tests/setup
set -euo pipefail
cd "$(dirname "$0")/../.."

old_go=1.26.6
new_go=1.26.7
packages=(bash hello curl emacs-nox htop patchelf xz-utils zstd)
updates=$PWD/.cache/updates

main() {
  . tests/env.sh
  mkdir -p "$updates"
  add_go go-old "$old_go"
  add_go go-new "$new_go"
  [ -d "$updates/nixpkgs" ] || add_debian
}

# add_go NAME VERSION links .cache/updates/NAME to a toolchain in the store.
add_go() {
  local module
  [ ! -e "$updates/$1" ] || return 0
  module=$(go mod download -json "golang.org/toolchain@v0.0.1-go$2.$(go env GOOS)-$(go env GOARCH)" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
  ln -sfn "$(nix store add-path --name "go-$2" "$module")" "$updates/$1"
}

add_debian() {
  local apt=$updates/apt
  mkdir -p "$apt"/{lists,archives}/partial "$updates/debs"
  : >"$apt/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(mirror) trixie main" >"$apt/sources.list"
  cat >"$apt/apt.conf" <<END
Dir::State::lists "$apt/lists";
Dir::State::status "$apt/status";
Dir::Cache "$apt";
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "-";
APT::Sandbox::User "root";
END
  export APT_CONFIG=$apt/apt.conf
  apt-get -qq update
  go run ./tests/debian -debs "$updates/debs" -list "$updates/debian.json" "${packages[@]}"
  cp -r .cache/nixpkgs "$updates/nixpkgs.new"
  cp "$updates/debian.json" "$updates/nixpkgs.new"
  mv "$updates/nixpkgs.new" "$updates/nixpkgs"
}

# The mirror that apt uses on this machine.
mirror() {
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | head -n 1
}

main
