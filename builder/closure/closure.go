// Package closure has the types that the other packages share: a store path with its
// properties in the Nix database, a root of a cache, and a shard of a closure.
//
// Not in this package: parsing these types from .attrs.json, which package attrs does.
package closure

import (
	"github.com/nix-community/go-nix/pkg/nixhash"

	"mkbinarycache/builder/storepath"
)

// PathInfo is a store path with its properties in the Nix database.
type PathInfo struct {
	StorePath  storepath.Path
	NarHash    *nixhash.HashWithEncoding // SHA-256, in Nix's base 32
	NarSize    int64                     // bytes
	References []storepath.Path          // sorted; a path may reference itself
	CA         string                    // content address, or ""
}

// Root is a store path listed in the argument rootPaths. The fields other than Path come
// from the evaluation of its derivation, and are empty without one.
type Root struct {
	Path            storepath.Path `json:"path"`
	Name            string         `json:"name"`
	PName           string         `json:"pname"`
	Version         string         `json:"version"`
	OutputName      string         `json:"outputName"`
	IsDefaultOutput bool           `json:"isDefaultOutput"` // of its derivation
}

// Shard selects a shard, one of Count parts of a closure, each packed by its own builder.
type Shard struct {
	Index int `json:"index"` // from 0
	Count int `json:"count"` // number of shards
}
