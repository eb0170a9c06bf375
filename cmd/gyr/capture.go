// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/gyr-dev/gyr/capture"
	"github.com/gyr-dev/gyr/config"
	"github.com/gyr-dev/gyr/host"
)

// newCapture is `gyr capture`, with a file per subcommand.
func newCapture(a *app) *cobra.Command {
	c := &cobra.Command{Use: "capture", Short: "Record, replay and look into capture files"}
	for _, sub := range []func(*app) *cobra.Command{
		newCaptureInfo, newCaptureCat, newCaptureFilter, newCaptureMerge, newCaptureConvert, newCaptureRecord, newCaptureReplay,
	} {
		c.AddCommand(sub(a))
	}
	return c
}

// pluginFlags are the flags of subcommands that need plugins.
func (a *app) pluginFlags(c *cobra.Command) {
	f := c.Flags()
	f.StringVarP(&a.opts.config, "config", "c", "", "`path` of a configuration file with the plugins, else "+defaultConfig+", else those that are built in")
	f.StringArrayVarP(&a.opts.set, "option", "o", nil, "set a `key=value` of the configuration; may be repeated")
	f.StringVar(&a.opts.pluginsDir, "plugins-dir", "", "`folder` that library_path is relative to")
}

// startPlugins loads and initialises the plugins of the configuration as a replay does or,
// without one, all that are built in.
func (a *app) startPlugins() error {
	if a.opts.config == "" {
		if _, err := os.Stat(defaultConfig); err == nil {
			a.opts.config = defaultConfig
		}
	}
	cfg, err := config.Load(a.opts.config, config.Options{Set: a.opts.set})
	if err != nil {
		return err
	}
	a.cfg = cfg
	if len(cfg.Plugins) == 0 {
		if cfg.Plugins, err = a.builtin(); err != nil {
			return err
		}
	}
	cfg.Engine.Kind = "replay"
	for _, step := range []func(*app) error{loadQuietly, checkPlugins, initPlugins, buildCatalogue} {
		if err := step(a); err != nil {
			return err
		}
	}
	return nil
}

// loadQuietly is loadPlugins without its log lines, which would stand among the output.
func loadQuietly(a *app) error {
	for _, p := range a.cfg.Plugins {
		m, _, err := a.open(p)
		if err != nil {
			return err
		}
		a.plugins = append(a.plugins, &loaded{cfg: p, module: m, info: m.Info()})
	}
	return nil
}

// builtin are entries for the plugins that are linked in, the first for each event source.
func (a *app) builtin() ([]config.Plugin, error) {
	var list []config.Plugin
	taken := map[string]bool{}
	for _, f := range linkedIn {
		m, err := host.Linked(f, a.libsLog)
		if err != nil {
			return nil, err
		}
		name, source := m.Info().Name, m.Info().Source
		if source != "" && taken[source] {
			continue
		}
		taken[source] = true
		list = append(list, config.Plugin{Name: name, LibraryPath: "lib" + name + ".so"})
	}
	return list, nil
}

// sourceOf finds the event source of a plugin id among the loaded plugins.
func (a *app) sourceOf(id uint32) (string, bool) {
	for _, s := range a.sources {
		if s.owner.info.ID == id {
			return s.name, true
		}
	}
	return "", false
}

// provenance says for a new capture which plugin makes its events.
func (p *loaded) provenance() []capture.Plugin {
	return []capture.Plugin{{
		ID: p.info.ID, Name: p.info.Name, Version: p.info.Version, Source: p.info.Source,
		ConfigDigest: capture.ConfigDigest(p.cfg.InitConfig),
	}}
}

// outFlags are the flags of subcommands that write a capture.
type outFlags struct {
	path  string
	plain bool
}

func (o *outFlags) define(c *cobra.Command) {
	c.Flags().StringVarP(&o.path, "write", "w", "", "`file` to write")
	c.Flags().BoolVar(&o.plain, "no-compress", false, "do not pack the file with gzip")
	if err := c.MarkFlagRequired("write"); err != nil {
		panic(err) // the flag is the one above
	}
}

// create opens the file to be written. It must be none of those that are read.
func (o *outFlags) create(wo capture.WriterOptions, inputs ...string) (*capture.Writer, error) {
	to, err := os.Stat(o.path)
	if err == nil {
		for _, in := range inputs {
			if from, err := os.Stat(in); err == nil && os.SameFile(from, to) {
				return nil, fmt.Errorf("%s is both read and written", o.path)
			}
		}
	}
	wo.Gzip = !o.plain
	return capture.Create(filepath.Clean(o.path), wo)
}

// closing joins the error of a last Close to another.
func closing(w *capture.Writer, err error) error { return errors.Join(err, w.Close()) }

// openForReading opens a capture whose sources do not matter; the reader is closed when
// the run ends.
func (a *app) openForReading(path string, sources func(uint32) (string, bool)) (*capture.Reader, error) {
	r, err := capture.Open(path, capture.ReaderOptions{Sources: sources, Log: a.log})
	if err == nil {
		a.atEnd(r.Close)
	}
	return r, err
}

// command makes the function of a subcommand of one that returns an error: it ends well at
// SIGINT and SIGTERM and tears down what was set up.
func (a *app) command(do func(ctx context.Context, args []string) error) func(*cobra.Command, []string) error {
	return func(_ *cobra.Command, args []string) error {
		a.reopen = func() {}
		return a.run([]step{{"handle signals", handleSignals}, {"command", func(a *app) error { return do(a.stop, args) }}})
	}
}

// bar returns a function that draws how far a long command is, at most ten times a second.
func (a *app) bar(what string) func(share float64) {
	if a.screen.tty == nil {
		return func(float64) {}
	}
	a.atEnd(func() error {
		a.screen.mu.Lock()
		defer a.screen.mu.Unlock()
		a.screen.erase()
		return nil
	})
	var drawn time.Time
	return func(share float64) {
		if now := time.Now(); now.Sub(drawn) > 100*time.Millisecond {
			drawn = now
			a.screen.draw(fmt.Sprintf("%s %3.0f %%", what, 100*share))
		}
	}
}

// watch draws a bar until the run ends. share is called from another goroutine.
func (a *app) watch(what string, share func() float64) {
	if a.screen.tty == nil {
		return
	}
	draw := a.bar(what)
	end := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		tick := time.NewTicker(150 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				draw(share())
			case <-end:
				return
			}
		}
	})
	a.atEnd(func() error {
		close(end)
		wg.Wait()
		return nil
	})
}

// shareOf is how much of several captures has been read.
func shareOf(readers ...*capture.Reader) func() float64 {
	return func() float64 {
		sum := 0.0
		for _, r := range readers {
			share, _ := r.Progress()
			sum += share
		}
		return sum / float64(len(readers))
	}
}
