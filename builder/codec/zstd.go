package codec

import (
	"context"
	"io"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// largeNAR is the size in bytes from which on one NAR is compressed by many
// cores. That takes about a tenth more of their time and makes a slightly larger
// file, so it is for the few NARs that would keep one core busy when all others
// have finished: 128 MiB take half a second.
//
// NB: the two kinds of encoder give different bytes, so that the choice must
// not depend on anything but the NAR.
const largeNAR = 128 << 20

// zstdCodec compresses at the level of the zstd tool's default, 3, in one frame
// that records its content's size. Encoders are reused: a new one costs more
// than compressing a small NAR.
type zstdCodec struct {
	small, large *sync.Pool
}

func newZstd(cores int) Codec {
	return zstdCodec{
		small: encoders(zstd.WithEncoderConcurrency(1)),
		large: encoders(
			// NB: below two, the encoder would turn concurrent blocks off, silently.
			// Reading and hashing the NAR, on one core, keeps no more than eight busy.
			zstd.WithEncoderConcurrency(min(max(2, cores), 8)),
			zstd.WithConcurrentBlocks(true),
			// Half the usual window halves the memory, which is many times the
			// window for each core, and costs a thousandth in size.
			zstd.WithWindowSize(4<<20),
		),
	}
}

func encoders(options ...zstd.EOption) *sync.Pool {
	return &sync.Pool{New: func() any {
		// Compressing also what has no matches costs little, and makes the files
		// as small as the zstd tool's.
		encoder, err := zstd.NewWriter(nil, append(options, zstd.WithAllLitEntropyCompression(true))...)
		if err != nil {
			panic(err) // the options are constants
		}
		return encoder
	}}
}

func (zstdCodec) Suffix() string { return ".zst" }

func (zstdCodec) Parallel(size int64) bool { return size >= largeNAR }

func (c zstdCodec) NewWriter(_ context.Context, w io.Writer, size int64) (io.WriteCloser, error) {
	pool := c.small
	if c.Parallel(size) {
		pool = c.large
	}
	encoder := pool.Get().(*zstd.Encoder)
	encoder.ResetContentSize(w, size)
	return pooled{encoder, pool}, nil
}

// pooled is an encoder that goes back to its pool when it is closed.
type pooled struct {
	*zstd.Encoder
	pool *sync.Pool
}

func (p pooled) Close() error {
	err := p.Encoder.Close()
	if err == nil {
		p.pool.Put(p.Encoder)
	}
	return err
}
