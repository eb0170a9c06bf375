// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"runtime"
	"strings"

	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/config"
)

// printSupport prints everything that a bug report needs, without secrets.
func (a *app) printSupport(asm *assembly.Assembly) error {
	type variant struct {
		Content string `json:"content"`
	}
	type rulesFile struct {
		Name     string    `json:"name"`
		Variants []variant `json:"variants"`
	}
	host, _ := os.Hostname()
	files := []rulesFile{}
	for _, f := range asm.Files {
		files = append(files, rulesFile{f.Name, []variant{{string(f.Content)}}})
	}
	return a.printJSON(struct {
		Version    string            `json:"version"`
		SystemInfo map[string]string `json:"system_info"`
		EngineInfo versions          `json:"engine_info"`
		Cmdline    string            `json:"cmdline"`
		Config     string            `json:"config"`
		RulesFiles []rulesFile       `json:"rules_files"`
	}{
		version,
		map[string]string{"sysname": runtime.GOOS, "nodename": host, "machine": machine(), "go": runtime.Version()},
		versionsOf(asm),
		strings.Join(config.MaskArgs(os.Args), " "),
		a.cfg.Dump(),
		files,
	})
}
