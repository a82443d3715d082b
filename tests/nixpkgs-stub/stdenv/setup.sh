# The environment of a build. SHELL and initialPath are set above.
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
concatTo __inputs defaultNativeBuildInputs depsBuildBuild nativeBuildInputs propagatedNativeBuildInputs
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

runHook postHook
runHook userHook

# As it was before: the text of a package may use variables that are not set.
[[ $__setup_options == *e* ]] || set +e
[[ $__setup_options == *u* ]] || set +u
