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
// have finished: 128 MiB take half a second at the default level. At the highest
// they take 7 s, but only four parts could be made of a smaller NAR.
//
// NB: the two kinds of encoder give different bytes, so that the choice must
// not depend on anything but the NAR and the level.
const largeNAR = 128 << 20

// zstdCodec compresses in one frame that records its content's size. Encoders
// are reused: a new one costs more than compressing a small NAR.
type zstdCodec struct {
	small, large *sync.Pool
}

func newZstd(level *int, cores int) (Codec, error) {
	picked, err := scale{lowest: 1, highest: 22, usual: 3}.pick("zstd", level)
	if err != nil {
		return nil, err
	}
	speed := zstd.EncoderLevelFromZstd(picked)
	return zstdCodec{
		small: encoders(speed, zstd.WithEncoderConcurrency(1)),
		large: encoders(
			speed,
			// NB: below two, the encoder would turn concurrent blocks off, silently.
			// Reading and hashing the NAR, on one core, keeps no more than eight busy at
			// the default level. Slower levels would use more, but take more memory too.
			zstd.WithEncoderConcurrency(min(max(2, cores), 8)),
			zstd.WithConcurrentBlocks(true),
			zstd.WithWindowSize(splitWindow(speed)),
		),
	}, nil
}

// splitWindow is the window in bytes of the encoder that many cores share, which
// takes many times its window for each core. At the default level half the usual
// one costs a thousandth in size. From level 6 on it would make files 0.5 % to
// 8.5 % larger than from one core; the usual one makes them up to 0.8 % larger.
// Twice that would gain a lot for some NARs, but RFC 8878 asks no one to read it.
func splitWindow(speed zstd.EncoderLevel) int {
	if speed > zstd.SpeedDefault {
		return 8 << 20
	}
	return 4 << 20
}

func encoders(speed zstd.EncoderLevel, options ...zstd.EOption) *sync.Pool {
	options = append([]zstd.EOption{
		// NB: before the window, or the fastest level would take larger blocks.
		zstd.WithEncoderLevel(speed),
		// Compressing also what has no matches costs little, and makes the files
		// as small as the zstd tool's. From level 6 on it is the default.
		zstd.WithAllLitEntropyCompression(true),
	}, options...)
	return &sync.Pool{New: func() any {
		encoder, err := zstd.NewWriter(nil, options...)
		if err != nil {
			panic(err) // the options are good at every level
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
