package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// storeName is the name of the package's file in the Nix store, where names may
// hold letters, digits and a few signs.
func (p *pkg) storeName() string { return p.name + "-" + p.storeVersion() + ".deb" }

// storeVersion is the version without its epoch: 1:28.2~rc1 becomes 28.2-rc1.
func (p *pkg) storeVersion() string {
	version := p.version
	if _, after, ok := strings.Cut(version, ":"); ok {
		version = after
	}
	return strings.ReplaceAll(version, "~", "-")
}

// aptName is what `apt-get download` calls the file.
func (p *pkg) aptName() string {
	return p.name + "_" + strings.ReplaceAll(p.version, ":", "%3a") + "_" + p.arch + ".deb"
}

// fetch downloads to dir what is not there yet.
func fetch(packages []*pkg, dir string) error {
	var missing []*pkg
	for _, p := range packages {
		if checkFile(filepath.Join(dir, p.storeName()), p.sha256) != nil {
			missing = append(missing, p)
		}
	}
	if missing == nil {
		return nil
	}
	if err := download(missing, dir); err != nil {
		return err
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

func download(packages []*pkg, dir string) error {
	fmt.Fprintf(os.Stderr, "downloading %d Debian packages\n", len(packages))
	args := []string{"-qq", "download"}
	if os.Getuid() == 0 {
		// The user that apt changes to may not write here.
		args = append(args, "-o", "APT::Sandbox::User=root")
	}
	for _, p := range packages {
		args = append(args, p.name+"="+p.version)
	}
	cmd := exec.Command("apt-get", args...)
	cmd.Dir = dir
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("apt-get download: %w", err)
	}
	return nil
}

func checkFile(name, want string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != want {
		return fmt.Errorf("%s: sha256 is %s, want %s", name, got, want)
	}
	return nil
}

// addToStore returns the store path of each package's file, by package name.
func addToStore(packages []*pkg, dir string) (map[string]string, error) {
	args := []string{"--add-fixed", "sha256"}
	for _, p := range packages {
		args = append(args, filepath.Join(dir, p.storeName()))
	}
	out, err := output("nix-store", args...)
	if err != nil {
		return nil, err
	}
	added := strings.Fields(string(out))
	if len(added) != len(packages) {
		return nil, fmt.Errorf("nix-store added %d files, want %d", len(added), len(packages))
	}
	paths := map[string]string{}
	for i, p := range packages {
		paths[p.name] = added[i]
	}
	return paths, nil
}
