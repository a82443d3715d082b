package cache

import (
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/nix-community/go-nix/pkg/narinfo"
)

// BuildIDDir is the directory of debug info in a store path. The debug info of build ID
// abcd… is the file ab/cd….debug in BuildIDDir.
const BuildIDDir = "lib/debug/.build-id"

const debugInfoDir = "debuginfo"

// debugInfoEntry is the location of the debug info of one build ID.
type debugInfoEntry struct {
	storePath string
	Archive   string `json:"archive"` // path of the NAR file, relative to debuginfo/
	Member    string `json:"member"`
}

// addDebugInfo adds the members of a store path's NAR to the debug info index. It ignores
// members that are not debug info.
//
// If several store paths have debug info of the same build ID, the index has the store
// path that sorts first. Nix's own index has the one that Nix processed first.
func (d *Dir) addDebugInfo(info *narinfo.NarInfo, members []string) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	for _, member := range members {
		id, ok := buildID(member)
		file := path.Join(debugInfoDir, id+".debug")
		if other, exists := d.debugInfo[file]; !ok || exists && other.storePath < info.StorePath {
			continue
		}
		d.debugInfo[file] = debugInfoEntry{info.StorePath, "../" + info.URL, member}
	}
}

// buildID returns the build ID in the path of a member, and whether the member is debug
// info.
func buildID(member string) (id string, ok bool) {
	rest, isThere := strings.CutPrefix(member, BuildIDDir+"/")
	rest, isDebug := strings.CutSuffix(rest, ".debug")
	start, end, _ := strings.Cut(rest, "/")
	return start + end, isThere && isDebug && isHex(start, 2) && isHex(end, 38)
}

func isHex(s string, digits int) bool {
	return len(s) == digits && strings.Trim(s, "0123456789abcdef") == ""
}

// writeDebugInfo writes the debug info index.
func (d *Dir) writeDebugInfo() error {
	for _, file := range slices.Sorted(maps.Keys(d.debugInfo)) {
		text, err := json.Marshal(d.debugInfo[file])
		if err != nil {
			return err
		}
		if err := d.WriteFile(file, text); err != nil {
			return err
		}
	}
	return nil
}
