package main

import "errors"

// hinted is an error with what to do about it.
type hinted struct {
	error
	hint string
}

func (h hinted) Unwrap() error { return h.error }

// Hints that are for more than one error.
const (
	// repairHint is for store paths that are not what Nix registered.
	repairHint = "nix-store --verify --check-contents --repair fetches or builds anew what is damaged in a store, and registers what is not"
	// showHint is for files outside of the store.
	showHint = "a build sees files outside of the store only with --option extra-sandbox-paths FILE"
)

// withHint adds a hint to err if the cause is in it.
func withHint(err, cause error, hint string) error {
	if !errors.Is(err, cause) {
		return err
	}
	return hinted{err, hint}
}

// hintOf returns the hint of err, or "".
func hintOf(err error) string {
	var h hinted
	if !errors.As(err, &h) {
		return ""
	}
	return h.hint
}
