// Package attrs reads what Nix tells the builder of a derivation with
// structured attributes: the file .attrs.json. It holds the derivation's
// attributes, which are the settings of the cache, and the closure graph that
// exportReferencesGraph.closure asks for (and another, of what to leave out, by
// the name of exclude):
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
// The graph's shape is frozen in Nix; keys that are not listed here
// (closureSize, valid) say nothing that a binary cache needs. Everything is
// checked before it is handed on: a store path ends up in file names and in
// the lines of a narinfo, so nothing that Nix itself would not write passes.
//
// Sources: https://nix.dev/manual/nix/latest/language/advanced-attributes
// (exportReferencesGraph, __structuredAttrs), and pathInfoToJSON
// and prepareStructuredAttrs in Nix's libstore.
//
// Not here: reading the store paths themselves, and the layout of a cache.
package attrs
