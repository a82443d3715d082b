# The phases of the generic builder. They come before setup.sh in one file with it.

stripHash() {
  local base_
  base_=$(basename -- "$1")
  if [[ $base_ =~ ^[a-z0-9]{32}- ]]; then echo "${base_:33}"; else echo "$base_"; fi
}

unpackFile() {
  echo "unpacking source archive $1"
  case $1 in
    *.tar.xz) xz -d <"$1" | tar xf - ;;
    *.tar | *.tar.* | *.tgz) tar xf "$1" ;;
    *)
      if ! [ -d "$1" ]; then
        echo "do not know how to unpack source archive $1" >&2
        exit 1
      fi
      cp -r -- "$1" "$(stripHash "$1")"
      ;;
  esac
}

# The directory that unpacking made is the source, unless the caller knows better.
findSourceRoot() {
  local dir_
  : "${sourceRoot=}"
  if [ -n "${setSourceRoot-}" ]; then
    runHook setSourceRoot
  elif [ -z "$sourceRoot" ]; then
    for dir_ in *; do
      if ! [ -d "$dir_" ] || [[ $1 == *" $dir_ "* ]]; then continue; fi
      if [ -n "$sourceRoot" ]; then
        echo "unpacker produced multiple directories" >&2
        exit 1
      fi
      sourceRoot=$dir_
    done
  fi
  if [ -z "$sourceRoot" ]; then
    echo "unpacker appears to have produced no directories" >&2
    exit 1
  fi
}

unpackPhase() {
  runHook preUnpack
  if [ -z "${srcs[*]-}" ] && [ -z "${src-}" ]; then
    echo 'variable $src or $srcs should point to the source' >&2
    exit 1
  fi
  local -a sources_=() before_=(*)
  concatTo sources_ "srcs=${src-}"
  local source_
  for source_ in "${sources_[@]}"; do unpackFile "$source_"; done
  findSourceRoot " ${before_[*]} "
  echo "source root is $sourceRoot"
  chmod -R u+w -- "$sourceRoot"
  runHook postUnpack
}

patchPhase() {
  runHook prePatch
  local -a patches_=() flags_=()
  local patch_
  concatTo patches_ patches
  concatTo flags_ patchFlags=-p1
  for patch_ in ${patches_[@]+"${patches_[@]}"}; do
    echo "applying patch $patch_"
    patch "${flags_[@]}" <"$patch_"
  done
  runHook postPatch
}

# There is neither make nor a compiler: packages bring these phases themselves.
configurePhase() { runHook preConfigure; runHook postConfigure; }
buildPhase() { runHook preBuild; runHook postBuild; }
checkPhase() { runHook preCheck; runHook postCheck; }
installPhase() { runHook preInstall; runHook postInstall; }
installCheckPhase() { runHook preInstallCheck; runHook postInstallCheck; }

fixupPhase() {
  local output_
  for output_ in $(getAllOutputNames); do
    if [ -e "${!output_}" ]; then chmod -R u+w "${!output_}"; fi
  done
  runHook preFixup
  local dev_=${dev-$out}
  recordPropagated propagatedBuildInputs "$dev_/nix-support/propagated-build-inputs"
  recordPropagated propagatedNativeBuildInputs "$dev_/nix-support/propagated-native-build-inputs"
  if [ -n "${setupHook-}" ]; then
    mkdir -p "$dev_/nix-support"
    substituteOut "$setupHook" >"$dev_/nix-support/setup-hook"
  fi
  runHook postFixup
}

recordPropagated() {
  local -a list_=()
  concatTo list_ "$1"
  [ ${#list_[@]} != 0 ] || return 0
  mkdir -p "$(dirname "$2")"
  printf '%s ' "${list_[@]}" >"$2"
}

# The one substitution that the setup hooks here need.
substituteOut() { sed "s|@out@|$out|g" "$1"; }

skipsPhase() {
  case $1 in
    unpackPhase) [ -n "${dontUnpack-}" ] ;;
    patchPhase) [ -n "${dontPatch-}" ] ;;
    configurePhase) [ -n "${dontConfigure-}" ] ;;
    buildPhase) [ -n "${dontBuild-}" ] ;;
    checkPhase) [ -z "${doCheck-}" ] ;;
    installPhase) [ -n "${dontInstall-}" ] ;;
    fixupPhase) [ -n "${dontFixup-}" ] ;;
    installCheckPhase) [ -z "${doInstallCheck-}" ] ;;
    *) false ;;
  esac
}

runPhase() {
  if skipsPhase "$1"; then return; fi
  echo "Running phase: $1"
  printf '@nix { "action": "setPhase", "phase": "%s" }\n' "$1" >&"$NIX_LOG_FD"
  eval "${!1:-$1}"
  if [ "$1" = unpackPhase ]; then cd -- "${sourceRoot:-.}"; fi
}

genericBuild() {
  if [ -f "${buildCommandPath-}" ]; then
    source "$buildCommandPath"
  elif [ -n "${buildCommand-}" ]; then
    eval "$buildCommand"
  else
    local -a phases_=()
    concatTo phases_ phases
    if [ ${#phases_[@]} = 0 ]; then
      concatTo phases_ prePhases
      phases_+=(unpackPhase patchPhase)
      concatTo phases_ preConfigurePhases
      phases_+=(configurePhase)
      concatTo phases_ preBuildPhases
      phases_+=(buildPhase checkPhase)
      concatTo phases_ preInstallPhases
      phases_+=(installPhase)
      concatTo phases_ preFixupPhases
      phases_+=(fixupPhase installCheckPhase)
      concatTo phases_ postPhases
    fi
    local phase_
    for phase_ in "${phases_[@]}"; do runPhase "$phase_"; done
  fi
}

