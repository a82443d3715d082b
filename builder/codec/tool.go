package codec

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"os/exec"
	"sync"
)

// tool is a program that compresses from its standard input to its standard
// output, a process for each block.
type tool struct {
	name          string // also of the compression
	path          string // where the program is
	arguments     []string
	sizeArgument  string // what the size of the block is appended to, or ""
	suffix        string
	block, memory int64
}

// newTool finds the program.
func newTool(t tool) (Codec, error) {
	var err error
	if t.path, err = exec.LookPath(t.name); err != nil {
		return nil, fmt.Errorf("compression %q needs the %s tool: %w", t.name, t.name, err)
	}
	return t, nil
}

func (t tool) Suffix() string { return t.suffix }

func (t tool) BlockSize() int64 { return t.block }

func (t tool) Memory() int64 { return t.memory }

// NewWriter starts a process.
func (t tool) NewWriter(ctx context.Context, w io.Writer, size int64) (io.WriteCloser, error) {
	arguments := t.arguments
	if t.sizeArgument != "" {
		arguments = append([]string{fmt.Sprint(t.sizeArgument, size)}, arguments...)
	}
	p := &process{name: t.name, out: sink{w: w}}
	p.cmd = exec.CommandContext(ctx, t.path, arguments...)
	// NB: not nil, which would be our own environment: its variables, such as XZ_OPT
	// and ZSTD_CLEVEL, must not change what the tool writes.
	p.cmd.Env = []string{}
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.complaint
	p.finish = sync.OnceValue(p.closeAndWait)
	var err error
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	return p, p.cmd.Start()
}

// process is a running compressor that is written to.
type process struct {
	name      string
	cmd       *exec.Cmd
	stdin     io.WriteCloser
	out       sink
	complaint bytes.Buffer
	finish    func() error
}

// Write fails with what the process says of its end, if that is what broke the
// pipe.
func (p *process) Write(b []byte) (int, error) {
	n, err := p.stdin.Write(b)
	if err != nil {
		err = cmp.Or(p.finish(), err)
	}
	return n, err
}

// Close ends the input and waits for the output.
func (p *process) Close() error { return p.finish() }

func (p *process) closeAndWait() error {
	closeErr := p.stdin.Close()
	err := p.cmd.Wait()
	if p.out.err != nil {
		return p.out.err
	}
	if err != nil {
		return fmt.Errorf("%s: %w: %q", p.name, err, bytes.TrimSpace(p.complaint.Bytes()))
	}
	return closeErr
}

// sink keeps the error of a writer, which os/exec would forget over the death
// of the process that the error led to.
type sink struct {
	w   io.Writer
	err error
}

func (s *sink) Write(b []byte) (int, error) {
	n, err := s.w.Write(b)
	s.err = cmp.Or(s.err, err)
	return n, err
}
