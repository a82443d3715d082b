package tests

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// nixCommands are the programs of Nix that the tests run.
var nixCommands = []string{"nix", "nix-build", "nix-env", "nix-instantiate", "nix-shell", "nix-store"}

// NB: root needs no user namespace, in which Nix 2.8 cannot build as root.
const noNetwork = `#!/bin/sh
if [ "$(id -u)" = 0 ]; then user=; else user=--map-current-user; fi
exec with-nix unshare $user --net %s "$@"
`

// useSuite makes dir the first place where commands are found, and puts there
//
//   - with-nix, which runs a command on a machine that has the Nix of a Debian
//     suite; where suite is empty, the Nix of this machine;
//   - where suite is not empty, all commands of Nix, run by with-nix;
//   - no-network, a directory with all commands of Nix, run without a network;
//   - offline, a directory with a bash that runs by tests/offline-machine on $MACHINE.
//
// So the tests and scripts need not know which Nix they run with.
func useSuite(suite, dir string) error {
	path := os.Getenv("PATH")
	// NB: what with-nix runs must not find the commands in dir again.
	withNix := fmt.Sprintf("#!/bin/sh\nPATH='%s' exec ", path)
	if suite != "" {
		withNix += fmt.Sprintf("'%s/tests/nix-version' '%s' ", root, suite)
	}
	scripts := map[string]string{"with-nix": withNix + `"$@"` + "\n"}
	for _, name := range nixCommands {
		if suite != "" {
			scripts[name] = fmt.Sprintf("#!/bin/sh\nexec with-nix %s \"$@\"\n", name)
		}
		scripts["no-network/"+name] = fmt.Sprintf(noNetwork, name)
	}
	scripts["offline/bash"] = fmt.Sprintf("#!/bin/sh\nexec with-nix '%s/tests/offline-machine' \"$MACHINE\" /bin/bash \"$@\"\n", root)
	for _, name := range []string{"no-network", "offline"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			return err
		}
	}
	for name, script := range scripts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755); err != nil {
			return err
		}
	}
	return os.Setenv("PATH", dir+":"+path)
}

// isVersion is the condition [nix:2.8] of the scripts: they run with Nix 2.8.
// It is for what Nix does, never for what this project does.
//
// NB: the newest Nix is [!nix:2.8] [!nix:2.26], because it moves on.
func isVersion(condition string) (bool, error) {
	version, ok := strings.CutPrefix(condition, "nix:")
	if !ok {
		return false, fmt.Errorf("unknown condition %q", condition)
	}
	out, err := exec.Command("nix", "--version").Output()
	return strings.HasPrefix(string(out), "nix (Nix) "+version+"."), err
}
