package nar

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

const magic = "nix-archive-1"

// A Dumper writes archives. It owns the buffer that file contents are read
// into, so one Dumper for many trees saves garbage. It serves one goroutine at
// a time.
type Dumper struct {
	out stream
}

// NewDumper returns a Dumper with a buffer of its own.
func NewDumper() *Dumper {
	return &Dumper{out: stream{buf: make([]byte, 0, bufferSize)}}
}

// Dump writes the archive of the tree at path to w. An error names the file
// that it is about; an error of w comes as it is.
func (d *Dumper) Dump(w io.Writer, path string) error {
	d.out.reset(w)
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	d.out.str(magic)
	if err := d.node(path, info.Mode().Type()); err != nil {
		return err
	}
	return d.out.flush()
}

// node writes the file, directory or symlink at path.
func (d *Dumper) node(path string, kind fs.FileMode) error {
	d.out.str("(", "type")
	var err error
	switch kind {
	case 0:
		err = d.regular(path)
	case fs.ModeDir:
		err = d.directory(path)
	case fs.ModeSymlink:
		err = d.symlink(path)
	default:
		err = fmt.Errorf("%s: a %s cannot be archived", path, describe(kind))
	}
	if err != nil {
		return err
	}
	d.out.str(")")
	return d.out.err
}

func (d *Dumper) regular(path string) error {
	// NB: the flags guard against a path that changes under our feet:
	// O_NOFOLLOW against a symlink, O_NONBLOCK against waiting for a fifo.
	fd, err := retry(func() (int, error) {
		return unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	})
	if err != nil {
		return &fs.PathError{Op: "open", Path: path, Err: err}
	}
	defer unix.Close(fd)
	var stat unix.Stat_t
	if err := unix.Fstat(fd, &stat); err != nil {
		return &fs.PathError{Op: "fstat", Path: path, Err: err}
	}
	if stat.Mode&unix.S_IFMT != unix.S_IFREG {
		return fmt.Errorf("%s: it is a regular file no longer", path)
	}
	d.out.str("regular")
	if stat.Mode&unix.S_IXUSR != 0 {
		d.out.str("executable", "")
	}
	d.out.str("contents")
	if err := d.out.contents(fd, stat.Size); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func (d *Dumper) directory(path string) error {
	entries, err := list(path)
	if err != nil {
		return err
	}
	d.out.str("directory")
	for _, entry := range entries {
		d.out.str("entry", "(", "name", entry.name, "node")
		if err := d.node(path+"/"+entry.file.Name(), entry.file.Type()); err != nil {
			return err
		}
		d.out.str(")")
	}
	return nil
}

func (d *Dumper) symlink(path string) error {
	target, err := os.Readlink(path)
	if err != nil {
		return err
	}
	d.out.str("symlink", "target", target)
	return nil
}

func describe(kind fs.FileMode) string {
	switch {
	case kind&fs.ModeNamedPipe != 0:
		return "fifo"
	case kind&fs.ModeSocket != 0:
		return "socket"
	case kind&fs.ModeDevice != 0:
		return "device"
	default:
		return "file of unknown type"
	}
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
