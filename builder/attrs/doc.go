// Package attrs parses .attrs.json, the file with which Nix passes the attributes of a
// derivation with structured attributes to its builder. This file has the attributes that
// configure the cache, and the graph "closure", which Nix writes for
// exportReferencesGraph.closure. The graphs "exclude" (only its store paths are used),
// "deltaFrom" and "targetTools" have the same format as "closure":
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
// Nix has frozen the format of the graphs of exportReferencesGraph. Their other keys
// (closureSize, valid) are not needed for a binary cache. All values are validated: store
// paths end up in file names and in lines of narinfos, so a value that Nix itself would
// not write is an error.
//
// Sources: https://nix.dev/manual/nix/latest/language/advanced-attributes
// (exportReferencesGraph, __structuredAttrs), and pathInfoToJSON
// and prepareStructuredAttrs in Nix's libstore.
//
// Not in this package: reading the store paths themselves, and the layout of a cache.
package attrs
