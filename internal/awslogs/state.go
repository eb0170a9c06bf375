// SPDX-License-Identifier: Apache-2.0

package awslogs

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/gyr-dev/gyr/internal/durable"
)

// The state is written at most every writeEvery, and seldom enough that writing takes no more
// than a twentieth of the time. What is lost of it in a crash is read again.
const (
	writeEvery  = 2 * time.Second
	writeShare  = 20
	stateFormat = 1
)

// stateFile is the content of a state.
type stateFile struct {
	Format   int                    `json:"format"`
	Prefixes map[string]statePrefix `json:"prefixes"`
}

type statePrefix struct {
	Position string                 `json:"position,omitempty"`
	Done     []string               `json:"done,omitempty"`
	Failed   map[string]stateFailed `json:"failed,omitempty"`
}

type stateFailed struct {
	Tries int    `json:"tries"`
	Error string `json:"error"`
}

// openPositions reads the state at path; a path "" keeps positions in memory only. bucket goes
// before the names of prefixes in the file.
func openPositions(path, bucket string, lookBack time.Duration, counts *Counts, log *slog.Logger) (*positions, error) {
	p := &positions{
		path: path, bucket: bucket, lookBack: lookBack, counts: counts, log: log,
		prefix: map[string]*position{}, changed: make(chan struct{}, 1), stop: make(chan struct{}),
	}
	if path == "" {
		return p, nil
	}
	var err error
	if p.lock, err = durable.LockFile(path); err != nil {
		return nil, fmt.Errorf("state: %w", err)
	}
	if err := p.load(); err != nil {
		p.lock.Unlock()
		return nil, fmt.Errorf("state %s: %w", path, err)
	}
	p.wg.Go(p.keep)
	return p, nil
}

func (p *positions) load() error {
	data, err := durable.Read(p.path)
	if data == nil {
		return err
	}
	return p.restore(data)
}

// restore takes what a state file has.
func (p *positions) restore(data []byte) error {
	var s stateFile
	if err := json.Unmarshal(data, &s); err != nil {
		return fmt.Errorf("cannot be read: %w (remove the file to begin anew)", err)
	}
	if s.Format != stateFormat {
		return fmt.Errorf("has format %d, this version knows %d", s.Format, stateFormat)
	}
	p.others = map[string]statePrefix{}
	for name, kept := range s.Prefixes {
		prefix, ours := strings.CutPrefix(name, p.bucket)
		if !ours {
			p.others[name] = kept
			continue
		}
		at := p.at(prefix)
		at.key = kept.Position
		for _, key := range kept.Done {
			at.done[key] = true
		}
		for key, f := range kept.Failed {
			at.open[key] = &attempt{tries: f.Tries, err: f.Error}
		}
	}
	return nil
}

// keep writes the state when it has changed.
func (p *positions) keep() {
	pause := time.NewTimer(0)
	defer pause.Stop()
	for {
		select {
		case <-p.changed:
		case <-p.stop:
			return
		}
		select {
		case <-pause.C:
		case <-p.stop:
			return
		}
		start := time.Now()
		if err := p.write(); err != nil {
			p.log.Error("state cannot be written, it is tried again", "file", p.path, "error", err)
			p.change()
		}
		pause.Reset(max(writeEvery, writeShare*time.Since(start)))
	}
}

func (p *positions) write() error {
	data, err := json.Marshal(p.snapshot())
	if err != nil {
		return err
	}
	return durable.Write(p.path, data)
}

// snapshot returns what is to be kept.
func (p *positions) snapshot() stateFile {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := stateFile{Format: stateFormat, Prefixes: maps.Clone(p.others)}
	if s.Prefixes == nil {
		s.Prefixes = map[string]statePrefix{}
	}
	for prefix, at := range p.prefix {
		p.advance(prefix, at)
		kept := statePrefix{Position: at.key, Done: slices.Sorted(maps.Keys(at.done))}
		for key, a := range at.open {
			if a.tries == 0 {
				continue
			}
			if kept.Failed == nil {
				kept.Failed = map[string]stateFailed{}
			}
			kept.Failed[key] = stateFailed{a.tries, a.err}
		}
		s.Prefixes[p.bucket+prefix] = kept
	}
	return s
}

// close writes the state a last time.
func (p *positions) close() error {
	if p == nil || p.path == "" {
		return nil
	}
	close(p.stop)
	p.wg.Wait()
	err := p.write()
	if uerr := p.lock.Unlock(); err == nil {
		err = uerr
	}
	if err != nil {
		return fmt.Errorf("state %s: %w", p.path, err)
	}
	return nil
}
