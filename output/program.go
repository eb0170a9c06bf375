// SPDX-License-Identifier: Apache-2.0

package output

import (
	"context"
	"time"

	"github.com/gyr-dev/gyr/alert"
)

// Program pipes lines into a shell command, whose own output goes where gyr's goes.
type Program struct {
	command string
	// keepAlive: one process takes all alerts, else each alert has one.
	keepAlive bool
	p         *process // of keepAlive; nil if none runs
	lines     lines
	unread    []int // bytes of the lines that the process has not read yet, the first in part
}

// NewProgram returns a destination that runs command.
//
// With keepAlive one process takes all alerts. An alert is delivered when the process has
// read it, which only Linux can tell; elsewhere, when it is in the pipe. When the process
// ends, what it has not read goes to a new one. Without keepAlive each alert has a process
// of its own, which has ended before the next one starts; it is delivered if the process
// ends with status 0.
func NewProgram(command string, keepAlive, buffered bool) *Program {
	p := &Program{command: command, keepAlive: keepAlive, lines: lines{size: wholeWrite}}
	if buffered {
		p.lines.size = largeWrite
	}
	return p
}

// Name implements [Destination].
func (o *Program) Name() string { return "program" }

// Write implements [Destination].
func (o *Program) Write(ctx context.Context, alerts []alert.Alert) (int, error) {
	if o.keepAlive {
		return o.feed(ctx, alerts)
	}
	p, err := startProcess(o.command)
	if err != nil {
		return 0, err
	}
	o.lines.w = p.stdin
	stop := interrupt(ctx, p.stdin)
	_, werr := o.lines.write(alerts[:1])
	stop()
	o.lines.forget()
	p.stdin.Close()
	if err := p.wait(ctx); err != nil {
		return 0, err
	}
	if werr != nil && !brokenPipe(werr) {
		return 0, werr
	}
	return 1, nil
}

// feed writes alerts that the process has not got yet, the first len(o.unread) of which it
// has, and waits until it has read one or more of all.
func (o *Program) feed(ctx context.Context, alerts []alert.Alert) (int, error) {
	if o.p == nil {
		p, err := startProcess(o.command)
		if err != nil {
			return 0, err
		}
		o.p, o.lines.w = p, p.stdin
	}
	defer interrupt(ctx, o.p.stdin)()
	for pause := 50 * time.Microsecond; ; pause = min(2*pause, 20*time.Millisecond) {
		var err error
		if rest := alerts[len(o.unread):]; len(rest) > 0 {
			var n int
			n, err = o.lines.write(rest)
			for i := range n {
				o.unread = append(o.unread, len(rest[i].Line)+1)
			}
		}
		if ended := o.p.ended(); err != nil || ended {
			return o.restart(ctx)
		}
		if n := o.read(); n > 0 {
			return n, nil
		}
		if len(alerts) == len(o.unread) {
			o.p.await(ctx, pause)
		}
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
	}
}

// read returns how many further lines the process has read as a whole.
func (o *Program) read() int {
	left := o.p.unread() - o.torn()
	n := len(o.unread)
	for n > 0 && left > 0 {
		n--
		left -= o.unread[n]
	}
	o.unread = append(o.unread[:0], o.unread[n:]...)
	return n
}

// torn is how many bytes of a line that is written in part are in the pipe.
func (o *Program) torn() int {
	if len(o.lines.rest) == 0 {
		return 0
	}
	return len(o.lines.torn) - len(o.lines.rest)
}

// restart deals with a process that has ended or takes no more. A new one is started by the
// next feed, which gets what this one has not read.
func (o *Program) restart(ctx context.Context) (int, error) {
	if ctx.Err() != nil {
		return 0, ctx.Err()
	}
	n := o.read()
	o.p.stdin.Close()
	o.p.await(ctx, lastBreath)
	err := errDeaf
	if o.p.ended() {
		err = o.p.err
	}
	o.forget()
	if err == nil {
		err = errEnded
	}
	return n, err
}

func (o *Program) forget() {
	o.p = nil
	o.unread = o.unread[:0]
	o.lines.forget()
}

// Reopen ends the process and has a new one started by the next write.
func (o *Program) Reopen() error { return o.Close() }

// Close ends the command's input and waits for it.
func (o *Program) Close() error {
	if o.p == nil {
		return nil
	}
	o.p.stdin.Close()
	err := o.p.wait(context.Background())
	o.forget()
	return err
}
