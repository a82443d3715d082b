package cache

import (
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/nix-community/go-nix/pkg/narinfo"
)

// BuildIDDir is where a store path has its debug info: the file for the build
// ID abcd… is ab/cd….debug in there.
const BuildIDDir = "lib/debug/.build-id"

const debugInfoDir = "debuginfo"

// debugInfo is the index of debug info. Build IDs are its keys.
type debugInfo struct {
	sync.Mutex
	files map[string]debugFile
}

// debugFile is where the debug info of a build ID is.
type debugFile struct {
	storePath string
	Archive   string `json:"archive"` // relative to the index
	Member    string `json:"member"`
}

// add adds to the index what the members of a store path's archive have; those
// that are not named as debug info are left out.
//
// Where two store paths have a build ID, the index has the first in the order of
// their names. Nix has the one that it came to first.
func (i *debugInfo) add(info *narinfo.NarInfo, members []string) {
	i.Lock()
	defer i.Unlock()
	for _, member := range members {
		id, ok := buildID(member)
		if other, exists := i.files[id]; !ok || exists && other.storePath < info.StorePath {
			continue
		}
		if i.files == nil {
			i.files = map[string]debugFile{}
		}
		i.files[id] = debugFile{info.StorePath, "../" + info.URL, member}
	}
}

// buildID returns the build ID that a member is the debug info of, if it is any.
func buildID(member string) (id string, ok bool) {
	rest, isThere := strings.CutPrefix(member, BuildIDDir+"/")
	rest, isDebug := strings.CutSuffix(rest, ".debug")
	start, end, _ := strings.Cut(rest, "/")
	return start + end, isThere && isDebug && isHex(start, 2) && isHex(end, 38)
}

func isHex(s string, digits int) bool {
	return len(s) == digits && strings.Trim(s, "0123456789abcdef") == ""
}

// debugInfoFiles returns the files that the index is to have, relative to the cache.
func (d *Dir) debugInfoFiles() (files []string) {
	d.debugInfo.Lock()
	defer d.debugInfo.Unlock()
	for id := range d.debugInfo.files {
		files = append(files, path.Join(debugInfoDir, id+".debug"))
	}
	return files
}

// writeDebugInfo writes the index, a file for each build ID.
func (d *Dir) writeDebugInfo() error {
	d.debugInfo.Lock()
	defer d.debugInfo.Unlock()
	for _, id := range slices.Sorted(maps.Keys(d.debugInfo.files)) {
		text, err := json.Marshal(d.debugInfo.files[id])
		if err != nil {
			return err
		}
		if err := d.WriteFile(path.Join(debugInfoDir, id+".debug"), text); err != nil {
			return err
		}
	}
	return nil
}
