# make demo   build a cache of hello, and get hello back from it
# make test   all tests
#
# Both run on Debian 12 with Go and nothing else: tests/setup installs the rest.

.PHONY: demo test setup

demo: setup
	@tests/demo

test: setup
	@test -z "$$(gofmt -l builder tests)" || { gofmt -d builder tests; exit 1; }
	go vet ./...
	go mod verify
	go test -timeout 30m ./...

setup:
	@tests/setup
