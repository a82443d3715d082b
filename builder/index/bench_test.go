package index

import (
	"fmt"
	"io"
	"testing"
)

// A large closure: 5,000 paths with eight references each.
func BenchmarkWrite(b *testing.B) {
	name := func(i int) string { return fmt.Sprintf("%032d-package-%d-1.2.3", i, i) }
	page := Page{Name: "binary-cache", StoreDir: "/nix/store", Compression: "zstd"}
	for i := range 5000 {
		path := Path{Name: name(i), URL: fmt.Sprintf("nar/%052d.nar.zst", i), NarSize: int64(i) * 4096, FileSize: int64(i) * 1024}
		for j := range 8 {
			path.References = append(path.References, name(i*(j+1)%5000))
		}
		page.Paths = append(page.Paths, path)
	}
	for b.Loop() {
		if err := Write(io.Discard, page); err != nil {
			b.Fatal(err)
		}
	}
}
