// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

import (
	"fmt"
	"log/slog"
	"path/filepath"

	"github.com/gyr-dev/gyr/host"
)

// Open loads the library at path and checks everything that concerns it alone. No state
// is made. The plugin's log messages go to log, nil for none. The error names the file
// and, if the library could be loaded, says in Falco's words what is wrong with it.
//
// Libraries are opened one after the other; modules may be used by several goroutines.
func Open(path string, log *slog.Logger, opts Options) (host.Module, error) {
	m, err := open(path, log, opts)
	if err != nil {
		return nil, fmt.Errorf("cannot load plugin %s: %w", path, err)
	}
	return m, nil
}

// module is a library with the log and the options that it was opened with.
type module struct {
	lib      *library
	info     *host.Info
	log      *slog.Logger
	opts     Options
	failures *host.Failures
}

func open(path string, log *slog.Logger, opts Options) (*module, error) {
	if err := checkFile(path); err != nil {
		return nil, fmt.Errorf("can't load plugin dynamic library: %w", err)
	}
	// A name without a directory would make the operating system search elsewhere.
	full, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("can't load plugin dynamic library: %w", err)
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	if opts.MaxEvent == 0 {
		opts.MaxEvent = defaultMaxEvent
	}
	if opts.Report == nil {
		opts.Report = log
	}
	m := &module{log: log, opts: opts}
	keepSignals(log, path, func() { err = m.load(full, path) })
	if err == nil {
		m.failures = host.NewFailures(m.info.Name, opts.Report)
	}
	return m, err
}

// load loads the file called full and describes it as path.
func (m *module) load(full, path string) (err error) {
	if m.lib, err = loadLibrary(full); err != nil {
		return err
	}
	m.lib.mu.Lock()
	defer m.lib.mu.Unlock()
	m.info, err = m.lib.describe(path)
	return err
}

// Info implements [host.Module].
func (m *module) Info() *host.Info { return m.info }
