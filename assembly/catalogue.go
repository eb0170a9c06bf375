// SPDX-License-Identifier: Apache-2.0

package assembly

import (
	"os"
	"time"

	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/internal/timetext"
)

// Catalogue is what rules can use, and what the encoder of alerts shares with it.
type Catalogue struct {
	Fields *fields.Catalogue
	// Hostname is the name of this host, as the environment or the system has it.
	Hostname string

	offset int64 // of the local zone, seconds east of UTC
}

// buildCatalogue enters the fields of each event source: generic ones, those of the
// configuration, those of the plugins in load order.
func (a *Assembly) buildCatalogue() error {
	c := Catalogue{Fields: fields.NewCatalogue(), Hostname: hostname(), offset: timetext.Offset(time.Now())}
	generic := &fields.Generic{Hostname: c.Hostname, Offset: c.offset, Plugins: map[uint32]string{}}
	values := map[string]string{}
	for _, f := range a.Config.StaticFields {
		values[f.Name] = f.Value
	}
	static := fields.NewStatic(values)
	for _, s := range a.Sources {
		generic.Plugins[s.Owner.Info.ID] = s.Owner.Info.Name
	}
	for _, s := range a.Sources {
		c.Fields.AddSource(s.Name)
		for _, f := range generic.Fields(s.Stream) {
			if err := c.Fields.AddField(s.Name, f); err != nil {
				return err
			}
		}
		if err := c.Fields.Add(s.Name, fields.StaticClass, static, static.Fields()); err != nil {
			return err
		}
		for _, state := range s.States {
			info := state.Module().Info()
			if !info.ExtractsFrom(s.Name) {
				continue
			}
			if err := c.Fields.Add(s.Name, info.Name+" (plugin)", state, info.Fields); err != nil {
				return err
			}
		}
	}
	a.Catalogue = c
	return nil
}

// HostnameVariable is the environment variable that overrides the name of the host.
const HostnameVariable = "FALCO_HOSTNAME"

func hostname() string {
	if h, ok := os.LookupEnv(HostnameVariable); ok {
		return h
	}
	h, _ := os.Hostname() // an alert without it is better than none
	return h
}
