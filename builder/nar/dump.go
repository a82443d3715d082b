package nar

import (
	"cmp"
	"fmt"
	"io"

	"golang.org/x/sys/unix"
)

const magic = "nix-archive-1"

// MaxDepth is the number of levels below its root that a file tree may have so that every
// version of Nix unpacks its NAR: narMaxDepth in Nix's libutil/archive.cc, less the root.
const MaxDepth = 63

// A Dumper writes NARs. A Dumper owns the buffers for reading files, directories and
// symlinks; reusing one Dumper for many trees saves allocations. A Dumper is not safe for
// concurrent use.
type Dumper struct {
	out     stream
	scratch []byte // buffer for reading a directory or symlink
	tooDeep string
}

// NewDumper returns a Dumper.
func NewDumper() *Dumper {
	return &Dumper{
		out:     stream{buf: make([]byte, 0, bufferSize)},
		scratch: make([]byte, max(unix.PathMax, 32<<10)),
	}
}

// Dump writes the NAR of the tree at root to w. Errors name the file that cannot be read;
// an error of w is returned unchanged.
func (d *Dumper) Dump(w io.Writer, root string) error {
	return d.dump(w, root, nil)
}

// TooDeep returns the first file that is nested more than MaxDepth levels deep in the
// last NAR, or "".
func (d *Dumper) TooDeep() string { return d.tooDeep }

// DumpAndList is like Dump, and also returns the NAR listing. The memory of a listing
// grows with the number of files, not with their size.
func (d *Dumper) DumpAndList(w io.Writer, root string) (*Listing, error) {
	l := &Listing{path: root}
	if err := d.dump(w, root, &l.root); err != nil {
		return nil, err
	}
	return l, nil
}

// dump writes the NAR of the tree at root to w, and records the tree in m if m is not
// nil.
func (d *Dumper) dump(w io.Writer, root string, m *member) error {
	d.out.reset(w)
	d.tooDeep = ""
	rootRef := fileRef{dirFD: unix.AT_FDCWD, name: root}
	mode, err := rootRef.mode()
	if err != nil {
		return err
	}
	d.out.writeStrings(magic)
	if err := d.writeNode(rootRef, mode, m); err != nil {
		return err
	}
	return d.out.flush()
}

// writeNode writes the file, directory or symlink f of that mode, and records it in
// m if m is not nil.
func (d *Dumper) writeNode(f fileRef, mode uint32, m *member) error {
	if f.depth > MaxDepth && d.tooDeep == "" {
		d.tooDeep = f.path()
	}
	d.out.writeStrings("(", "type")
	if m != nil {
		m.mode = mode & unix.S_IFMT
	}
	var err error
	switch mode & unix.S_IFMT {
	case unix.S_IFREG:
		err = d.writeRegular(f, m)
	case unix.S_IFDIR:
		err = d.writeDirectory(f, m)
	case unix.S_IFLNK:
		err = d.writeSymlink(f, m)
	default:
		err = fmt.Errorf("%s: unsupported file type: %s", f.path(), typeName(mode))
	}
	if err != nil {
		return err
	}
	d.out.writeStrings(")")
	return d.out.err
}

func (d *Dumper) writeRegular(f fileRef, m *member) error {
	// NB: the file may have become a fifo since its directory was read. Without
	// O_NONBLOCK, open would wait for a writer of the fifo.
	fd, err := f.open(unix.O_NONBLOCK)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	var stat unix.Stat_t
	if _, err := retryEINTR(func() (int, error) { return 0, unix.Fstat(fd, &stat) }); err != nil {
		return f.error("fstat", err)
	}
	if stat.Mode&unix.S_IFMT != unix.S_IFREG {
		return fmt.Errorf("%s: no longer a regular file", f.path())
	}
	d.out.writeStrings("regular")
	executable := stat.Mode&unix.S_IXUSR != 0
	if executable {
		d.out.writeStrings("executable", "")
	}
	d.out.writeStrings("contents")
	if m != nil { // the contents follow their length, which has 8 bytes
		m.executable, m.size, m.offset = executable, stat.Size, d.out.offset()+8
	}
	if err := d.out.writeContents(fd, stat.Size); err != nil {
		return cmp.Or(d.out.err, f.error("read", err))
	}
	return nil
}

func (d *Dumper) writeDirectory(f fileRef, m *member) error {
	fd, err := f.open(unix.O_DIRECTORY)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	here := fileRef{dir: f.path(), dirFD: fd, depth: f.depth + 1}
	entries, err := here.readDir(d.scratch)
	if err != nil {
		return err
	}
	d.out.writeStrings("directory")
	if m != nil {
		m.entries = make([]member, len(entries))
	}
	for i, entry := range entries {
		d.out.writeStrings("entry", "(", "name", entry.name, "node")
		here.name = entry.diskName
		if err := d.writeNode(here, entry.mode, m.setEntry(i, entry.name)); err != nil {
			return err
		}
		d.out.writeStrings(")")
	}
	return nil
}

func (d *Dumper) writeSymlink(f fileRef, m *member) error {
	n, err := retryEINTR(func() (int, error) { return unix.Readlinkat(f.dirFD, f.name, d.scratch) })
	if err != nil {
		return f.error("readlink", err)
	}
	target := string(d.scratch[:n])
	d.out.writeStrings("symlink", "target", target)
	if m != nil {
		m.target = target
	}
	return nil
}

func typeName(mode uint32) string {
	switch mode & unix.S_IFMT {
	case unix.S_IFIFO:
		return "fifo"
	case unix.S_IFSOCK:
		return "socket"
	case unix.S_IFBLK, unix.S_IFCHR:
		return "device"
	default:
		return "file of unknown type"
	}
}
