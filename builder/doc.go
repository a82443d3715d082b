// binary-cache-builder is the builder of mkBinaryCache: run by Nix for a
// derivation with structured attributes, it writes a binary cache of the
// closure in exportReferencesGraph.closure to the output path.
//
//	.attrs.json --closure--> store paths --nar--> bytes --codec--> files --cache--> $out
//
// Each arrow is a package, and this one composes them. One more, index, makes the
// page to look at a cache with.
//
// # Memory
//
// At the default level about 20 MiB for each core; and while a NAR of 128 MiB or
// more is compressed, one at a time, 120 to 290 MiB with two to eight cores. With
// zstd from level 6 on that is up to 450 MiB, from level 10 on 50 MiB for each
// core and up to 710 MiB. Each process of xz takes 100 MiB, and 220 MiB for each
// core while a NAR of 192 MiB or more is compressed by all; at level 9, 674 and 1250
// MiB. No NAR is held whole.
//
// # Environment
//
//   - NIX_ATTRS_JSON_FILE, NIX_BUILD_TOP: where .attrs.json is
//   - NIX_STORE: the store directory, such as /nix/store
//   - NIX_BUILD_CORES: how many cores to use; 0 or unset means all
//   - NIX_LOG_FD: 2, as Nix sets it, lets Nix know how far the build is
//   - out: the output path; without it, .outputs.out of .attrs.json
//
// # Attributes
//
//   - closure: the graph
//   - exclude: the graph of what to leave out
//   - shard: { index, count }, the share of the rest to take; without it, all
//   - compression: none, xz or zstd; without it, zstd
//   - compressionLevel: on the scale of the compression; without it, its tool's default
//   - reuse: the directories of earlier caches
//   - secretKeyFile: the file with the key to sign with
//   - writeNarListing, indexDebugInfo: whether to write listings, and the index
//   - index: whether to write index.html; name: its title
//   - derivers: the .drv files to look for derivers in
//   - priority, wantMassQuery: for nix-cache-info
package main
