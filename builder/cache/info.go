package cache

import (
	"fmt"
	"strings"
)

const infoFile = "nix-cache-info"

// Info is what nix-cache-info tells of a cache as a whole.
type Info struct {
	// StoreDir is the store directory that all the paths are in.
	StoreDir string
	// WantMassQuery allows Nix to ask for many store paths at once, as
	// nix-store --query --available-substitutes and nix-env --status do.
	WantMassQuery bool
	// Priority orders substituters, the lowest first. Without one, Nix takes 0.
	Priority *int32
}

func (i Info) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "StoreDir: %s\n", i.StoreDir)
	if i.WantMassQuery {
		fmt.Fprintln(&text, "WantMassQuery: 1")
	}
	if i.Priority != nil {
		fmt.Fprintf(&text, "Priority: %d\n", *i.Priority)
	}
	return text.String()
}
