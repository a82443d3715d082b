package cache

import "os"

// draftSuffix ends the temporary names; nothing that Nix looks for has it.
const draftSuffix = ".draft"

// draft is a file that is being written, under a temporary name.
type draft struct {
	*os.File
}

func newDraft(path string) (draft, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	return draft{file}, err
}

// publish closes the file and gives it its name, replacing any file there.
func (d draft) publish(path string) error {
	if err := d.Close(); err != nil {
		return err
	}
	return os.Rename(d.Name(), path)
}

// discard removes the file unless it was published. Its errors are of no
// interest: it runs after another error, or to no effect.
func (d draft) discard() {
	_ = d.Close()
	_ = os.Remove(d.Name())
}
