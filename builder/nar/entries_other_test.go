//go:build !linux || portable

package nar

import (
	"testing"

	"golang.org/x/sys/unix"
)

func TestDuplicateIsClosedOnExec(t *testing.T) {
	fd, err := place{at: unix.AT_FDCWD, name: t.TempDir()}.open(unix.O_DIRECTORY)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	other, err := duplicate(fd)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(other)
	flags, err := unix.FcntlInt(uintptr(other), unix.F_GETFD, 0)
	if err != nil || other == fd || flags&unix.FD_CLOEXEC == 0 {
		t.Errorf("got descriptor %d of %d with flags %#x, %v", other, fd, flags, err)
	}
}
