// Command debian adds Debian packages and their dependencies to the Nix store, and
// lists them for the nixpkgs stub of the tests:
//
//	debian -debs .cache/debs -list .cache/debian.json hello curl
//
// Packages that are already in the list stay in it. If the list has all packages and the
// store all files, the command does nothing and does not run apt.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// entry is a package in the list, which nixpkgs-stub/debian reads.
type entry struct {
	Version string   `json:"version"` // without characters that a store path cannot have
	SHA256  string   `json:"sha256"`
	File    string   `json:"file"` // name of the .deb in the store
	Path    string   `json:"path"` // its store path
	Depends []string `json:"depends"`
}

func main() {
	debs := flag.String("debs", ".cache/debs", "`directory` for the downloads")
	list := flag.String("list", ".cache/debian.json", "`file` to write")
	flag.Parse()
	if err := run(*debs, *list, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(debs, listFile string, names []string) error {
	list := map[string]entry{}
	if data, err := os.ReadFile(listFile); err == nil {
		if err := json.Unmarshal(data, &list); err != nil {
			return fmt.Errorf("%s: %w", listFile, err)
		}
	}
	if isComplete(list, names) {
		return nil
	}
	archive, err := readArchive()
	if err != nil {
		return err
	}
	closure, err := archive.closure(slices.AppendSeq(names, maps.Keys(list)))
	if err != nil {
		return err
	}
	if err := download(closure, debs); err != nil {
		return err
	}
	paths, err := addToStore(closure, debs)
	if err != nil {
		return err
	}
	depends := archive.acyclic(closure)
	clear(list)
	for i, p := range closure {
		list[p.name] = entry{p.storeVersion(), p.sha256, p.storeName(), paths[i], depends[p.name]}
	}
	data, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(listFile+".new", append(data, '\n'), 0o644); err != nil {
		return err
	}
	return os.Rename(listFile+".new", listFile)
}

// isComplete reports whether the list has all packages in names, and the Nix store has
// the .deb files of all listed packages.
func isComplete(list map[string]entry, names []string) bool {
	for _, name := range names {
		if _, ok := list[name]; !ok {
			return false
		}
	}
	args := []string{"--check-validity"}
	for _, e := range list {
		args = append(args, e.Path)
	}
	return exec.Command("nix-store", args...).Run() == nil
}

// download downloads the .deb files of the packages to dir, except those that dir has.
func download(packages []*pkg, dir string) error {
	args := []string{"-qq", "download"}
	if os.Getuid() == 0 {
		// The user of apt's sandbox cannot write to dir.
		args = append(args, "-o", "APT::Sandbox::User=root")
	}
	var missing []*pkg
	for _, p := range packages {
		if checkFile(filepath.Join(dir, p.storeName()), p.sha256) != nil {
			missing = append(missing, p)
			args = append(args, p.name+"="+p.version)
		}
	}
	if missing == nil {
		return nil
	}
	fmt.Printf("downloading %d Debian packages\n", len(missing))
	cmd := exec.Command("apt-get", args...)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("apt-get download: %w", err)
	}
	for _, p := range missing {
		from := filepath.Join(dir, p.aptName())
		if err := checkFile(from, p.sha256); err != nil {
			return err
		}
		if err := os.Rename(from, filepath.Join(dir, p.storeName())); err != nil {
			return err
		}
	}
	return nil
}

func checkFile(name, want string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != want {
		return fmt.Errorf("%s: SHA-256 mismatch: expected %s, got %x", name, want, sum)
	}
	return nil
}

// addToStore adds the .deb files to the Nix store and returns their store paths, in the
// order of packages.
func addToStore(packages []*pkg, dir string) ([]string, error) {
	args := []string{"--add-fixed", "sha256"}
	for _, p := range packages {
		args = append(args, filepath.Join(dir, p.storeName()))
	}
	out, err := output("nix-store", args...)
	if err != nil {
		return nil, err
	}
	return strings.Fields(string(out)), nil
}

// output runs a command and returns its stdout.
func output(name string, args ...string) ([]byte, error) {
	out, err := exec.Command(name, args...).Output()
	if exit, ok := err.(*exec.ExitError); ok {
		return nil, fmt.Errorf("%s: %w: %s", name, err, bytes.TrimSpace(exit.Stderr))
	}
	return out, err
}
