package main

import (
	"maps"
	"slices"
	"testing"
)

// testArchive has the difficult cases of Debian's archive: a dependency cycle, a virtual
// package, alternatives.
const testArchive = `Package: libc6
Version: 2.36-9+deb12u10
Architecture: amd64
Depends: libgcc-s1
SHA256: 1

Package: libgcc-s1
Version: 12.2.0-14
Architecture: amd64
Depends: gcc-12-base (= 12.2.0-14), libc6 (>= 2.35)
SHA256: 2

Package: gcc-12-base
Version: 12.2.0-14
Architecture: amd64
SHA256: 3

Package: hello
Version: 1:2.10~rc1-3
Architecture: amd64
Pre-Depends: libc6:any
Depends: nowhere | awk
SHA256: 4
Description: a continued
 Depends: on nothing

Package: gawk
Version: 1
Architecture: amd64
Priority: optional
Provides: awk
SHA256: 5

Package: mawk
Version: 1
Architecture: all
Priority: required
Provides: awk (= 1)
SHA256: 6

Package: hello
Version: 3
Architecture: i386
SHA256: 7

Package: local
Version: 1
Architecture: amd64
`

func readTestArchive() *archive { return parseArchive(testArchive, "amd64") }

func TestClosure(t *testing.T) {
	packages, err := readTestArchive().closure([]string{"hello"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range packages {
		got = append(got, p.name)
	}
	want := []string{"gcc-12-base", "hello", "libc6", "libgcc-s1", "mawk"}
	if !slices.Equal(got, want) {
		t.Errorf("closure of hello is %q, want %q", got, want)
	}
}

func TestClosureOfUnknownPackage(t *testing.T) {
	for _, name := range []string{"nowhere", "local"} {
		if _, err := readTestArchive().closure([]string{name}); err == nil {
			t.Errorf("closure of %s: no error", name)
		}
	}
}

func TestAcyclic(t *testing.T) {
	a := readTestArchive()
	packages, err := a.closure([]string{"hello"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{
		"gcc-12-base": {},
		"hello":       {"libc6", "mawk"},
		"libc6":       {},
		"libgcc-s1":   {"gcc-12-base", "libc6"},
		"mawk":        {},
	}
	if got := a.acyclic(packages); !maps.EqualFunc(got, want, slices.Equal) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestFileNames(t *testing.T) {
	hello := readTestArchive().packages["hello"]
	if got, want := hello.aptName(), "hello_1%3a2.10~rc1-3_amd64.deb"; got != want {
		t.Errorf("aptName() = %q, want %q", got, want)
	}
	if got, want := hello.storeName(), "hello-2.10-rc1-3.deb"; got != want {
		t.Errorf("storeName() = %q, want %q", got, want)
	}
}
