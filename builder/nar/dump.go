package nar

import (
	"cmp"
	"fmt"
	"io"

	"golang.org/x/sys/unix"
)

const magic = "nix-archive-1"

// MaxDepth is how many levels below its root a tree may have for every Nix to
// take its archive: narMaxDepth, less the root, in Nix's libutil/archive.cc.
const MaxDepth = 63

// A Dumper writes archives. It owns the buffers that files, directories and
// symlinks are read into, so one Dumper for many trees saves garbage. It serves
// one goroutine at a time.
type Dumper struct {
	out     stream
	scratch []byte // for the directory or symlink that is being read
	tooDeep string
}

// NewDumper returns a Dumper with a buffer of its own.
func NewDumper() *Dumper {
	return &Dumper{
		out:     stream{buf: make([]byte, 0, bufferSize)},
		scratch: make([]byte, max(unix.PathMax, 32<<10)),
	}
}

// Dump writes the archive of the tree at root to w. An error names the file
// that it is about; an error of w comes as it is.
func (d *Dumper) Dump(w io.Writer, root string) error {
	return d.dump(w, root, nil)
}

// TooDeep returns the first file of the archive written last that is below
// MaxDepth, or "".
func (d *Dumper) TooDeep() string { return d.tooDeep }

// DumpAndList is Dump that also returns the archive's listing, which takes
// memory for each file, whatever its size.
func (d *Dumper) DumpAndList(w io.Writer, root string) (*Listing, error) {
	l := &Listing{path: root}
	if err := d.dump(w, root, &l.root); err != nil {
		return nil, err
	}
	return l, nil
}

// dump describes the tree in m, unless that is nil.
func (d *Dumper) dump(w io.Writer, root string, m *member) error {
	d.out.reset(w)
	d.tooDeep = ""
	top := place{at: unix.AT_FDCWD, name: root}
	mode, err := top.mode()
	if err != nil {
		return err
	}
	d.out.str(magic)
	if err := d.node(top, mode, m); err != nil {
		return err
	}
	return d.out.flush()
}

// node writes the file, directory or symlink at p, whose type is in mode, and
// describes it in m, unless that is nil.
func (d *Dumper) node(p place, mode uint32, m *member) error {
	if p.depth > MaxDepth && d.tooDeep == "" {
		d.tooDeep = p.path()
	}
	d.out.str("(", "type")
	if m != nil {
		m.mode = mode & unix.S_IFMT
	}
	var err error
	switch mode & unix.S_IFMT {
	case unix.S_IFREG:
		err = d.regular(p, m)
	case unix.S_IFDIR:
		err = d.directory(p, m)
	case unix.S_IFLNK:
		err = d.symlink(p, m)
	default:
		err = fmt.Errorf("%s: a %s cannot be archived", p.path(), describe(mode))
	}
	if err != nil {
		return err
	}
	d.out.str(")")
	return d.out.err
}

func (d *Dumper) regular(p place, m *member) error {
	// NB: the file may have become a fifo since its directory was read, which
	// without O_NONBLOCK would wait for a writer.
	fd, err := p.open(unix.O_NONBLOCK)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	var stat unix.Stat_t
	if _, err := retry(func() (int, error) { return 0, unix.Fstat(fd, &stat) }); err != nil {
		return p.error("fstat", err)
	}
	if stat.Mode&unix.S_IFMT != unix.S_IFREG {
		return fmt.Errorf("%s: it is no longer a regular file", p.path())
	}
	d.out.str("regular")
	executable := stat.Mode&unix.S_IXUSR != 0
	if executable {
		d.out.str("executable", "")
	}
	d.out.str("contents")
	if m != nil { // the contents begin after their length
		m.executable, m.size, m.offset = executable, stat.Size, d.out.offset()+8
	}
	if err := d.out.contents(fd, stat.Size); err != nil {
		return cmp.Or(d.out.err, p.error("read", err))
	}
	return nil
}

func (d *Dumper) directory(p place, m *member) error {
	fd, err := p.open(unix.O_DIRECTORY)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	here := place{dir: p.path(), at: fd, depth: p.depth + 1}
	entries, err := here.list(d.scratch)
	if err != nil {
		return err
	}
	d.out.str("directory")
	if m != nil {
		m.entries = make([]member, len(entries))
	}
	for i, entry := range entries {
		d.out.str("entry", "(", "name", entry.name, "node")
		here.name = entry.file
		if err := d.node(here, entry.mode, m.entry(i, entry.name)); err != nil {
			return err
		}
		d.out.str(")")
	}
	return nil
}

func (d *Dumper) symlink(p place, m *member) error {
	n, err := retry(func() (int, error) { return unix.Readlinkat(p.at, p.name, d.scratch) })
	if err != nil {
		return p.error("readlink", err)
	}
	target := string(d.scratch[:n])
	d.out.str("symlink", "target", target)
	if m != nil {
		m.target = target
	}
	return nil
}

func describe(mode uint32) string {
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
