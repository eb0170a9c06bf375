// SPDX-License-Identifier: Apache-2.0

package sdktest

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/registry"
)

var (
	nameForm   = regexp.MustCompile(`^[a-z]+[a-z0-9-_]*$`)
	sourceForm = regexp.MustCompile(`^[a-z]+[a-z0-9_]*$`)
	fieldForm  = regexp.MustCompile(`^[a-z]+[a-z0-9_]*(\.[a-z]+[a-z0-9_]*)+$`)
)

// checkInfo checks the descriptive texts. The loader has already checked the name and version.
func (k *checker) checkInfo() {
	i := k.info
	if !nameForm.MatchString(i.Name) {
		k.warnf("the name %q does not follow the convention %s", i.Name, nameForm)
	}
	if i.Source != "" && !sourceForm.MatchString(i.Source) {
		k.warnf("the event source %q does not follow the convention %s", i.Source, sourceForm)
	}
	for what, text := range map[string]string{"name": i.Name, "description": i.Description, "contact": i.Contact} {
		switch {
		case strings.TrimSpace(text) == "":
			k.warnf("%s is missing", what)
		case !utf8.ValidString(text):
			k.errorf("the %s is not valid UTF-8: %q", what, text)
		}
	}
	if i.Caps.Has(host.Sourcing) && i.ID == 0 {
		k.warnf("the plugin produces system events (it has no ID), which gyr does not support")
	}
}

func (k *checker) checkRegistry() {
	if w := registry.Known().Warn(k.info.Name, k.info.ID, k.info.Source); w != "" {
		k.warnf("%s", w)
	} else if !registry.Known().Has(k.info.ID) {
		k.warnf("ID %d is not registered; another plugin may get it", k.info.ID)
	}
}

// checkFields checks the published fields.
func (k *checker) checkFields() {
	seen := map[string]bool{}
	for i := range k.info.Fields {
		f := &k.info.Fields[i]
		if seen[f.Name] {
			k.errorf("duplicate field %s", f.Name)
		}
		seen[f.Name] = true
		if !fieldForm.MatchString(f.Name) {
			k.warnf("field %s does not follow the convention %s; rules may not be able to use it", f.Name, fieldForm)
		}
		if strings.HasPrefix(f.Name, "evt.") || strings.HasPrefix(f.Name, "static.") {
			k.errorf("field %s has the name of a field of every event source", f.Name)
		}
		if f.Arg.Required && !f.Arg.Allowed() {
			k.errorf("field %s requires an argument, but accepts neither an index nor a key", f.Name)
		}
		if f.Desc == f.Name || strings.TrimSpace(f.Desc) == "" {
			k.warnf("field %s has no description", f.Name)
		}
	}
}

// checkInit creates two states at once. The first one is used by the other checks.
func (k *checker) checkInit() {
	h, err := Open(k.m, k.opts.Config)
	if err != nil {
		if k.opts.Config == "" {
			k.errorf("init without a configuration: %v (pass one if the plugin needs it)", err)
		} else {
			k.errorf("init: %v", err)
		}
		return
	}
	k.host = h
	second, err := Open(k.m, k.opts.Config)
	if err != nil {
		k.errorf("second state: %v", err)
		return
	}
	if err := second.Close(); err != nil {
		k.errorf("destroy the second state: %v", err)
	}
}

// checkConfig checks the schema, and passes invalid configurations to the plugin.
func (k *checker) checkConfig() {
	if k.info.Schema == "" {
		if k.opts.Config != "" {
			k.warnf("the plugin has a configuration but no schema; mistakes in it are found late or never")
		} else {
			k.skipf("the plugin has no schema")
		}
		return
	}
	if _, err := host.CheckConfig(k.info.Name, k.info.Schema, k.opts.Config); err != nil {
		k.errorf("%v", err)
	}
	if _, err := host.CheckConfig(k.info.Name, k.info.Schema, `[]`); err == nil {
		k.warnf("the schema accepts a list as the configuration; add \"type\": \"object\"")
	}
}

func (k *checker) checkClose() {
	second, err := Open(k.m, k.opts.Config)
	if err != nil {
		k.errorf("third state: %v", err)
		return
	}
	if err := k.host.Close(); err != nil {
		k.errorf("destroy: %v", err)
	}
	k.host = second
	if len(k.events) > 0 && k.info.Caps.Has(host.Extraction) {
		if _, err := second.extract(k.events[:1], k.refs()); err != nil {
			k.errorf("extraction after another state was destroyed: %v", err)
		}
	}
}
