// Package pack puts a closure into a binary cache:
//
//	plan := pack.NewPlan(closure, exclude, shard)
//	result, err := pack.Run(ctx, dir, plan, pack.Options{Codec: c, Cores: 64, …})
//
// # The way of a store path
//
// The plan has the store paths, largest first. A worker for each core takes the next
// one. It copies the archive of an earlier cache, or reads the store path as a NAR,
// which is hashed and cut into blocks; each block becomes a frame, and the frames
// become the archive, in their order. When the NAR is found to be what Nix
// registered, and all frames are there, the archive is published with its narinfo.
//
// A block is compressed piece by piece, as it is read, by the worker that reads it.
// Only where other workers have nothing else to do, blocks are read into memory and
// left to them. The bytes of the archives do not depend on who does what.
//
// # Memory
//
// It is bounded by the cores and the codec, not by the NARs: each worker has a
// compressor and at most one block; frames that are complete before an earlier one
// wait for it, a few for each core.
//
// Not here: the formats of NARs, frames and caches, each of which has a package.
package pack
