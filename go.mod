module mkbinarycache

go 1.25.0

require (
	github.com/klauspost/compress v1.20.4
	github.com/nix-community/go-nix v0.0.0-20250101154619-4bdde671e0a1
	github.com/rs/zerolog v1.35.1
	golang.org/x/sys v0.47.0
)

// For the tests.
require (
	github.com/rogpeppe/go-internal v1.16.0
	golang.org/x/sync v0.22.0
)

require (
	github.com/mattn/go-colorable v0.1.14 // indirect
	github.com/mattn/go-isatty v0.0.20 // indirect
	golang.org/x/tools v0.26.0 // indirect
)
