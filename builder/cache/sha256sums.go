package cache

import (
	"encoding/hex"
	"maps"
	"slices"
	"strings"
)

const sumsFile = "SHA256SUMS"

// EnableSHA256Sums makes Finish write SHA256SUMS, with the checksums of all files of the
// cache that are written after this call.
//
// NB: no file is read again for its checksum: all files are hashed while they are
// written, and NAR files must be hashed anyway, since their names are their hashes.
func (d *Dir) EnableSHA256Sums() { d.checksums = map[string]string{} }

func (d *Dir) addChecksum(name string, digest *Digest) {
	if d.checksums == nil {
		return
	}
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.checksums[name] = hex.EncodeToString(digest.Sum().Digest())
}

// writeSHA256Sums writes SHA256SUMS if enabled, in the format of sha256sum --check.
// SHA256SUMS includes the last file of the cache, which is written after SHA256SUMS.
func (d *Dir) writeSHA256Sums(lastName string, lastContents []byte) error {
	if d.checksums == nil {
		return nil
	}
	digest := NewDigest()
	_, _ = digest.Write(lastContents) // cannot fail
	d.addChecksum(lastName, digest)
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(d.checksums)) {
		text.WriteString(d.checksums[name] + "  " + name + "\n")
	}
	return d.WriteFile(sumsFile, []byte(text.String()))
}
