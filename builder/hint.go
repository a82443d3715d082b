package main

import "errors"

// hinted is an error with what to do about it.
type hinted struct {
	error
	hint string
}

func (h hinted) Unwrap() error { return h.error }

// withHint adds a hint to err if the cause is in it.
func withHint(err, cause error, hint string) error {
	if !errors.Is(err, cause) {
		return err
	}
	return hinted{err, hint}
}

// repairHint is for a store path that is not what Nix registered.
const repairHint = "nix-store --verify --check-contents --repair fetches or builds anew what is damaged in a store"

// hintOf returns the hint of err, or "".
func hintOf(err error) string {
	var h hinted
	if !errors.As(err, &h) {
		return ""
	}
	return h.hint
}
