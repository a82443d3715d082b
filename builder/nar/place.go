package nar

import (
	"errors"
	"io/fs"
	"path"

	"golang.org/x/sys/unix"
)

// place is where a file is: its name in an open directory, which the kernel
// finds sooner than a long path, and for messages the path of that directory.
type place struct {
	dir   string
	at    int // file descriptor of dir
	name  string
	depth int // levels below the root
}

func (p place) path() string { return path.Join(p.dir, p.name) }

func (p place) error(op string, err error) error {
	return &fs.PathError{Op: op, Path: p.path(), Err: err}
}

// open opens the file for reading, but never follows a symlink.
func (p place) open(flags int) (int, error) {
	flags |= unix.O_RDONLY | unix.O_CLOEXEC | unix.O_NOFOLLOW
	fd, err := retry(func() (int, error) { return unix.Openat(p.at, p.name, flags, 0) })
	if err != nil {
		return -1, p.error("open", err)
	}
	return fd, nil
}

// mode returns the file's type and permissions.
func (p place) mode() (uint32, error) {
	var stat unix.Stat_t
	_, err := retry(func() (int, error) { return 0, unix.Fstatat(p.at, p.name, &stat, unix.AT_SYMLINK_NOFOLLOW) })
	if err != nil {
		return 0, p.error("lstat", err)
	}
	return uint32(stat.Mode), nil
}

// retry repeats a system call that a signal interrupted.
func retry(call func() (int, error)) (int, error) {
	for {
		n, err := call()
		if !errors.Is(err, unix.EINTR) {
			return n, err
		}
	}
}
