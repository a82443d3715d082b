# make demo               build a cache of hello, and get hello back from it
# make test               all tests
# make test-nix-versions  the end-to-end tests with the Nix of Debian 13 (2.26)
#                         and of the next Debian (2.34), and all three with the
#                         caches of each other; as root
# make bench              measure it beside nix copy and others; as root
#
# They run on Debian 12 with Go and nothing else: tests/setup installs the rest.

.PHONY: bench demo test test-nix-versions setup

demo: setup
	@tests/demo

test: setup
	@test -z "$$(gofmt -l builder tests)" || { gofmt -d builder tests; exit 1; }
	go vet ./...
	go mod verify
	go test -timeout 30m ./...

# NB: Nix 2.34 refuses trees that are more than 64 directories deep, and where the
# Go toolchain is in /usr, a command with the Nix of another suite does not see it.
test-nix-versions: setup
	NIX_SUITES='trixie forky' go test -count=1 -run '^TestVersions$$' ./tests
	NIX_SUITE=trixie go test -count=1 -skip '^TestNAR$$/^the_Go_toolchain$$' ./tests
	NIX_SUITE=forky go test -count=1 -skip '^TestNAR$$/^(deep|the_Go_toolchain)$$' ./tests

bench: setup
	go run ./tests/bench

FUZZTIME = 20s

fuzz:
	go test ./builder/closure -run '^$$' -fuzz '^FuzzParse$$' -fuzztime $(FUZZTIME)
	go test ./builder/closure -run '^$$' -fuzz '^FuzzParseStorePath$$' -fuzztime $(FUZZTIME)
	go test ./builder/nar -run '^$$' -fuzz '^FuzzDump$$' -fuzztime $(FUZZTIME)

setup:
	@tests/setup
