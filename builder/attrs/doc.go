// Package attrs parses .attrs.json, the file with which Nix passes the attributes of
// a derivation with structured attributes to its builder. It has the derivation's
// attributes, which configure the cache, and the closure graph of
// exportReferencesGraph.closure. The graphs "exclude", of which only the store paths are
// used, "deltaFrom" and "targetTools" have the same shape:
//
//	{
//	  "compression": "zstd",
//	  "derivers": [ "/nix/store/…-hello.drv" ],
//	  "roots": [ { "path": "/nix/store/…-hello", "pname": "hello", "outputName": "out" } ],
//	  "outputs": { "out": "/nix/store/…-binary-cache" },
//	  "closure": [
//	    {
//	      "path": "/nix/store/…-hello",
//	      "narHash": "sha256:1b4sb93wp679q4zx9k1ignby1yna3z7c4c2ri3wphylbc2dwsys0",
//	      "narSize": 226552,
//	      "references": [ "/nix/store/…-glibc", "/nix/store/…-hello" ],
//	      "ca": "fixed:r:sha256:…"
//	    }
//	  ]
//	}
//
// Nix has frozen the shape of the graph. Keys that are not listed here (closureSize,
// valid) are not needed for a binary cache. Everything is validated: a store path ends
// up in file names and in the lines of a narinfo, so no value passes that Nix itself
// would not write.
//
// Sources: https://nix.dev/manual/nix/latest/language/advanced-attributes
// (exportReferencesGraph, __structuredAttrs), and pathInfoToJSON
// and prepareStructuredAttrs in Nix's libstore.
//
// Not here: reading the store paths themselves, and the layout of a cache.
package attrs
