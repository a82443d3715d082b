package nar

import (
	"errors"
	"io/fs"
	"path"

	"golang.org/x/sys/unix"
)

// fileRef refers to a file by its name in an open directory, which the kernel resolves
// faster than a long path. dir is for error messages.
type fileRef struct {
	dir   string // path of the directory
	dirFD int    // file descriptor of the directory
	name  string
	depth int // levels below the root of the tree
}

func (f fileRef) path() string { return path.Join(f.dir, f.name) }

func (f fileRef) error(op string, err error) error {
	return &fs.PathError{Op: op, Path: f.path(), Err: err}
}

// open opens the file for reading. It does not follow a symlink.
func (f fileRef) open(flags int) (int, error) {
	flags |= unix.O_RDONLY | unix.O_CLOEXEC | unix.O_NOFOLLOW
	fd, err := retryEINTR(func() (int, error) { return unix.Openat(f.dirFD, f.name, flags, 0) })
	if err != nil {
		return -1, f.error("open", err)
	}
	return fd, nil
}

// mode returns the file's type and permissions.
func (f fileRef) mode() (uint32, error) {
	var stat unix.Stat_t
	_, err := retryEINTR(func() (int, error) { return 0, unix.Fstatat(f.dirFD, f.name, &stat, unix.AT_SYMLINK_NOFOLLOW) })
	if err != nil {
		return 0, f.error("lstat", err)
	}
	return uint32(stat.Mode), nil
}

// retryEINTR repeats a system call that is interrupted by a signal.
func retryEINTR(call func() (int, error)) (int, error) {
	for {
		n, err := call()
		if !errors.Is(err, unix.EINTR) {
			return n, err
		}
	}
}
