// Package index writes the page of a binary cache, index.html, for who opens
// the cache in a browser, from a web server or from a disk:
//
//   - what the cache was made for, if that is known;
//
//   - how to use the cache, with its own address and public key;
//
//   - a treemap of its store paths by size;
//
//   - a table of them, to search and sort, and what refers to what.
//
//   - links to all files of the cache, for wget -r and its like: the page takes the
//     place of the server's list of files.
//
//     err := index.Write(file, index.Page{Name: "binary-cache", StoreDir: "/nix/store", Paths: paths})
//
// The page is one file that loads nothing: its content security policy names
// the hashes of its one style sheet and its one script, and forbids the rest.
//
// The data are there once, as the table. Without JavaScript that table is the
// page, and a link to #HASH opens the row of a path with its references. What
// only such a reader needs is in noscript elements, which are no more than text
// where scripts run; the script takes from them the references.
//
// The same Page gives the same bytes, in whatever order its paths come.
//
// Not here: what is in the store paths, and any figure that the narinfos lack.
package index
