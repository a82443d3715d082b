# make demo               build a cache of hello, and substitute hello from it
# make test               all unit and end-to-end tests
# make test-nix-versions  the end-to-end tests with the Nix of Debian 13 (2.26)
#                         and of the next Debian (2.34), and each Nix version
#                         with the caches of the others; as root
# make fuzz               all fuzz targets: 200000 inputs for each parser, 10000
#                         trees, 20000 texts; FUZZTIME=1000000x sets another
#                         number of inputs for all
# make test-architectures the builder on 386, arm64, arm, riscv64, s390x, by qemu-user
# make lint               staticcheck, actionlint, the race detector on the builder
# make vendor-hash        write nix/builder.nix's vendorHash, after a change of go.mod
# make bench              compare mkBinaryCache with nix copy and others; as root
#
# The targets need Debian 12 with Go; tests/setup installs the rest. With
# NIXPKGS=/path/to/nixpkgs, tests and demo use that nixpkgs, not the nixpkgs stub, and run
# on any Linux in the shell of `nix develop`, which has all programs that they need. They
# skip what needs Debian.

.PHONY: bench demo fuzz lint test test-architectures test-nix-versions setup setup-browser vendor-hash

ifdef NIXPKGS
override NIXPKGS := $(abspath $(NIXPKGS))
export NIXPKGS
endif

demo:
	@tests/demo

# The build tag portable selects the code for systems other than Linux.
#
# NB: -count=1, because the test cache of Go does not see changes of the builder and of
# nix/, which the end-to-end tests run.
test: setup-browser
	@rm -f .cache/skipped-tests
	@test -z "$$(gofmt -l builder tests)" || { gofmt -d builder tests; exit 1; }
	go vet ./...
	GOOS=darwin go build ./builder/...
	GOOS=freebsd go build ./builder/...
	go mod verify
	go test -timeout 30m -count=1 ./...
	go test -count=1 -tags portable ./builder/nar
	@[ ! -e .cache/skipped-tests ] || { sort .cache/skipped-tests; echo "$$(wc -l <.cache/skipped-tests) tests skipped"; }

# NB: tests/setup uses the Nix of forky, which a nixpkgs in NIXPKGS accepts.
test-nix-versions:
	@NIX_SUITE=forky tests/setup --browser
	NIX_SUITES='trixie forky' go test -timeout 30m -count=1 -run '^TestVersions$$' ./tests
	NIX_SUITE=trixie go test -timeout 30m -count=1 ./tests
	NIX_SUITE=forky go test -timeout 30m -count=1 ./tests

bench: setup
	go run ./tests/bench
	$(if $(NIXPKGS),,go run ./tests/bench -updates)

LARGE = TestScale|TestSameBytes.*|TestScheduling

# NB: the linters are not dependencies of the module, because they would change vendorHash.
# Large tests are too slow with the race detector.
lint:
	@tests/setup --lint
	go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...
	go run github.com/rhysd/actionlint/cmd/actionlint@v1.7.12 .github/workflows/ci.yml
	CGO_ENABLED=1 go test -timeout 30m -race -skip '^($(LARGE))$$' ./builder/...

SLOW = $(LARGE)|TestLargeCache|TestReusedEncoder

# Tests that start a program. NB: QEMU 7.2, that of Debian 12, often hangs then, and the
# kernel does not start the test program itself, which is the builder of some tests.
STARTS = TestCache|TestDefaultLevel|TestFaults|TestFile(Shrinks|Grows)|TestLevelsDiffer|TestNixEvaluates|TestNo(FileDescriptors|Space)Left|TestPatch|TestReuse|TestRoundTrip|Test.*Signal.*|TestUnreadableFile|TestWriteErrors|TestXZ.*

test-architectures:
	@tests/setup --qemu
	ARCHITECTURES='386 arm64 arm riscv64 s390x' go test -count=1 -run '^TestArchitectures$$' ./tests
	GOARCH=386 go test -count=1 -skip '^($(SLOW))$$' ./builder/...
	GOARCH=arm64 go test -count=1 -exec qemu-aarch64 -skip '^($(SLOW)|$(STARTS))$$' ./builder/...

# NB: -fuzztime is a number of inputs, because Go before 1.27 can fail at a time limit:
# golang/go#75804. FuzzDump has fewer inputs, because it writes its trees to disk.
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
