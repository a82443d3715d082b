# Makes Nix in this shell use the nixpkgs stub that tests/setup wrote, or the nixpkgs in
# $NIXPKGS. Source it in the checkout:
#
#   . tests/env.sh
export NIX_PATH=nixpkgs=${NIXPKGS:-$PWD/.cache/nixpkgs}
export NIX_USER_CONF_FILES=$PWD/.cache/nix.conf

# The derivation that fetches the Go modules of the builder reads these variables.
for variable in GOPROXY GONOPROXY GOPRIVATE GOSUMDB GONOSUMDB GOFLAGS; do
  export "$variable=$(go env $variable)"
done
unset variable
