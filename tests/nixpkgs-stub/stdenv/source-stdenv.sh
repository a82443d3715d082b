# NB: in a sandbox, Nix 2.4 to 2.14 names a file that does not exist.
if [ -e "${NIX_ATTRS_SH_FILE-}" ]; then
  . "$NIX_ATTRS_SH_FILE"
elif [ -f .attrs.sh ]; then
  . .attrs.sh
fi
source "$stdenv/setup"
source "$1"
