// SPDX-License-Identifier: Apache-2.0

package host

import (
	"errors"
	"fmt"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/sdk"
)

// failed counts the failed requests of a plan.
func (pl *linkedPlan) failed(out []event.Value, err error) {
	failures := pl.p.module.failures
	var which sdk.RequestErrors
	if errors.As(err, &which) {
		for _, r := range which {
			if uint(r.Request) < uint(len(pl.reqs)) && r.Err != nil {
				failures.Add(FailExtract, 1, r.Err.Error(), pl.reqs[r.Request].Info.Name)
			}
		}
		return
	}
	var names []string
	for i := range out {
		if name := pl.reqs[i].Info.Name; !out[i].Present && (len(names) == 0 || names[len(names)-1] != name) {
			names = append(names, name)
		}
	}
	failures.Add(FailExtract, 1, err.Error(), names...)
}

// drop makes values absent that do not match their type.
func (pl *linkedPlan) drop(out []event.Value) {
	for _, j := range pl.suspect {
		if out[j].Present {
			out[j] = pl.proper(out[j], j)
		}
	}
}

// proper returns the value of request j. If it is not a list although the field is, or has an
// address of the wrong length, it returns an absent value and counts a failure.
func (pl *linkedPlan) proper(v event.Value, j int) event.Value {
	if !v.Present {
		return event.Value{}
	}
	f := pl.reqs[j].Info
	why := ""
	switch {
	case f.List && len(v.List) == 0:
		why = "it is not a list, but the field is"
	case f.Type == abi.IPAddr || f.Type == abi.IPNet:
		why = badAddress(v, f.List)
	}
	if why == "" {
		return v
	}
	pl.p.module.failures.Add(FailValue, 1, why+"; it is treated as absent", f.Name)
	return event.Value{}
}

func badAddress(v event.Value, list bool) string {
	if list {
		for _, e := range v.List {
			if why := badAddress(e, false); why != "" {
				return why
			}
		}
		return ""
	}
	if n := len(v.Str); n != 4 && n != 16 {
		return fmt.Sprintf("an address has %d bytes, not 4 or 16", n)
	}
	return ""
}

// checkFirst checks the types of the values in the first batches.
func (pl *linkedPlan) checkFirst(rows []int32, t *fields.Table) {
	if pl.unchecked.Load() <= 0 {
		return
	}
	pl.unchecked.Add(-1)
	for _, i := range rows {
		row := t.Row(int(i))
		for j, c := range pl.cells {
			if why := Misfit(pl.reqs[j].Info, row[c]); why != "" {
				pl.p.module.failures.Add(FailValue, 1, why, pl.reqs[j].Info.Name)
			}
		}
	}
}

// Misfit describes a mismatch between a value of a linked-in plugin and its field, "" if there is
// none. Values of a library always match their field.
func Misfit(f *abi.FieldInfo, v event.Value) string {
	switch {
	case !v.Present:
		return ""
	case f.List:
		one := *f
		one.List = false
		for _, e := range v.List {
			if text := Misfit(&one, e); text != "" {
				return text
			}
		}
		return ""
	case v.List != nil:
		return "it is a list, but the field is a single " + f.Type.String()
	}
	text := f.Type == abi.String || f.Type == abi.IPAddr || f.Type == abi.IPNet
	switch {
	case text && v.Num != 0:
		return "it is a number, but the field is a " + f.Type.String()
	case !text && v.Str != "":
		return "it is a string, but the field is a " + f.Type.String()
	}
	return ""
}
