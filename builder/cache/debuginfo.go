package cache

import (
	"encoding/json"
	"maps"
	"path/filepath"
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

// IndexDebugInfo adds to the index of debug info what the members of a store
// path's archive have, which are paths of regular files; those that are not
// named as debug info are left out. info is the one that was published.
//
// Where two store paths have a build ID, the index has the first in the order of
// their names. Nix has the one that it came to first.
func (d *Dir) IndexDebugInfo(info *narinfo.NarInfo, members []string) {
	d.debugInfo.Lock()
	defer d.debugInfo.Unlock()
	for _, member := range members {
		if id, ok := buildID(member); ok {
			d.debugInfo.add(id, debugFile{info.StorePath, "../" + info.URL, member})
		}
	}
}

func (i *debugInfo) add(id string, file debugFile) {
	if other, ok := i.files[id]; ok && other.storePath < file.storePath {
		return
	}
	if i.files == nil {
		i.files = map[string]debugFile{}
	}
	i.files[id] = file
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

// writeDebugInfo writes the index, a file for each build ID.
func (d *Dir) writeDebugInfo() error {
	d.debugInfo.Lock()
	defer d.debugInfo.Unlock()
	for _, id := range slices.Sorted(maps.Keys(d.debugInfo.files)) {
		text, err := json.Marshal(d.debugInfo.files[id])
		if err != nil {
			return err
		}
		if err := writeFile(filepath.Join(d.path, debugInfoDir, id+".debug"), text); err != nil {
			return err
		}
	}
	return nil
}
