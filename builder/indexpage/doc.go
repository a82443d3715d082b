// Package indexpage writes index.html, the page of a binary cache for users who
// open the cache in a browser, from a web server or from disk. The page has
//
//   - the roots of the cache, if they are known, and how to install them;
//
//   - how to use the cache, with its own address and public key;
//
//   - a treemap of its store paths by size;
//
//   - a table of them, to search and sort, with references and referrers;
//
//   - links to all files of the cache, for wget --recursive: a web server shows
//     the page instead of its list of files.
//
//     err := indexpage.Write(file, indexpage.Page{Name: "binary-cache", StoreDir: "/nix/store", NarInfos: infos})
//
// The page is one file that loads nothing: its content security policy allows
// one style sheet and one script, by their hashes, and nothing else.
//
// The table holds all data, once. It works without JavaScript: a link to #HASH
// opens the row of a store path with its references. What only such a user needs
// is in noscript elements, which are plain text if scripts run; the script reads
// the references from them.
//
// The page of a large cache has only the roots and the largest store paths, and says so.
//
// The same Page gives the same bytes, in any order of its store paths.
//
// Not here: the contents of store paths, and anything that is not in a narinfo.
package indexpage
