# The environment of a build, and its phases. SHELL and initialPath are set above.
__setup_options=$-
set -eu -o pipefail
shopt -s inherit_errexit nullglob

# Attributes are environment variables, or variables of .attrs.sh if structured.

if [ -f .attrs.sh ] || [ -n "${NIX_ATTRS_JSON_FILE-}" ]; then
  __structuredAttrs=1
  echo "structuredAttrs is enabled"
  for name_ in "${!outputs[@]}"; do export "$name_=${outputs[$name_]}"; done
  for name_ in "${!env[@]}"; do export "$name_=${env[$name_]}"; done
  # NB: in a sandbox, Nix 2.4 to 2.14 names files that do not exist.
  [ -e "${NIX_ATTRS_JSON_FILE-}" ] || export NIX_ATTRS_JSON_FILE=$NIX_BUILD_TOP/.attrs.json
  [ -e "${NIX_ATTRS_SH_FILE-}" ] || export NIX_ATTRS_SH_FILE=$NIX_BUILD_TOP/.attrs.sh
else
  __structuredAttrs=
  : "${outputs:=out}"
fi

# Appends the words of each named list, an array or a string, to the array $1.
concatTo() {
  local -n __target=$1
  local __arg
  for __arg in "${@:2}"; do
    local -n __list=$__arg
    if [[ $(declare -p "$__arg" 2>/dev/null) == "declare -a"* ]]; then
      __target+=("${__list[@]}")
    else
      __target+=(${__list-})
    fi
  done
}

# Runs the function or the variable named preBuild, say.
runHook() {
  if declare -F "$1" >/dev/null; then
    "$1"
  elif [ -n "${!1-}" ]; then
    eval "${!1}"
  fi
}

# Inputs: adds their programs to PATH, and those of the inputs that they propagate.

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
  local list_=$1/nix-support/propagated-build-inputs input_
  if [ -f "$list_" ]; then
    for input_ in $(<"$list_"); do addInput "$input_"; done
  fi
}

__inputs=()
concatTo __inputs nativeBuildInputs buildInputs propagatedBuildInputs
for dir_ in ${__inputs[@]+"${__inputs[@]}"}; do addInput "$dir_"; done
PATH=$PATH_$__tools
unset PATH_ dir_

if [ "${NIX_BUILD_CORES:-1}" -le 0 ]; then NIX_BUILD_CORES=$(nproc); fi
export NIX_BUILD_CORES=${NIX_BUILD_CORES:-1}

# As in nixpkgs, no program uses the certificates in /etc.
export NIX_SSL_CERT_FILE=${NIX_SSL_CERT_FILE:-/no-cert-file.crt}
export SSL_CERT_FILE=${SSL_CERT_FILE:-/no-cert-file.crt}

# The phases. There is neither make nor a compiler: packages define most of them.

unpackPhase() {
  [ -n "${src-}" ] || return 0
  source_=$(basename "$src")
  cp -r "$src" "${source_:33}"
  chmod -R u+w "${source_:33}"
  cd "${source_:33}"
}
patchPhase() {
  local patch_
  for patch_ in $patches; do patch -p1 <"$patch_"; done
}
configurePhase() { :; }
buildPhase() { :; }
checkPhase() { :; }
installPhase() { :; }

genericBuild() {
  if [ -f "${buildCommandPath-}" ]; then
    source "$buildCommandPath"
  elif [ -n "${buildCommand-}" ]; then
    eval "$buildCommand"
  else
    local phase_
    for phase_ in unpackPhase patchPhase configurePhase buildPhase ${doCheck:+checkPhase} installPhase; do
      echo "Running phase: $phase_"
      eval "${!phase_:-$phase_}"
    done
  fi
}

# The commands of a package may use unset variables.
[[ $__setup_options == *e* ]] || set +e
[[ $__setup_options == *u* ]] || set +u
