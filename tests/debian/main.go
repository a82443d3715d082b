// Command debian brings Debian packages, with all that they depend on, into the
// Nix store, and lists them for the stand-in nixpkgs of the tests:
//
//	debian -debs .cache/debs -list .cache/debian.json hello curl
//
// A package that the list has already stays in it. When all the packages are
// there and in the store, nothing is done, and apt is not asked.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	debs := flag.String("debs", ".cache/debs", "`directory` that keeps the downloads")
	list := flag.String("list", ".cache/debian.json", "`file` to write")
	flag.Parse()
	if err := run(*debs, *list, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(debs, listFile string, names []string) error {
	old, err := readList(listFile)
	if err != nil {
		return err
	}
	if old.complete(names) {
		return nil
	}

	archive, err := readArchive()
	if err != nil {
		return err
	}
	closure, err := archive.closure(append(names, old.names()...))
	if err != nil {
		return err
	}
	if err := fetch(closure, debs); err != nil {
		return err
	}
	paths, err := addToStore(closure, debs)
	if err != nil {
		return err
	}
	return newList(closure, archive.acyclic(closure), paths).write(listFile)
}
