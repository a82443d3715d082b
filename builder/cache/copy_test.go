package cache

import (
	"context"
	"errors"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// Reuse also copies a NAR file if the kernel refuses copy_file_range: here with EBADF,
// because the new file is in append mode.
func TestReuseWithoutCopyFileRange(t *testing.T) {
	narinfo := storePath + "URL: " + narURL + "\n" + fileFields + narFields + references
	previous := previousCache(t, narinfo, narURL)
	dir, _ := create(t)
	f, err := dir.NewNarFile(storeHash, ".zst")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Discard()
	from, err := os.Open(previous.path + "/" + narURL)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	if _, err := unix.FcntlInt(f.file.Fd(), unix.F_SETFL, unix.O_APPEND); err != nil {
		t.Fatal(err)
	}
	if _, err := unix.CopyFileRange(int(from.Fd()), nil, int(f.file.Fd()), nil, 5, 0); !errors.Is(err, unix.EBADF) {
		t.Fatalf("got error %v of copy_file_range", err)
	}
	reused, reuseErrs, err := f.Reuse(context.Background(), []*Previous{previous}, info(t))
	if !reused || err != nil || len(reuseErrs) > 0 {
		t.Errorf("reused %v, got errors %v, %v", reused, reuseErrs, err)
	}
}
