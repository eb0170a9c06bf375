// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"strings"

	"github.com/gyr-dev/gyr/config"
)

// loadConfig reads the configuration. Without a file it has defaults, which is enough for
// the steps that only print something.
func loadConfig(a *app) error {
	cfg, err := config.Load(a.opts.config, config.Options{Set: a.opts.set})
	if err != nil {
		return err
	}
	a.cfg = cfg
	added := a.settlePlugins()
	a.log = newLogger(a.stderr, cfg)
	a.libsLog = libsLogger(a.log, cfg)
	a.log.Info("gyr version: " + version + " (" + machine() + ")")
	a.log.Debug("CLI args: " + strings.Join(os.Args, " "))
	if added != nil {
		a.log.Debug("Plugins in Go run with " + strings.Join(added, " "))
	}
	if a.opts.config != "" {
		a.log.Info("gyr initialized with configuration files:")
		for _, f := range cfg.Files {
			level := slog.LevelInfo
			if f.Validation != config.ValidationOK {
				level = slog.LevelWarn
			}
			a.log.Log(nil2ctx, level, fmt.Sprintf("   %s | schema validation: %s", f.Path, f.Validation))
		}
	}
	for _, w := range cfg.Warnings {
		a.log.Warn(w)
	}
	if a.opts.unbuffered {
		cfg.BufferedOutputs = false
	}
	return nil
}

// requireConfig ends a start that nobody configured.
func requireConfig(a *app) error {
	if a.opts.config == "" {
		return fmt.Errorf("You must create a config file at %s or by passing -c", defaultConfig)
	}
	return nil
}

// machine is the processor architecture as uname calls it.
func machine() string {
	switch runtime.GOARCH {
	case "amd64":
		return "x86_64"
	case "arm64":
		return "aarch64"
	}
	return runtime.GOARCH
}

// replaying reports whether events come from a capture file.
func (a *app) replaying() bool { return a.cfg.Engine.Kind == "replay" }
