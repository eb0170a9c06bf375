// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/config"
	"github.com/gyr-dev/gyr/internal/falcolog"
	"github.com/gyr-dev/gyr/internal/pluginenv"
	"github.com/gyr-dev/gyr/internal/screen"
)

// defaultConfig is read if there is no -c.
const defaultConfig = "/etc/falco/falco.yaml"

// errNoConfig is the error of a start without a configuration.
var errNoConfig = errors.New("You must create a config file at " + defaultConfig + " or by passing -c")

// readConfig reads the configuration file of -c, or the default file if it exists. Without
// a file the configuration has default values. It returns the environment variables that
// an earlier start set for plugins, see package pluginenv.
func (a *app) readConfig() (added []string, err error) {
	if a.opts.config == "" {
		if _, err := os.Stat(defaultConfig); err == nil {
			a.opts.config = defaultConfig
		}
	}
	a.cfg, err = config.Load(a.opts.config, config.Options{Set: a.opts.set})
	if err != nil {
		var missing *config.MissingPluginError
		if errors.As(err, &missing) {
			err = assembly.AdviseMissing(err, missing.Name)
		}
		return nil, err
	}
	if a.restart != nil && !a.opts.dryRun && a.readable() {
		a.restart(assembly.Libraries(a.cfg, a.buildOptions(assembly.Loaded)))
	}
	return pluginenv.Settle(), nil
}

// readable reports whether the configuration can be read a second time. A pipe cannot.
func (a *app) readable() bool {
	for _, f := range a.cfg.Files {
		if info, err := os.Stat(f.Path); err != nil || !info.Mode().IsRegular() {
			return false
		}
	}
	return true
}

// loadConfig reads the configuration and sets up logging as configured.
func (a *app) loadConfig() error {
	added, err := a.readConfig()
	if err != nil {
		return err
	}
	cfg := a.cfg
	a.openLog()
	a.log.Info("gyr version: " + version + " (" + machine() + ")")
	a.log.Debug("CLI args: " + strings.Join(config.MaskArgs(os.Args), " "))
	if added != nil {
		a.log.Debug("Go plugins run with " + strings.Join(added, " "))
	}
	if a.opts.config != "" {
		a.log.Info("gyr initialized with configuration files:")
		for _, f := range cfg.Files {
			level := slog.LevelInfo
			if f.Validation != config.ValidationOK {
				level = slog.LevelWarn
			}
			a.log.Log(context.Background(), level, fmt.Sprintf("   %s | schema validation: %s", f.Path, f.Validation))
		}
	}
	a.warnOfConfig(a.log, cfg.Log.Stderr)
	if a.opts.unbuffered {
		cfg.BufferedOutputs = false
	}
	return nil
}

// loadAgain reads the configuration for a reload.
func (a *app) loadAgain() (*config.Config, error) {
	cfg, err := config.Load(a.opts.config, config.Options{Set: a.opts.set})
	if err != nil {
		return nil, err
	}
	for _, w := range cfg.Warnings {
		a.log.Warn(w)
	}
	if a.opts.unbuffered {
		cfg.BufferedOutputs = false
	}
	return cfg, nil
}

// warnOfConfig logs what has no effect in the configuration. If that log does not go to
// stderr the warnings do all the same: after a typing error nobody knows where to look.
func (a *app) warnOfConfig(log *slog.Logger, toStderr bool) {
	for _, w := range a.cfg.Warnings {
		log.Warn(w)
		if !toStderr {
			fmt.Fprintln(a.stderr, a.paint.Text(screen.Yellow, "Warning:")+" "+w)
		}
	}
}

// openLog creates the configured loggers.
func (a *app) openLog() {
	l := &a.cfg.Log
	w := a.stderr
	if !l.Stderr {
		w = nil
	}
	a.log = falcolog.New(w, falcolog.Options{Min: falcolog.Level(l.Level), Syslog: l.Syslog, ISO8601: a.cfg.TimeISO8601, Paint: a.paintLine})
	a.pluginLog = slog.New(slog.DiscardHandler)
	if l.Plugins {
		a.pluginLog = falcolog.Plugins(a.log, falcolog.Level(l.PluginLevel))
	}
}
