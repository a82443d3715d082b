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

// blockXZ is the size in bytes of a block. A NAR of two blocks and more is
// compressed by a core for each block. At the start of a block xz knows nothing
// of what came before, so that blocks must be large for the file to be less than
// 1 % larger than without: it is 0.3 % for a Go toolchain of 225 MiB at level 6,
// 0.6 % at level 8, 0.7 % at level 9, and would be 3 % with blocks of 32 MiB.
// Level 9 has a dictionary of 64 MiB to fill at each start: with blocks of 96 MiB
// it would lose 0.9 % over two starts, and more in a larger NAR.
//
// NB: files with and without blocks differ, so that the choice must not depend
// on anything but the NAR and the level.
func blockXZ(level int) int64 {
	if level == 9 {
		return 192 << 20
	}
	return 96 << 20
}

// xz runs the xz tool: no encoder in Go comes near its ratio, and people choose
// xz for size alone.
type xz struct {
	tool  string // its full path
	level int
	cores int
}

func newXZ(level *int, cores int) (Codec, error) {
	picked, err := scale{lowest: 0, highest: 9, usual: 6}.pick("xz", level)
	if err != nil {
		return nil, err
	}
	tool, err := exec.LookPath("xz")
	if err != nil {
		return nil, fmt.Errorf("compression %q needs the xz tool: %w", "xz", err)
	}
	return xz{tool, picked, cores}, nil
}

func (xz) Suffix() string { return ".xz" }

func (x xz) Parallel(size int64) bool { return size >= 2*blockXZ(x.level) }

// NewWriter starts one xz process.
//
// NB: the level, the threads and the blocks are spelled out because the tool's
// defaults vary: by its version, and by the variables XZ_DEFAULTS and XZ_OPT.
func (x xz) NewWriter(ctx context.Context, w io.Writer, size int64) (io.WriteCloser, error) {
	args := []string{"--stdout", fmt.Sprint("-", x.level)}
	if x.Parallel(size) {
		// NB: with one thread, xz would write other blocks.
		args = append(args, fmt.Sprint("--threads=", max(2, x.cores)), fmt.Sprint("--block-size=", blockXZ(x.level)))
	} else {
		args = append(args, "--threads=1")
	}
	p := &process{out: sink{w: w}}
	p.cmd = exec.CommandContext(ctx, x.tool, args...)
	p.cmd.Env = []string{} // not nil, which would be our own environment
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
		return fmt.Errorf("xz: %w: %q", err, bytes.TrimSpace(p.complaint.Bytes()))
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
