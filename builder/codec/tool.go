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

// toolCodec is an external compressor: a program that compresses its standard
// input, one process per block.
type toolCodec struct {
	name              string // of the program and of the compression
	path              string // of the program
	args              []string
	sizeFlag          string // flag to which the size of the block is appended, or "" for none
	suffix            string
	blockSize, memory int64
}

// findTool returns t with the path of its program, which it looks for in PATH.
func findTool(t toolCodec) (toolCodec, error) {
	var err error
	if t.path, err = exec.LookPath(t.name); err != nil {
		return t, fmt.Errorf("compression %q: %s program not found: %w", t.name, t.name, err)
	}
	return t, nil
}

func (t toolCodec) Suffix() string { return t.suffix }

func (t toolCodec) BlockSize() int64 { return t.blockSize }

func (t toolCodec) Memory() int64 { return t.memory }

func (t toolCodec) NewWriter(ctx context.Context, w io.Writer, size int64) (io.WriteCloser, error) {
	if t.sizeFlag == "" {
		return t.start(ctx, w)
	}
	return t.start(ctx, w, fmt.Sprint(t.sizeFlag, size))
}

// start starts the program, with args before the arguments in t.args. The program writes
// the compressed bytes to w.
func (t toolCodec) start(ctx context.Context, w io.Writer, args ...string) (io.WriteCloser, error) {
	p := &compressorProcess{name: t.name, out: errorRecorder{w: w}}
	p.cmd = exec.CommandContext(ctx, t.path, append(args, t.args...)...)
	// NB: an Env of nil would mean the environment of the builder, whose variables, such
	// as XZ_OPT and ZSTD_CLEVEL, must not change the output.
	p.cmd.Env = []string{}
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.stderr
	p.waitOnce = sync.OnceValue(p.closeAndWait)
	var err error
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	return p, p.cmd.Start()
}

// compressorProcess is a running external compressor.
type compressorProcess struct {
	name     string
	cmd      *exec.Cmd
	stdin    io.WriteCloser
	out      errorRecorder
	stderr   bytes.Buffer
	waitOnce func() error
}

// If the process has died, Write returns the error of the process instead of that of the
// broken pipe.
func (p *compressorProcess) Write(b []byte) (int, error) {
	n, err := p.stdin.Write(b)
	if err != nil {
		err = cmp.Or(p.waitOnce(), err)
	}
	return n, err
}

// Close closes the standard input of the process and waits until it exits.
func (p *compressorProcess) Close() error { return p.waitOnce() }

func (p *compressorProcess) closeAndWait() error {
	closeErr := p.stdin.Close()
	err := p.cmd.Wait()
	if p.out.err != nil {
		return p.out.err
	}
	if err != nil {
		return fmt.Errorf("%s: %w: %q", p.name, err, bytes.TrimSpace(p.stderr.Bytes()))
	}
	return closeErr
}

// errorRecorder records the first error of the writer w, to which the output of the
// process goes. Such an error makes the process die, and os/exec would return only that
// the process died.
type errorRecorder struct {
	w   io.Writer
	err error
}

func (r *errorRecorder) Write(b []byte) (int, error) {
	n, err := r.w.Write(b)
	r.err = cmp.Or(r.err, err)
	return n, err
}
