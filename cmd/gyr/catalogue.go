// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"time"

	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/internal/timetext"
)

// catalogue is what rules can use, and what the encoder of alerts shares with it.
type catalogue struct {
	fields   *fields.Catalogue
	hostname string
	offset   int64 // of the local zone, seconds east of UTC
}

// buildCatalogue enters the fields of each event source: generic ones, those of the
// configuration, those of the plugins in load order.
func buildCatalogue(a *app) error {
	c := catalogue{fields: fields.NewCatalogue(), hostname: hostname(), offset: timetext.Offset(time.Now())}
	generic := &fields.Generic{Hostname: c.hostname, Offset: c.offset, Plugins: map[uint32]string{}}
	values := map[string]string{}
	for _, f := range a.cfg.StaticFields {
		values[f.Name] = f.Value
	}
	static := fields.NewStatic(values)
	for _, s := range a.sources {
		generic.Plugins[s.owner.info.ID] = s.owner.info.Name
	}
	for _, s := range a.sources {
		c.fields.AddSource(s.name)
		for _, f := range generic.Fields(s.stream) {
			if err := c.fields.AddField(s.name, f); err != nil {
				return err
			}
		}
		if err := c.fields.Add(s.name, fields.StaticClass, static, static.Fields()); err != nil {
			return err
		}
		for _, state := range s.states {
			info := state.Module().Info()
			if !info.ExtractsFrom(s.name) {
				continue
			}
			if err := c.fields.Add(s.name, info.Name+" (plugin)", state, info.Fields); err != nil {
				return err
			}
		}
	}
	a.catalogue = c
	return nil
}

// hostnameVariable overrides the name of the host.
const hostnameVariable = "FALCO_HOSTNAME"

func hostname() string {
	if h, ok := os.LookupEnv(hostnameVariable); ok {
		return h
	}
	h, _ := os.Hostname() // an alert without it is better than none
	return h
}
