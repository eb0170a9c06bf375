// SPDX-License-Identifier: Apache-2.0

package output

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"time"

	"github.com/gyr-dev/gyr/internal/pluginenv"
)

// Why a program has not read an alert, if it did not fail: it has ended, or it runs on with
// its input closed.
var (
	errEnded = errors.New("the program ended before it had read the alert")
	errDeaf  = errors.New("the program has closed its input")
)

// lastBreath is how long a program that has closed its input may take to end.
const lastBreath = time.Second

// process is a running shell command.
type process struct {
	stdin *os.File
	done  chan struct{} // closed when the process has ended
	err   error         // how it ended, after done
}

func startProcess(command string) (*process, error) {
	shell := []string{"/bin/sh", "-c"}
	if runtime.GOOS == "windows" {
		shell = []string{"cmd", "/C"}
	}
	cmd := exec.Command(shell[0], shell[1], command)
	cmd.Env = pluginenv.Clean(cmd.Environ())
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	r, w, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("Failed to open program output: %s (error: %w)", command, err)
	}
	cmd.Stdin = r
	err = cmd.Start()
	r.Close()
	if err != nil {
		w.Close()
		return nil, fmt.Errorf("Failed to open program output: %s (error: %w)", command, err)
	}
	p := &process{stdin: w, done: make(chan struct{})}
	go func() {
		if err := cmd.Wait(); err != nil {
			p.err = fmt.Errorf("the program ended: %w", err)
		}
		close(p.done)
	}()
	return p, nil
}

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// await waits for the end of the process, for d at most.
func (p *process) await(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-p.done:
	case <-t.C:
	case <-ctx.Done():
	}
}

// wait waits for the end of the process and returns how it ended.
func (p *process) wait(ctx context.Context) error {
	select {
	case <-p.done:
		return p.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// unread is how many bytes wait in the pipe.
func (p *process) unread() int {
	n, _ := unreadBytes(p.stdin) // 0 where that cannot be told
	return n
}
