// SPDX-License-Identifier: Apache-2.0

package spool

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Sync says when alerts count as stored.
type Sync int

// The ways to sync.
const (
	// Always: when they are fsynced.
	Always Sync = iota
	// Interval: when they are written; an fsync follows within 100 ms.
	Interval
)

// Full says what happens when the spool has its largest size.
type Full int

// What can happen.
const (
	// Wait: Append waits until outputs have delivered.
	Wait Full = iota
	// DropOldest: the outputs that lag lose their oldest alerts, which are counted.
	DropOldest
)

const (
	// DefaultMaxSize is the size of the segments unless said otherwise, in bytes.
	DefaultMaxSize = 1 << 30
	// minMaxSize is the least size that makes sense.
	minMaxSize = 1 << 20
	// maxPending is how many bytes wait for the committer at most.
	maxPending = 2 << 20
	// syncEvery is how late an fsync comes at most with Interval.
	syncEvery = 100 * time.Millisecond
	// checkpointEvery is how late the fsync of cursors comes at most.
	checkpointEvery = time.Second
)

// Options configure a Spool.
type Options struct {
	// Path is the folder. It is created, with mode 0700, if there is none.
	Path string
	// MaxSize is the size that the segments have at most, in bytes; 0 means DefaultMaxSize.
	MaxSize  int64
	Sync     Sync
	WhenFull Full
	// FS is the file system; nil means the system's.
	FS FS
	// Log must not be nil.
	Log *slog.Logger
}

// Spool keeps alerts on disk. See the package comment for its promises and for who may call
// what at once.
type Spool struct {
	opts Options
	fs   FS
	lock *os.File
	log  *cursorLog

	mu        sync.Mutex
	room      sync.Cond // Append waits for it
	work      chan struct{}
	pending   batch  // not taken by the committer yet
	taken     int64  // bytes that the committer has and no segment counts
	next      uint64 // sequence number of the next record
	committed uint64 // that of the first record that readers must not have yet
	segments  []*segment
	cursors   map[string]uint64
	readers   map[string]chan struct{} // by the names that are read: has a token when there is something new
	full      bool                     // the log says that it is full
	refusing  bool                     // nothing waits for room any more
	closed    bool
	counts    Counts

	closing chan struct{} // closed by Close
	ended   chan struct{} // closed by the committer
}

// Counts are what became of alerts, and what the spool met.
type Counts struct {
	// Appended alerts, and Bytes of the segments now.
	Appended uint64
	Bytes    int64
	// Dropped alerts, by name of the output that did not get them.
	Dropped map[string]uint64
	// Queued alerts, by name of the output that still has to get them.
	Queued map[string]uint64
	// Lost alerts, by name of the output that did not get them, because of damage.
	Lost map[string]uint64
	// Damaged bytes that were skipped.
	Damaged int64
	// Failures of writes and fsyncs. What they were about was written again.
	Failures uint64
}

// ErrClosed is what done gets for alerts that could not be stored before the spool was
// closed.
var ErrClosed = errors.New("spool closed before the alerts were stored")

// Open opens a spool, or makes a new one. Another process that has it is an error; damage is
// not.
func Open(o Options) (*Spool, error) {
	if o.MaxSize <= 0 {
		o.MaxSize = DefaultMaxSize
	}
	o.MaxSize = max(o.MaxSize, minMaxSize)
	s := &Spool{
		opts: o, fs: o.FS, work: make(chan struct{}, 1), closing: make(chan struct{}), ended: make(chan struct{}),
		cursors: map[string]uint64{}, readers: map[string]chan struct{}{},
		counts: Counts{Dropped: map[string]uint64{}, Lost: map[string]uint64{}},
	}
	s.room.L = &s.mu
	if s.fs == nil {
		s.fs = osFS{}
	}
	if err := s.takeLock(); err != nil {
		return nil, fmt.Errorf("spool %s: %w", o.Path, err)
	}
	var err error
	if s.log, err = s.recover(); err != nil {
		return nil, errors.Join(fmt.Errorf("spool %s: %w", o.Path, err), s.lock.Close())
	}
	if o.Sync == Interval {
		o.Log.Info("spool: alerts of the last 100 ms do not survive a crash of the machine (sync: interval)")
	}
	go s.commit()
	return s, nil
}

func (s *Spool) takeLock() error {
	if err := os.MkdirAll(s.opts.Path, 0o700); err != nil {
		return err
	}
	lock, err := os.OpenFile(filepath.Join(s.opts.Path, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := lockFile(lock); err != nil {
		return errors.Join(fmt.Errorf("used by another process: %w", err), lock.Close())
	}
	s.lock = lock
	return nil
}

// Counts returns the counts up to now.
func (s *Spool) Counts() Counts {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.counts
	c.Dropped, c.Lost, c.Queued = maps.Clone(c.Dropped), maps.Clone(c.Lost), map[string]uint64{}
	for name, seq := range s.cursors {
		c.Queued[name] = s.committed - min(seq, s.committed)
	}
	c.Bytes = s.size()
	return c
}

// size is how many bytes the segments have, and will have. The caller holds the lock.
func (s *Spool) size() int64 {
	n := s.taken + int64(len(s.pending.bytes))
	for _, g := range s.segments {
		n += g.size
	}
	return n
}

// Close stores what is pending and ends the spool. Readers that wait return. What cannot be
// stored is given up. No Append and no Advance may follow.
func (s *Spool) Close() error {
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		close(s.closing)
		s.room.Broadcast()
		s.wake()
	}
	s.mu.Unlock()
	<-s.ended
	return s.lock.Close()
}

// wake has the committer look for work.
func (s *Spool) wake() {
	select {
	case s.work <- struct{}{}:
	default:
	}
}
