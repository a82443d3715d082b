package codec

import (
	"context"
	"fmt"
	"io"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// zstdBlockSize is the block size in bytes of the Go encoder, the same as Nix's. Compared
// with one frame per NAR, such blocks make the NAR files of the benchmark's workload W1
// 0.05 % larger, and those of W3 0.23 %; blocks of 8 MiB would make them 0.44 % and
// 0.43 % larger.
const zstdBlockSize = 16 << 20

// defaultWindowSize is the window in bytes of the Go encoder at the default level: half
// of the window that the encoder itself would use. The smaller window saves 1 to 3 % of
// the time and a third of the memory, and makes the NAR files of the benchmark's
// workloads 0.02 % (W3, W5) to 0.32 % (W1) larger. A window of 2 MiB would make those of
// W1 2 % larger.
const defaultWindowSize = 4 << 20

var zstdLevelRange = levelRange{min: 1, max: 22, def: 3}

func newZstd(level *int) (Codec, error) {
	resolvedLevel, err := zstdLevelRange.resolve("zstd", level)
	if err != nil {
		return nil, err
	}
	if resolvedLevel > 10 {
		return newZstdTool(resolvedLevel)
	}
	return newZstdCodec(zstd.EncoderLevelFromZstd(resolvedLevel)), nil
}

// zstdToolBlockSize is the block size in bytes for the zstd program. Blocks of this size
// make the NAR file of the Go toolchain at level 19 0.04 % larger than one frame per NAR
// (46,280,102 bytes against 46,262,687); blocks of 64 MiB would make it 1.5 % larger,
// blocks of 32 MiB 2.9 % (47,621,279 bytes).
const zstdToolBlockSize = 128 << 20

// zstdToolArgs returns the arguments of the zstd program for compression at a level.
//
// NB: without --single-thread, the program uses several threads, which changes its
// output.
func zstdToolArgs(level int) []string {
	return []string{"--stdout", "--quiet", "--single-thread", "--ultra", fmt.Sprint("-", level)}
}

// newZstdTool returns the zstd program as a codec. This codec is for the zstd levels from
// 11 on, at which the program compresses better than the Go encoder can.
func newZstdTool(level int) (Codec, error) {
	return findTool(toolCodec{
		name:      "zstd",
		args:      zstdToolArgs(level),
		sizeFlag:  "--stream-size=",
		suffix:    ".zst",
		blockSize: zstdToolBlockSize,
		memory:    zstdToolMemory(level),
	})
}

// zstdToolMemory returns the peak memory in bytes of a zstd process that compresses a
// block of 128 MiB, measured with zstd 1.5.4 on the Go toolchain: 32 to 93 MiB up to
// level 19, 197 MiB at level 20, 389 MiB at level 21 and 780 MiB at level 22.
func zstdToolMemory(level int) int64 {
	switch level {
	case 22:
		return 784 << 20
	case 21:
		return 392 << 20
	case 20:
		return 200 << 20
	}
	return 96 << 20
}

// zstdCodec is the Go encoder with an encoder pool: creating an encoder costs more
// than compressing a small NAR.
type zstdCodec struct {
	options []zstd.EOption
	memory  int64

	mutex sync.Mutex
	idle  []*zstd.Encoder
}

// encoderMemory has the measured bytes of memory of a Go encoder at each of its four
// levels.
var encoderMemory = map[zstd.EncoderLevel]int64{
	zstd.SpeedFastest:           12 << 20,
	zstd.SpeedDefault:           12 << 20,
	zstd.SpeedBetterCompression: 24 << 20,
	zstd.SpeedBestCompression:   54 << 20,
}

func newZstdCodec(speed zstd.EncoderLevel) Codec {
	options := []zstd.EOption{
		zstd.WithEncoderLevel(speed),
		// Entropy coding of blocks without matches costs little and makes the NAR files
		// as small as those of the zstd program. From zstd level 6 on, such entropy
		// coding is the encoder's default.
		zstd.WithAllLitEntropyCompression(true),
		zstd.WithEncoderConcurrency(1),
	}
	if speed == zstd.SpeedDefault {
		options = append(options, zstd.WithWindowSize(defaultWindowSize))
	}
	return &zstdCodec{options: options, memory: encoderMemory[speed]}
}

func (*zstdCodec) Suffix() string { return ".zst" }

func (*zstdCodec) BlockSize() int64 { return zstdBlockSize }

func (z *zstdCodec) Memory() int64 { return z.memory }

// NewWriter returns a writer that compresses to one zstd frame, whose header has the size
// of the content.
func (z *zstdCodec) NewWriter(_ context.Context, w io.Writer, size int64) (io.WriteCloser, error) {
	encoder, err := z.acquire()
	if err != nil {
		return nil, err
	}
	encoder.ResetContentSize(w, size)
	return pooledEncoder{encoder, z}, nil
}

func (z *zstdCodec) acquire() (*zstd.Encoder, error) {
	z.mutex.Lock()
	defer z.mutex.Unlock()
	if n := len(z.idle); n > 0 {
		last := z.idle[n-1]
		z.idle = z.idle[:n-1]
		return last, nil
	}
	return zstd.NewWriter(nil, z.options...)
}

// pooledEncoder is an encoder that Close returns to the encoder pool.
type pooledEncoder struct {
	*zstd.Encoder
	codec *zstdCodec
}

func (e pooledEncoder) Close() error {
	err := e.Encoder.Close()
	if err == nil {
		e.codec.mutex.Lock()
		defer e.codec.mutex.Unlock()
		e.codec.idle = append(e.codec.idle, e.Encoder)
	}
	return err
}
