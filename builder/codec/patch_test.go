package codec

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The zstd program applies patches, which are small if the data is similar to the base.
func TestPatch(t *testing.T) {
	base := sample(1<<20 + 3)
	changed := append(bytes.Clone(base[1<<19:]), base[:1<<19]...)
	file := filepath.Join(t.TempDir(), "base")
	if err := os.WriteFile(file, base, 0o644); err != nil {
		t.Fatal(err)
	}
	low, high := 1, 12
	for _, level := range []*int{nil, &low, &high} {
		patcher, err := NewPatcher(level)
		if err != nil {
			t.Fatal(err)
		}
		for _, data := range [][]byte{base, changed, base[:112]} {
			var patch bytes.Buffer
			w, err := patcher.NewWriter(t.Context(), &patch, file, int64(len(data)))
			if err != nil {
				t.Fatal(err)
			}
			_, err = w.Write(data)
			if err := errors.Join(err, w.Close()); err != nil {
				t.Fatal(err)
			}
			if patch.Len() > 1000 {
				t.Errorf("the patch of %d bytes has %d", len(data), patch.Len())
			}
			cmd := exec.Command("zstd", "-d", "--long=31", "--patch-from="+file, "--stdout")
			cmd.Stdin = &patch
			if out, err := cmd.Output(); err != nil || !bytes.Equal(out, data) {
				t.Errorf("%d bytes differ: %v", len(data), err)
			}
		}
	}
	invalid := 23
	if _, err := NewPatcher(&invalid); err == nil {
		t.Error("accepted level 23")
	}
}
