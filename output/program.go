// SPDX-License-Identifier: Apache-2.0

package output

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/internal/pluginenv"
)

// Program pipes lines into a shell command, whose own output goes where gyr's goes.
type Program struct {
	command   string
	keepAlive bool
	cmd       *exec.Cmd
	stdin     io.WriteCloser
	lines     lines
}

// NewProgram returns a destination that runs command. With keepAlive one process takes
// all alerts, else each alert has its own, which has ended before the next one starts.
func NewProgram(command string, keepAlive, buffered bool) *Program {
	return &Program{command: command, keepAlive: keepAlive, lines: lines{buffered: buffered}}
}

// Name implements [Destination].
func (p *Program) Name() string { return "program" }

// Write implements [Destination].
func (p *Program) Write(alerts []alert.Alert) error {
	if p.keepAlive {
		return p.pipe(alerts)
	}
	for i := range alerts {
		if err := p.pipe(alerts[i : i+1]); err != nil {
			return err
		}
		if err := p.Close(); err != nil {
			return err
		}
	}
	return nil
}

func (p *Program) pipe(alerts []alert.Alert) error {
	if err := p.start(); err != nil {
		return err
	}
	if err := p.lines.write(alerts); err != nil {
		_ = p.Close() // a new process is started for the next alerts
		return err
	}
	return nil
}

func (p *Program) start() error {
	if p.cmd != nil {
		return nil
	}
	shell := []string{"/bin/sh", "-c"}
	if runtime.GOOS == "windows" {
		shell = []string{"cmd", "/C"}
	}
	cmd := exec.Command(shell[0], shell[1], p.command)
	cmd.Env = pluginenv.Clean(cmd.Environ())
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	stdin, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return fmt.Errorf("Failed to open program output: %s (error: %w)", p.command, err)
	}
	p.cmd, p.stdin, p.lines.w = cmd, stdin, stdin
	return nil
}

// Flush implements [Destination].
func (p *Program) Flush() error {
	if p.cmd == nil {
		return nil
	}
	return p.lines.flush()
}

// Reopen ends the process and starts a new one.
func (p *Program) Reopen() error {
	if err := p.Close(); err != nil {
		return err
	}
	return p.start()
}

// Close ends the command's input and waits for it. How it ended does not matter.
func (p *Program) Close() error {
	if p.cmd == nil {
		return nil
	}
	err := p.lines.flush()
	p.stdin.Close()
	_ = p.cmd.Wait()
	p.cmd, p.stdin = nil, nil
	return err
}
