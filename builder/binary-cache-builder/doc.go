// binary-cache-builder is the builder of mkBinaryCache. Nix runs it for a derivation
// with structured attributes; it writes a binary cache of the closure in
// exportReferencesGraph.closure to the output path.
//
//	.attrs.json --attrs--> store paths --nar--> bytes --codec--> files --cache--> $out
//
// The name on each arrow is the package that does this step. Package pack combines nar,
// codec and cache. Package indexpage renders the index page, and package manifest the
// files that list the roots of the cache.
//
// # Memory
//
// Memory grows with the number of cores and the compression level, not with the size of a
// NAR. If one worker for each requested core would need more than the available memory,
// fewer workers run. tests/bench/README.md has measurements of the memory.
//
// # Environment
//
//   - NIX_ATTRS_JSON_FILE, NIX_BUILD_TOP: where .attrs.json is
//   - NIX_STORE: the store directory, such as /nix/store
//   - NIX_BUILD_CORES: the requested cores; 0 or unset means all
//   - NIX_LOG_FD: if it is 2, as Nix sets it, the builder reports progress to Nix
//   - out: the output path; if unset, .outputs.out of .attrs.json
//
// # Attributes
//
//   - closure: the graph of the closure to pack
//   - exclude: the graph of the store paths to exclude from the cache
//   - deltaFrom: the graph of the store paths that the target has, to make patches against
//   - targetTools, targetZstd: graph and file of a zstd program that applies patches
//   - shard: { index, count }, which of count parts of the closure to pack; default: all
//   - compression: none, xz or zstd; default: zstd
//   - compressionLevel: a compression level; default: that of the xz or zstd program
//   - reuse: the directories of previous caches
//   - secretKeyFile: the file with the signing key
//   - writeNarListing, indexDebugInfo: whether to write NAR listings, the debug info index
//   - index: whether to write index.html; name: its title
//   - manifest: whether to write roots, manifest.json and default.nix
//   - roots: a list of { path, name, pname, version, outputName, isDefaultOutput }, one
//     for each root; only its path is required. manifest requires roots
//   - sha256sums: whether to write SHA256SUMS
//   - derivers: the .drv files to search for derivers of store paths
//   - priority, wantMassQuery: fields of nix-cache-info
package main
