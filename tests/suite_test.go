package tests

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// nixCommands are the names of the programs of Nix that the tests use.
var nixCommands = []string{"nix", "nix-build", "nix-env", "nix-instantiate", "nix-shell", "nix-store"}

// NB: the script creates no user namespace if root runs it, because Nix 2.8 cannot build
// as root in a user namespace.
const noNetwork = `#!/bin/sh
if [ "$(id -u)" = 0 ]; then user=; else user=--map-current-user; fi
exec with-nix unshare $user --net %s "$@"
`

// useSuite puts dir first in PATH, so that tests and testscripts use the Nix of a Debian
// suite, or the installed Nix if suite is empty. It writes to dir
//
//   - with-nix, which runs a command with that Nix;
//   - all commands of Nix, run by with-nix, if suite is not empty;
//   - no-network, a directory with all commands of Nix, run without a network;
//   - offline, a directory with a bash that tests/offline-machine runs on $MACHINE, with
//     the same Nix;
//   - ssh, a directory with ssh and scp, which connect to the sshd of the offline machine
//     $WORK/HOST, with the configuration and the key that sshConfig writes.
func useSuite(suite, dir string) error {
	path := os.Getenv("PATH")
	// NB: the scripts set PATH without dir, so that they do not run the commands in dir
	// again.
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
	scripts["offline/bash"] = fmt.Sprintf("#!/bin/sh\nPATH='%s' exec '%s/tests/offline-machine' %s \"$MACHINE\" /bin/bash \"$@\"\n",
		path, root, cmp.Or(suite, "bookworm"))
	scripts["ssh/ssh"] = "#!/bin/sh\nexec /usr/bin/ssh -F \"$WORK/ssh_config\" \"$@\"\n"
	scripts["ssh/scp"] = "#!/bin/sh\nexec /usr/bin/scp $SCP_OPTIONS -F \"$WORK/ssh_config\" \"$@\"\n"
	for _, name := range []string{"no-network", "offline", "ssh"} {
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

// onDebian matches the use of what only Debian has: an offline machine, or programs outside
// of the Nix store.
var onDebian = regexp.MustCompile(`\$OFFLINE|\$SSH|/usr/bin/`)

// skipScript skips the testscript of env if it needs Debian, and this machine does not run
// Debian.
func skipScript(env *testscript.Env, dir string) error {
	name := strings.TrimPrefix(filepath.Base(env.WorkDir), "script-") + ".txtar"
	script, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	if found := onDebian.Find(script); found != nil {
		needsDebian(env.T(), filepath.Join(dir, name), fmt.Sprintf("uses %s, which only Debian has", found))
	}
	return nil
}

// needsDebian skips a test if this machine is not a Debian, and adds the test to the list
// that make test prints. On Debian, tests/setup installs all that the test needs.
func needsDebian(t interface {
	Skip(args ...any)
	Fatal(args ...any)
}, name, reason string) {
	if release, _ := os.ReadFile("/etc/os-release"); strings.Contains("\n"+string(release), "\nID=debian\n") {
		return
	}
	list, err := os.OpenFile(filepath.Join(root, ".cache", "skipped-tests"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	_, err = fmt.Fprintf(list, "skipped: %s: %s\n", name, reason)
	if err := errors.Join(err, list.Close()); err != nil {
		t.Fatal(err)
	}
	t.Skip(reason)
}

// sshConfig writes the configuration and the key of ssh to work, the directory of a
// testscript.
func sshConfig(work string) error {
	config := `StrictHostKeyChecking no
UserKnownHostsFile /dev/null
LogLevel ERROR
User root
IdentityFile ` + work + `/key
ProxyCommand sh -c 'MACHINE="$WORK/%h" exec "$OFFLINE/bash" -euc "mkdir -p ~/.ssh /run/sshd; echo \"$(cat "$WORK/key.pub")\" >~/.ssh/authorized_keys; exec /usr/sbin/sshd -i"'
`
	key := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", filepath.Join(work, "key"))
	return errors.Join(key.Run(), os.WriteFile(filepath.Join(work, "ssh_config"), []byte(config), 0o644))
}

// holds reports whether a condition of a testscript holds: a version of Nix, or [root]
// for commands that only root can run.
func holds(condition string) (bool, error) {
	if condition == "root" {
		return os.Geteuid() == 0, nil
	}
	return isVersion(condition)
}

// isVersion reports whether a condition on the version of Nix holds: nix:2.8, or
// nix>=2.34 for that version and newer ones. Conditions are for differences between
// versions of Nix, never between those of this project.
func isVersion(condition string) (bool, error) {
	out, err := exec.Command("nix", "--version").Output()
	if err != nil {
		return false, err
	}
	if version, ok := strings.CutPrefix(condition, "nix:"); ok {
		return strings.HasPrefix(string(out), "nix (Nix) "+version+"."), nil
	}
	var major, minor, minMajor, minMinor int
	if _, err := fmt.Sscanf(condition, "nix>=%d.%d", &minMajor, &minMinor); err != nil {
		return false, fmt.Errorf("unknown condition %q", condition)
	}
	_, err = fmt.Sscanf(string(out), "nix (Nix) %d.%d", &major, &minor)
	return cmp.Or(cmp.Compare(major, minMajor), cmp.Compare(minor, minMinor)) >= 0, err
}
