// Package indexpage writes index.html, the page of a binary cache for users who
// open the cache in a browser, from a web server or from disk. The page has
//
//   - the roots of the cache, if they are known, and how to install them;
//
//   - how to use the cache, with its own address and public key;
//
//   - a treemap of its store paths by size;
//
//   - a table of its store paths, to search and sort, with references and referrers;
//
//   - links to all files of the cache, for wget --recursive: a web server shows
//     the page instead of a list of files.
//
//     err := indexpage.Write(file, indexpage.Page{Name: "binary-cache", StoreDir: "/nix/store", NarInfos: infos})
//
// The page is one file that loads nothing: its content security policy allows
// one style sheet and one script, by their hashes, and nothing else.
//
// The table holds all data of the page, once. The table works without JavaScript: a link
// to the fragment #HASH opens the row of a store path with its references. Text that only
// users without JavaScript need is in noscript elements. If JavaScript is enabled, the
// browser treats the contents of noscript elements as plain text, from which the script
// of the page reads the references.
//
// The page of a large cache shows only the roots and the largest store paths, and says
// that it omits others.
//
// The order of the store paths in a Page does not change the bytes that Write writes.
//
// Not in this package: the contents of store paths, and properties of store paths that
// are not in their narinfos.
package indexpage
