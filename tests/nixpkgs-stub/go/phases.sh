# The phases of buildGoModule and of its modules.

goPaths() {
  export GOCACHE=$TMPDIR/go-cache GOPATH=$TMPDIR/go
}

# The modules.

goModConfigurePhase() {
  runHook preConfigure
  goPaths
  cd "$modRoot"
  runHook postConfigure
}

goModBuildPhase() {
  runHook preBuild
  if [ -n "$deleteVendor" ]; then
    if ! [ -d vendor ]; then
      echo "vendor folder does not exist, 'deleteVendor' is not needed"
      exit 10
    fi
    rm -r vendor
  fi
  if [ -d vendor ]; then
    echo "vendor folder exists, please set 'vendorHash = null;' in your expression"
    exit 10
  fi
  if [ -n "$proxyVendor" ]; then go mod download; else go mod vendor; fi
  mkdir -p vendor
  runHook postBuild
}

goModInstallPhase() {
  runHook preInstall
  if [ -n "$proxyVendor" ]; then
    rm -rf "$GOPATH/pkg/mod/cache/download/sumdb"
    cp -r "$GOPATH/pkg/mod/cache/download" "$out"
  else
    cp -r vendor "$out"
  fi
  if [ -z "$(ls -A "$out")" ]; then
    echo "vendor folder is empty, please set 'vendorHash = null;' in your expression"
    exit 10
  fi
  runHook postInstall
}

# The program.

goConfigurePhase() {
  runHook preConfigure
  goPaths
  export GOPROXY=off GOSUMDB=off
  cd "$modRoot"
  if [ -n "$goModules" ] && [ -n "$proxyVendor" ]; then
    export GOPROXY=file://$goModules
  elif [ -n "$goModules" ]; then
    rm -rf vendor
    cp -r "$goModules" vendor
  fi
  runHook postConfigure
}

# The packages to build, or with `_test` to test.
goPackages() {
  local -a wanted_=()
  concatTo wanted_ subPackages
  if [ ${#wanted_[@]} != 0 ]; then
    printf './%s\n' "${wanted_[@]}"
    return
  fi
  local skip_='/_|examples|Godeps|testdata|/vendor/' excluded_
  excluded_=$(concatStringsSep '|' excludedPackages)
  find . -type f -name "*$1.go" -exec dirname {} \; |
    grep -vE "($skip_${excluded_:+|$excluded_})" | sort -u || true
}

goRun() {
  local -a flags_=(-p "$NIX_BUILD_CORES") tags_=() ldflags_=()
  concatTo tags_ tags
  concatTo ldflags_ ldflags
  if [ ${#tags_[@]} != 0 ]; then flags_+=("-tags=$(concatStringsSep , tags)"); fi
  if [ ${#ldflags_[@]} != 0 ]; then flags_+=("-ldflags=${ldflags_[*]}"); fi
  go "$1" "${flags_[@]}" "${@:2}"
}

goBuildPhase() {
  runHook preBuild
  local package_
  for package_ in $(goPackages ""); do
    echo "Building subPackage $package_"
    goRun install "$package_"
  done
  runHook postBuild
}

goCheckPhase() {
  runHook preCheck
  # Tests may look for their files by the path in the program.
  export GOFLAGS=${GOFLAGS//-trimpath/}
  local -a flags_=()
  local package_
  concatTo flags_ checkFlags
  for package_ in $(goPackages _test); do
    goRun test -vet=off ${flags_[@]+"${flags_[@]}"} "$package_"
  done
  runHook postCheck
}

goInstallPhase() {
  runHook preInstall
  mkdir -p "$out"
  if [ -e "$GOPATH/bin" ]; then cp -r "$GOPATH/bin" "$out"; fi
  runHook postInstall
}
