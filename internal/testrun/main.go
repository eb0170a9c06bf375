// SPDX-License-Identifier: Apache-2.0

// Command testrun runs go test with the arguments it is given and shows how far it is: a
// line per package as it ends, with what is left, a line every half minute about what runs,
// and the output of what failed.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

func main() {
	status, err := run(os.Stdout, os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "testrun:", err)
		status = 1
	}
	os.Exit(status)
}

// run runs go test and returns its status.
func run(out io.Writer, args []string) (status int, err error) {
	gotool := os.Getenv("GO")
	if gotool == "" {
		gotool = "go"
	}
	list, err := packages(gotool, args)
	if err != nil {
		return 1, err
	}
	cmd := exec.Command(gotool, append([]string{"test", "-json"}, args...)...)
	cmd.Stderr = os.Stderr
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return 1, err
	}
	if err := cmd.Start(); err != nil {
		return 1, err
	}
	events := make(chan event)
	go decode(pipe, out, events)
	r := newReport(out, list, time.Now)
	beat := time.NewTicker(30 * time.Second)
	defer beat.Stop()
	for open := true; open; {
		select {
		case e, ok := <-events:
			if open = ok; ok {
				r.add(e)
			}
		case <-beat.C:
			r.beat()
		}
	}
	err = cmd.Wait()
	r.end()
	if exit, ok := err.(*exec.ExitError); ok { //nolint:errorlint // as it comes from Wait
		return exit.ExitCode(), nil
	}
	return 0, err
}

// packages lists what go test will run with the arguments: what does not begin with a dash.
func packages(gotool string, args []string) ([]string, error) {
	cmd := exec.Command(gotool, "list")
	for _, a := range args {
		if !strings.HasPrefix(a, "-") {
			cmd.Args = append(cmd.Args, a)
		}
	}
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	return strings.Fields(string(out)), err
}

// event is a line of go test -json.
type event struct {
	Action, Package, Test, Output string
	ImportPath                    string // of build-output
	Elapsed                       float64
}

// decode sends the events of a stream, which ends the channel; lines that are no events go
// to out.
func decode(from io.Reader, out io.Writer, to chan<- event) {
	defer close(to)
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			fmt.Fprintln(out, lines.Text())
			continue
		}
		to <- e
	}
}
