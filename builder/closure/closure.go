// Package closure has the types that the other packages share: a store path as the
// Nix database registers it, a root of a cache, and a shard of a closure.
//
// Not here: reading them, which is the task of package attrs.
package closure

import (
	"github.com/nix-community/go-nix/pkg/nixhash"

	"mkbinarycache/builder/storepath"
)

// PathInfo is a store path with the facts that Nix has registered about it.
type PathInfo struct {
	StorePath  storepath.Path
	NarHash    *nixhash.HashWithEncoding // SHA-256, in Nix's base 32
	NarSize    int64                     // bytes
	References []storepath.Path          // sorted; a path may reference itself
	CA         string                    // content address, or ""
}

// Root is a store path listed in rootPaths. Every other field comes from evaluation
// and is empty if evaluation does not have it.
type Root struct {
	Path            storepath.Path `json:"path"`
	Name            string         `json:"name"`
	PName           string         `json:"pname"`
	Version         string         `json:"version"`
	OutputName      string         `json:"outputName"`
	IsDefaultOutput bool           `json:"isDefaultOutput"` // of its derivation
}

// Shard selects one of several builders that share the work on a closure.
type Shard struct {
	Index int `json:"index"` // from 0
	Count int `json:"count"` // of all shards
}
