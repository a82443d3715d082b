# Lets the Nix of this shell use what tests/setup has made in the checkout, where
# the shell is, or the nixpkgs in the directory $NIXPKGS:
#
#   . tests/env.sh
export NIX_PATH=nixpkgs=${NIXPKGS:-$PWD/.cache/nixpkgs}
export NIX_USER_CONF_FILES=$PWD/.cache/nix.conf

# For the derivation that fetches the builder's Go modules.
for variable in GOPROXY GONOPROXY GOPRIVATE GOSUMDB GONOSUMDB GOFLAGS; do
  export "$variable=$(go env $variable)"
done
unset variable
