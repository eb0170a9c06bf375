// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// process returns gyr as a process of its own, not started yet, with a source that has n
// alerts, and further lines of configuration.
func process(t *testing.T, n string, config string) (cmd *exec.Cmd, dir string) {
	t.Helper()
	dir = t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	gyr := filepath.Join(dir, "gyr") // by this name TestMain runs main
	if err := os.Symlink(self, gyr); err != nil {
		t.Fatal(err)
	}
	rules, conf := filepath.Join(dir, "r.yaml"), filepath.Join(dir, "c.yaml")
	write(t, rules, "- {rule: r, desc: d, condition: dummy.value >= 0, output: o %evt.num, priority: INFO, source: dummy}\n")
	write(t, conf, `
plugins: [{name: dummy, library_path: libdummy-of-nobody.so, init_config: {jitter: 0}, open_params: '{"start": 1, "maxEvents": `+n+`}'}]
rules_files: [`+rules+`]
log_stderr: true
log_syslog: false
output_timeout: 200
`+config)
	return exec.Command(gyr, "-c", conf, "--plugins-dir", dir), dir
}

const forever = "9223372036854775807"

// clogged starts gyr with a pipe that nobody reads as its standard output and, if both is
// set, its standard error, and returns when the pipe is full.
func clogged(t *testing.T, cmd *exec.Cmd, both bool) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close(); w.Close() })
	if cmd.Stdout = w; both {
		cmd.Stderr = w
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for before, same := 0, 0; same < 50; time.Sleep(2 * time.Millisecond) {
		n, err := unix.IoctlGetInt(int(r.Fd()), unix.TIOCINQ)
		if err != nil {
			t.Fatal(err)
		}
		if same++; n != before || n < 40<<10 {
			before, same = n, 0
		}
	}
}

// With its standard output and error full and unread, gyr ends at SIGTERM all the same.
func TestEndWithClogged(t *testing.T) {
	for _, both := range []bool{false, true} {
		cmd, dir := process(t, forever, "stdout_output: {enabled: true}\nfile_output: {enabled: true, filename: out.txt}\n")
		cmd.Dir = dir
		var log bytes.Buffer
		cmd.Stderr = &log
		clogged(t, cmd, both)
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("both %v: gyr ended with %v", both, err)
		}
		text, err := os.ReadFile(filepath.Join(dir, "out.txt"))
		if lines := bytes.Count(text, []byte("\n")); err != nil || lines < 500 || text[len(text)-1] != '\n' {
			t.Errorf("both %v: the file has %d lines, %v; want those that were read, whole", both, lines, err)
		}
		if both {
			continue
		}
		for _, want := range []string{"SIGTERM received, exiting...", "output channels still blocked", "output stdout: "} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("the log has no %q:\n%s", want, log.String())
			}
		}
	}
}

// A second signal ends gyr at once.
func TestSecondSignal(t *testing.T) {
	cmd, _ := process(t, forever, "stdout_output: {enabled: true}\nshutdown_timeout: 3600000\n")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Args = append(cmd.Args, "-o", "output_timeout=3600000")
	clogged(t, cmd, false)
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stderr)
	for lines.Scan() && !strings.Contains(lines.Text(), "SIGINT received, exiting...") {
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, stderr)
	if err := cmd.Wait(); err == nil || !strings.Contains(err.Error(), "signal: terminated") {
		t.Errorf("gyr ended with %v", err)
	}
}

// A standard output or error that is closed costs its own output only.
func TestClosedStreams(t *testing.T) {
	const n = 5000
	for _, both := range []bool{false, true} {
		cmd, dir := process(t, strconv.Itoa(n), "stdout_output: {enabled: true}\nfile_output: {enabled: true, filename: out.txt}\n")
		cmd.Dir = dir
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
		var log bytes.Buffer
		cmd.Stdout, cmd.Stderr = w, &log
		if both {
			cmd.Stderr = w
		}
		err = cmd.Run()
		w.Close()
		if err == nil || err.Error() != "exit status 1" {
			t.Errorf("both %v: gyr ended with %v, want status 1", both, err)
		}
		text, err := os.ReadFile(filepath.Join(dir, "out.txt"))
		if lines := bytes.Count(text, []byte("\n")); lines != n {
			t.Errorf("both %v: the file has %d lines, %v; want %d", both, lines, err, n)
		}
		if both {
			continue
		}
		for want, times := range map[string]int{
			"stdout: write /dev/stdout: broken pipe; this output is given up, its alerts are lost": 1,
			"output stdout: 0 alerts delivered, 5000 lost (0 of them refused)":                     1,
			"Error: alerts were lost: stdout 5000 of 5000":                                         1,
			"output file": 0,
		} {
			if got := strings.Count(log.String(), want); got != times {
				t.Errorf("%d lines with %q, want %d:\n%s", got, want, times, log.String())
			}
		}
	}
}
