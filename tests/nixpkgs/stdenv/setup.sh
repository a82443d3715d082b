# The generic builder: the environment of a build, then its phases.
# SHELL and initialPath are set above.
__setup_options=$-
set -eu -o pipefail
shopt -s inherit_errexit nullglob

# Attributes: variables of the environment, or of .attrs.sh when structured.

if [ -f .attrs.sh ] || [ -n "${NIX_ATTRS_JSON_FILE-}" ]; then
  __structuredAttrs=1
  echo "structuredAttrs is enabled"
  for name_ in "${!outputs[@]}"; do export "$name_=${outputs[$name_]}"; done
  for name_ in "${!env[@]}"; do export "$name_=${env[$name_]}"; done
  # Nix 2.4 to 2.14 in a sandbox name files that are not there.
  [ -e "${NIX_ATTRS_JSON_FILE-}" ] || export NIX_ATTRS_JSON_FILE=$NIX_BUILD_TOP/.attrs.json
  [ -e "${NIX_ATTRS_SH_FILE-}" ] || export NIX_ATTRS_SH_FILE=$NIX_BUILD_TOP/.attrs.sh
else
  __structuredAttrs=
  : "${outputs:=out}"
fi

getAllOutputNames() {
  if [ -n "$__structuredAttrs" ]; then echo "${!outputs[*]}"; else echo "$outputs"; fi
}

# Appends the words of each named list to the array $1, be it an array or a
# string to split. `name=default` stands for an empty list.
concatTo() {
  local -n __target=$1
  local __arg __type
  for __arg in "${@:2}"; do
    local -n __list=${__arg%%=*}
    __type=$(declare -p "${__arg%%=*}" 2>/dev/null) || __type=
    if [ -z "${__list[*]-}" ]; then
      [ "$__arg" = "${__arg#*=}" ] || __target+=("${__arg#*=}")
    elif [[ $__type == "declare -a"* ]]; then
      __target+=("${__list[@]}")
    else
      __target+=($__list)
    fi
  done
}

concatStringsSep() {
  local -a words_=()
  concatTo words_ "$2"
  local IFS=$1
  echo -n "${words_[*]}"
}

# Runs the function or the variable called preBuild, say, then all that the array
# preBuildHooks has.
runHook() {
  local hooks_="${1%Hook}Hooks[@]" hook_
  if declare -F "$1" >/dev/null; then
    "$1"
  elif [ -n "${!1-}" ]; then
    eval "${!1}"
  fi
  for hook_ in ${!hooks_+"${!hooks_}"}; do eval "$hook_"; done
}

# Inputs: their programs to PATH, their setup hooks, and what they propagate.

PATH=
for dir_ in $initialPath; do PATH=$PATH${PATH:+:}$dir_/bin; done
export PATH CONFIG_SHELL=$SHELL shell=$SHELL SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-315532800} TZ=UTC
__tools=$PATH PATH_= __seen=" "

addInput() {
  [[ $__seen != *" $1 "* ]] || return 0
  __seen+="$1 "
  if ! [ -e "$1" ]; then
    echo "build input $1 does not exist" >&2
    exit 1
  fi
  if [ -d "$1/bin" ]; then PATH_+=$1/bin:; fi
  if [ -f "$1/nix-support/setup-hook" ]; then source "$1/nix-support/setup-hook"; fi
  local list_ input_
  for list_ in "$1"/nix-support/propagated-{native-build,build}-inputs; do
    if [ -f "$list_" ]; then
      for input_ in $(<"$list_"); do addInput "$input_"; done
    fi
  done
}

__inputs=()
concatTo __inputs depsBuildBuild nativeBuildInputs propagatedNativeBuildInputs
# With strictDeps, only what is made to run here comes to PATH.
[ -n "${strictDeps-}" ] || concatTo __inputs buildInputs propagatedBuildInputs
for dir_ in ${__inputs[@]+"${__inputs[@]}"}; do addInput "$dir_"; done
PATH=$PATH_$__tools
unset PATH_ dir_

if [ "${NIX_BUILD_CORES:-1}" -le 0 ]; then NIX_BUILD_CORES=$(nproc); fi
export NIX_BUILD_CORES=${NIX_BUILD_CORES:-1}

# No program is to find certificates in /etc; cacert's setup hook brings some.
export NIX_SSL_CERT_FILE=${NIX_SSL_CERT_FILE:-/no-cert-file.crt}
export SSL_CERT_FILE=${SSL_CERT_FILE:-/no-cert-file.crt}

__exitHandler() {
  local status_=$?
  set +e
  if [ "$status_" != 0 ]; then runHook failureHook; else runHook exitHook; fi
  return "$status_"
}
trap __exitHandler EXIT

# Phases.

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

runHook postHook
runHook userHook

# As it was before: the text of a package may use variables that are not set.
[[ $__setup_options == *e* ]] || set +e
[[ $__setup_options == *u* ]] || set +u
