package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// timed runs a command with timer. The command's output goes to files, so that this
// process does not spend time on reading it.
func (b *bench) timed(ctx context.Context, cmd *exec.Cmd, dir string) error {
	stdout, err := os.Create(filepath.Join(dir, "stdout"))
	if err != nil {
		return err
	}
	defer stdout.Close()
	stderr, err := os.Create(filepath.Join(dir, "stderr"))
	if err != nil {
		return err
	}
	defer stderr.Close()
	outer := exec.Command(b.self, append([]string{"-timer", filepath.Join(dir, "sample")}, cmd.Args...)...)
	outer.Env, outer.Stdout, outer.Stderr = cmd.Env, stdout, stderr
	if err := runGroup(ctx, outer); err != nil {
		text, _ := os.ReadFile(stderr.Name())
		return cmp.Or(context.Cause(ctx), fmt.Errorf("%q: %w\n%s", cmd.Args, err, text))
	}
	return nil
}

// runGroup runs a command. When ctx ends, it stops the command with its children.
func runGroup(ctx context.Context, cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = unix.Kill(-cmd.Process.Pid, unix.SIGTERM) })
	defer stop()
	return cmd.Wait()
}

// timer runs a command and writes its sample to a file. It runs in a process of its own,
// which uses little memory, because Linux counts the memory of a parent process as its
// child's.
func timer(file string, argv []string) error {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return err
	}
	wall := time.Since(start)
	state := cmd.ProcessState
	data, err := json.Marshal(sample{
		Wall:   wall,
		CPU:    state.UserTime() + state.SystemTime(),
		Memory: state.SysUsage().(*syscall.Rusage).Maxrss << 10,
	})
	if err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o644)
}
