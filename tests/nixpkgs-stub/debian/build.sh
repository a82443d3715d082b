# Converts a .deb to a store path:
#
#   bin, sbin, usr/bin, usr/sbin             -> $out/bin
#   lib, lib64, usr/lib, usr/lib/<triplet>   -> $out/lib
#   the rest of usr                          -> $out
#   the rest                                 -> $out
#
# Symlinks, ELF files and scripts then refer to store paths. Paths compiled into
# programs stay Debian's.
shopt -s dotglob
export LC_ALL=C # a character is a byte

depends=$propagatedBuildInputs

main() {
  dpkg-deb -x "$src" root
  make_links_absolute
  move_all
  each l fix_link
  each f fix_file
  eval "$extraScript"
  if [ -n "$depends" ]; then
    mkdir -p "$out/nix-support"
    echo "$depends" >"$out/nix-support/propagated-build-inputs"
  fi
}

# Calls a function for each file of a type (f or l) in $out.
each() {
  local path
  find "$out" -type "$1" >"$NIX_BUILD_TOP/files"
  while IFS= read -r path; do "$2" "$path"; done <"$NIX_BUILD_TOP/files"
}

# Sets REPLY to the path of Debian's file $1 below $out.
mapped() {
  local path=${1#/usr}
  case $path in
    /sbin/*) path=/bin/${path#/sbin/} ;;
    /lib64/*) path=/lib/${path#/lib64/} ;;
    /lib/*-linux-gnu/*) path=/lib/${path#/lib/*-linux-gnu/} ;;
  esac
  REPLY=$path
}

# After the move, a relative symlink is broken unless its target is in the same
# directory. A target that is not in this package is in a dependency.
make_links_absolute() {
  local link target
  find root -type l >links
  while IFS= read -r link; do
    target=$(readlink "$link")
    if [[ $target != /* ]] && { [[ $target == */* || $target == .. ]] || ! [ -e "$link" ]; }; then
      resolve "${link#root}" "$target"
      ln -sfn "$REPLY" "$link"
    fi
  done <links
}

# resolve /a/b/link ../c sets REPLY to /a/c.
resolve() {
  local part parts
  REPLY=${1%/*}
  IFS=/ read -ra parts <<<"$2"
  for part in "${parts[@]}"; do
    case $part in
      "" | .) ;;
      ..) REPLY=${REPLY%/*} ;;
      *) REPLY+=/$part ;;
    esac
  done
}

move_all() {
  local dir
  mkdir "$out"
  for dir in root/lib/*-linux-gnu root/usr/lib/*-linux-gnu root/{lib64,usr/lib}; do merge "$dir" "$out/lib"; done
  for dir in root/{bin,sbin,usr/sbin}; do merge "$dir" "$out/bin"; done
  merge root/usr "$out"
  merge root "$out"
}

# Moves the contents of directory $1 to $2, which may have some of the names already.
merge() {
  local from
  [ -d "$1" ] && ! [ -L "$1" ] || return 0
  mkdir -p "$2"
  for from in "$1"/*; do
    local to=$2/${from##*/}
    if [ -d "$from" ] && ! [ -L "$from" ] && [ -d "$to" ]; then
      merge "$from" "$to"
    elif ! [ -L "$from" ] || ! [ -e "$to" ]; then
      mv "$from" "$to"
    else
      rm "$from" # lib64/ld-linux.so is a symlink to the existing file
    fi
  done
  rmdir "$1"
}

# Sets REPLY to the path of Debian's file $1 here or in a dependency.
find_file() {
  local dir
  mapped "$1"
  for dir in "$out" $depends; do
    if [ -e "$dir$REPLY" ] || [ -L "$dir$REPLY" ]; then
      REPLY=$dir$REPLY
      return 0
    fi
  done
  return 1
}

fix_link() {
  local target
  target=$(readlink "$1")
  if [[ $target == /* ]] && find_file "$target" && [ "$REPLY" != "$1" ]; then
    ln -sfn "$REPLY" "$1"
  fi
}

fix_file() {
  local magic
  IFS= read -r -n 4 -d '' magic <"$1" || true
  case $magic in
    $'\177ELF') fix_elf "$1" ;;
    '#!'*) if [ -x "$1" ]; then fix_script "$1"; fi ;;
  esac
}

# The interpreter becomes that of a dependency, if one has it.
fix_script() {
  local line interpreter argument
  IFS= read -r line <"$1"
  read -r interpreter argument <<<"${line#'#!'}"
  if [[ $interpreter == */env ]]; then read -r interpreter argument <<<"/bin/$argument"; fi
  if find_file "/bin/${interpreter##*/}"; then
    sed -i "1s|.*|#!$REPLY${argument:+ $argument}|" "$1"
  fi
}

# Sets the loader of programs, and the rpath of programs and libraries. Object files
# and static programs have neither; the loader itself must not be changed.
fix_elf() {
  if [[ ${1##*/} == ld-linux* || ${1##*/} == libc.so.* ]]; then return; fi
  if head -c 4096 "$1" | grep -qE '/lib(64)?/ld-linux'; then
    new_rpath "$1"
    find_loader
    patchelf --set-interpreter "$REPLY" --set-rpath "$rpath" "$1"
  elif [[ ${1##*/} == *.so || ${1##*/} == *.so.* ]]; then
    new_rpath "$1"
    patchelf --set-rpath "$rpath" "$1"
  fi
}

find_loader() {
  local dir loader
  for dir in $depends; do
    for loader in "$dir"/lib/ld-linux*.so.*; do
      REPLY=$loader
      return
    done
  done
  echo "$pname has a program but does not depend on libc6" >&2
  exit 1
}

# Sets rpath: the existing directories of the old one, the libraries of this package
# and those of its dependencies.
new_rpath() {
  local old dir
  rpath=
  IFS=: read -ra old <<<"$(patchelf --print-rpath "$1")"
  for dir in "${old[@]}"; do
    if [[ $dir == *'$ORIGIN'* ]]; then
      rpath+=$dir:
    elif find_file "$dir"; then
      rpath+=$REPLY:
    fi
  done
  for dir in "$out" $depends; do
    if [ -d "$dir/lib" ]; then rpath+=$dir/lib:; fi
  done
  rpath=${rpath%:}
}

main
