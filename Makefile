# make demo               build a cache of hello, and substitute hello from it
# make test               all tests
# make test-nix-versions  the end-to-end tests with the Nix of Debian 13 (2.26)
#                         and of the next Debian (2.34), and each version with
#                         the caches of the others; as root
# make fuzz               all fuzz targets: 200000 inputs for each parser, 10000
#                         trees, 20000 texts; FUZZTIME=1000000x for that many each
# make lint               staticcheck, and the race detector on the builder
# make vendor-hash        write nix/builder.nix's vendorHash, after a change of go.mod
# make bench              compare it with nix copy and others; as root
#
# They need Debian 12 with Go; tests/setup installs the rest. With
# NIXPKGS=/path/to/nixpkgs, tests and demo use that nixpkgs, not the stub; then a shell of
# `nix develop` on any Linux will do, without the tests that need Debian.

.PHONY: bench demo fuzz lint test test-nix-versions setup setup-browser vendor-hash

ifdef NIXPKGS
override NIXPKGS := $(abspath $(NIXPKGS))
export NIXPKGS
endif

demo:
	@tests/demo

# The tag portable selects the code for systems other than Linux.
#
# NB: -count=1, because the test cache of Go does not see changes of what the end-to-end
# tests run: the builder and nix/.
test: setup-browser
	@rm -f .cache/left-out
	@test -z "$$(gofmt -l builder tests)" || { gofmt -d builder tests; exit 1; }
	go vet ./...
	GOOS=darwin go build ./builder/...
	GOOS=freebsd go build ./builder/...
	go mod verify
	go test -timeout 30m -count=1 ./...
	go test -count=1 -tags portable ./builder/nar
	@[ ! -e .cache/left-out ] || { sort .cache/left-out; echo "$$(wc -l <.cache/left-out) tests left out"; }

# NB: NIX_SUITE selects a Nix that NIXPKGS accepts.
test-nix-versions:
	@NIX_SUITE=forky tests/setup --browser
	NIX_SUITES='trixie forky' go test -timeout 30m -count=1 -run '^TestVersions$$' ./tests
	NIX_SUITE=trixie go test -timeout 30m -count=1 ./tests
	NIX_SUITE=forky go test -timeout 30m -count=1 ./tests

bench: setup
	go run ./tests/bench

# NB: the linter is not a dependency of the module, because it would change vendorHash.
# Large tests are too slow with the race detector.
lint:
	@tests/setup --lint
	go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...
	CGO_ENABLED=1 go test -timeout 30m -race -skip '^(TestScale|TestSameBytes.*|TestScheduling)$$' ./builder/...

# NB: counts, because Go before 1.27 can fail at a time limit: golang/go#75804. Fewer
# trees, because they are written to disk.
FUZZ = go test -run '^$$' -fuzzminimizetime 1000x -fuzztime

fuzz:
	$(FUZZ) $(or $(FUZZTIME),200000x) -fuzz '^FuzzParse$$' ./builder/attrs
	$(FUZZ) $(or $(FUZZTIME),200000x) -fuzz '^FuzzParseDerivation$$' ./builder/drv
	$(FUZZ) $(or $(FUZZTIME),200000x) -fuzz '^FuzzParse$$' ./builder/storepath
	$(FUZZ) $(or $(FUZZTIME),200000x) -fuzz '^FuzzParseNarInfo$$' ./builder/cache
	$(FUZZ) $(or $(FUZZTIME),10000x) -fuzz '^FuzzDump$$' ./builder/nar
	$(FUZZ) $(or $(FUZZTIME),20000x) -fuzz '^FuzzZstd$$' ./builder/codec

vendor-hash: setup
	go test -count=1 -run '^TestVendorHash$$' ./tests -update

setup:
	@tests/setup

setup-browser:
	@tests/setup --browser
