// binary-cache-builder is the builder of mkBinaryCache: run by Nix for a
// derivation with structured attributes, it writes a binary cache of the
// closure in exportReferencesGraph.closure to the output path.
//
//	.attrs.json --attrs--> store paths --nar--> bytes --codec--> files --cache--> $out
//
// Each arrow is a package; nar, codec and cache are put together by pack. Two more,
// index and manifest, make the page to look at a cache with and the files that name
// its roots.
//
// # Memory
//
// It grows with the cores and the level, not with the size of a NAR. Where the cores
// asked for would need more than there is, fewer work. tests/bench/README.md has
// measurements.
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
//   - manifest: whether to write roots, manifest.json and default.nix
//   - roots: a list of { path, name, pname, version, outputName, isDefaultOutput } for
//     each root, of which path alone is needed; without it, there is no manifest
//   - sha256sums: whether to write SHA256SUMS
//   - derivers: the .drv files to look for derivers in
//   - priority, wantMassQuery: for nix-cache-info
package main
