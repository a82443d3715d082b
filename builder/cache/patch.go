package cache

import (
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/nix-community/go-nix/pkg/narinfo"

	"mkbinarycache/builder/closure"
	"mkbinarycache/builder/storepath"
)

const patchDir = "patches"

// patchFiles are the names of the files that writePatches adds to a cache with patches.
var patchFiles = []string{"apply", "patches/list", "patches/zstd", "patches/closure"}

// applyScript is the shell script with which the target makes NAR files from the patches.
//
//go:embed apply.sh
var applyScript []byte

// Patch replaces the NAR file of one store path. From the patch and the NAR of another
// store path, the base of the patch, the script apply makes an uncompressed NAR file.
type Patch struct {
	hashedFile
	URL         string // name of the patch in the cache
	Base        closure.PathInfo
	NarInfo     *narinfo.NarInfo // of the NAR file that apply makes; nil before Publish
	NarFileSize int64            // bytes of the NAR file that the patch replaces
}

// EnablePatches makes Finish write the script apply and the list of patches. zstd is the
// path of the zstd program that apply may substitute from the cache, or "".
//
// released has all store paths that the target has after the update.
func (d *Dir) EnablePatches(zstd string, released []storepath.Path) error {
	d.hasPatches, d.targetZstd, d.released = true, zstd, released
	return os.Mkdir(d.pathOf(patchDir), 0o755)
}

// NewPatch creates a patch that Publish uses if it is smaller than the NAR file.
func (f *NarFile) NewPatch(base closure.PathInfo) (*Patch, error) {
	file, err := f.dir.newHashedFile(path.Join(patchDir, f.storeHash))
	if err != nil {
		return nil, err
	}
	f.patch = &Patch{hashedFile: file, URL: path.Join(patchDir, f.storeHash+".zst"), Base: base}
	return f.patch, nil
}

// FileSize returns the size of the patch in bytes.
func (p *Patch) FileSize() int64 { return p.digest.Size() }

// publishPatch adds the patch to the cache in place of the NAR file.
func (f *NarFile) publishPatch(info *narinfo.NarInfo) error {
	f.patch.NarInfo, f.patch.NarFileSize = info, f.digest.Size()
	f.dir.mutex.Lock()
	f.dir.patches = append(f.dir.patches, f.patch)
	f.dir.mutex.Unlock()
	return f.patch.commit(f.dir, f.patch.URL)
}

// Patches returns the published patches, largest NAR first.
func (d *Dir) Patches() []*Patch {
	return slices.SortedFunc(slices.Values(d.patches), func(a, b *Patch) int {
		return cmp.Or(cmp.Compare(b.NarInfo.NarSize, a.NarInfo.NarSize), cmp.Compare(a.NarInfo.StorePath, b.NarInfo.StorePath))
	})
}

// writePatches writes the script apply, the list of patches and the name of the zstd
// program, if patches are enabled.
func (d *Dir) writePatches() error {
	if !d.hasPatches {
		return nil
	}
	var list strings.Builder
	for _, p := range d.Patches() {
		fmt.Fprintf(&list, "%s %x %s %d %s %x %d %s\n", p.URL, p.digest.Sum().Digest(), hideReference(string(p.Base.StorePath)),
			p.Base.NarSize, p.NarInfo.URL, p.NarInfo.NarHash.Digest(), p.NarInfo.NarSize, p.NarInfo.StorePath)
	}
	var hashes strings.Builder
	for _, path := range d.released {
		fmt.Fprintln(&hashes, path.Hash())
	}
	return errors.Join(
		d.WriteFile(patchFiles[0], applyScript),
		d.WriteFile(patchFiles[1], []byte(list.String())),
		d.WriteFile(patchFiles[2], []byte(hideReference(d.targetZstd)+"\n")),
		d.WriteFile(patchFiles[3], []byte(hashes.String())),
	)
}

var hashPattern = regexp.MustCompile(`^(/.*?/[0-9a-z]{16})([0-9a-z]{16}-)`)

// hideReference inserts a comma into the hash of a store path, so that Nix does not find
// a reference to the store path. Otherwise the closure of a cache with patches would have
// their bases: with this cache as deltaFrom, the next release would need them again.
func hideReference(path string) string {
	return hashPattern.ReplaceAllString(path, "$1,$2")
}

// Tools returns those of paths that the cache in dir has only for the script apply. It
// returns nothing if dir is not a cache with patches.
func Tools(dir string, paths []storepath.Path) (tools []storepath.Path) {
	released, err := os.ReadFile(filepath.Join(dir, patchFiles[3]))
	if err != nil {
		return nil
	}
	isReleased := map[string]bool{}
	for hash := range strings.FieldsSeq(string(released)) {
		isReleased[hash] = true
	}
	for _, path := range paths {
		if _, err := os.Stat(filepath.Join(dir, path.Hash()+".narinfo")); err == nil && !isReleased[path.Hash()] {
			tools = append(tools, path)
		}
	}
	return tools
}
