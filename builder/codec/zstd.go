package codec

import (
	"context"
	"io"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// zstdBlock is the size in bytes of a block, the same that Nix has. It makes the
// files of W1 of the benchmark 0.05 % larger than one frame for each NAR, those of
// W3 0.23 %; half of it, 0.44 % and 0.43 %.
const zstdBlock = 16 << 20

// usualWindow is the window in bytes at the default level: half of the encoder's own,
// with which it takes 1 to 3 % less time and a third less memory. It makes the files
// of the benchmark 0.02 % (W3, W5) to 0.32 % (W1) larger. 2 MiB would make them 2 %
// larger (W1).
const usualWindow = 4 << 20

func newZstd(level *int) (Codec, error) {
	picked, err := scale{lowest: 1, highest: 22, usual: 3}.pick("zstd", level)
	if err != nil {
		return nil, err
	}
	if picked > 10 {
		return newZstdTool(picked)
	}
	return newZstdEncoders(zstd.EncoderLevelFromZstd(picked)), nil
}

// zstdEncoders compresses in this process. Encoders are reused: a new one costs
// more than compressing a small NAR.
type zstdEncoders struct {
	options []zstd.EOption
	memory  int64

	mutex sync.Mutex
	free  []*zstd.Encoder
}

// encoderMemory is what an encoder was seen to take.
var encoderMemory = map[zstd.EncoderLevel]int64{
	zstd.SpeedFastest:           12 << 20,
	zstd.SpeedDefault:           12 << 20,
	zstd.SpeedBetterCompression: 24 << 20,
	zstd.SpeedBestCompression:   54 << 20,
}

func newZstdEncoders(speed zstd.EncoderLevel) Codec {
	options := []zstd.EOption{
		zstd.WithEncoderLevel(speed),
		// Compressing also what has no matches costs little, and makes the files
		// as small as the zstd tool's. From level 6 on it is the default.
		zstd.WithAllLitEntropyCompression(true),
		zstd.WithEncoderConcurrency(1),
	}
	if speed == zstd.SpeedDefault {
		options = append(options, zstd.WithWindowSize(usualWindow))
	}
	return &zstdEncoders{options: options, memory: encoderMemory[speed]}
}

func (*zstdEncoders) Suffix() string { return ".zst" }

func (*zstdEncoders) BlockSize() int64 { return zstdBlock }

func (z *zstdEncoders) Memory() int64 { return z.memory }

// NewWriter returns a writer of one frame that records its content's size.
func (z *zstdEncoders) NewWriter(_ context.Context, w io.Writer, size int64) (io.WriteCloser, error) {
	encoder, err := z.get()
	if err != nil {
		return nil, err
	}
	encoder.ResetContentSize(w, size)
	return frame{encoder, z}, nil
}

func (z *zstdEncoders) get() (*zstd.Encoder, error) {
	z.mutex.Lock()
	defer z.mutex.Unlock()
	if n := len(z.free); n > 0 {
		last := z.free[n-1]
		z.free = z.free[:n-1]
		return last, nil
	}
	return zstd.NewWriter(nil, z.options...)
}

// frame is an encoder that is free again when it is closed.
type frame struct {
	*zstd.Encoder
	encoders *zstdEncoders
}

func (f frame) Close() error {
	err := f.Encoder.Close()
	if err == nil {
		f.encoders.mutex.Lock()
		defer f.encoders.mutex.Unlock()
		f.encoders.free = append(f.encoders.free, f.Encoder)
	}
	return err
}
