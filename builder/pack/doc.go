// Package pack puts a closure into a binary cache:
//
//	plan := pack.NewPlan(closure, exclude, shard)
//	result, err := pack.Run(ctx, dir, plan, pack.Options{Codec: c, Cores: 64, …})
//
// One worker per core takes store paths from a job queue, largest NAR first. The worker
// copies the NAR file of a previous cache, or reads the store path as a NAR, which is
// hashed and cut into blocks. Each block is compressed to a frame, and the frames in
// order are the NAR file. If the NAR has the hash and the size that Nix registered, the
// NAR file and its narinfo are published.
//
// A block is compressed while it is read. Only a NAR that is larger than a core's fair
// share, the remaining bytes of all NARs divided by the number of cores, is read into
// buffers, whose blocks any worker compresses. The bytes of the NAR files do not depend
// on which worker compresses which block.
//
// Memory is bounded by the number of workers and the codec, not by the size of NARs:
// see [MemoryPerWorker].
//
// Not in this package: the formats of NARs, frames and caches, each of which has a
// package.
package pack
