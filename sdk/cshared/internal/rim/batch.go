// SPDX-License-Identifier: Apache-2.0

package rim

// #cgo CFLAGS: -I${SRCDIR}/../../../../abi
// #include "plugin_abi.h"
import "C"

import (
	"fmt"
	"unsafe"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
)

// ExtractBatch handles the requests of a gyr_batch_input for all its events. Missing values are
// absent, failed requests are marked. It fails if there is no plan for the requests.
func ExtractBatch(p, in, out unsafe.Pointer) (rc int32) {
	s := states.get(p)
	if s == nil {
		return abi.Failure
	}
	input := (*C.gyr_batch_input)(in)
	fields := unsafe.Slice(input.in.fields, input.in.num_fields)
	if len(fields) == 0 {
		return abi.Failure
	}
	s.mu.Lock()
	defer func() {
		if r := recover(); r != nil {
			rc = s.fail(fmt.Errorf("panic: %v", r))
		}
		s.mu.Unlock()
	}()
	s.tables.refresh(unsafe.Pointer(input.in.table_reader_ext), nil)
	pl, err := s.planFor(fields)
	if err != nil {
		return s.fail(err)
	}
	events := unsafe.Slice(input.events, input.num_events)
	s.answers.start(len(events) * len(fields))
	s.evt.Num = uint64(input.first_num)
	for i := 0; i < len(events); {
		i += s.extractRows(pl, events[i:])
	}
	s.answers.finish((*C.gyr_batch_answers)(out))
	return abi.Success
}

// extractRows extracts from events until all are done or the plugin panics, and returns how many
// are done. After a panic the fields of that event are extracted one by one.
func (s *state) extractRows(pl *cachedPlan, events []*C.gyr_event) (done int) {
	out := s.values(len(pl.reqs))
	defer func() {
		if r := recover(); r != nil {
			s.fail(fmt.Errorf("panic: %v", r))
			failed := s.extractSingly(pl, out)
			s.answers.add(pl, out)
			s.answers.failed(out, failed)
			s.evt.Num++
			done++
		}
	}()
	for ; done < len(events); done++ {
		clear(out)
		s.mem.Reset()
		var err error
		if s.view(events[done]) == nil {
			err = pl.plan.Extract(&s.evt, out, s.mem) // values that are not set stay absent
		}
		s.answers.add(pl, out)
		if err != nil {
			s.answers.failed(out, err)
		}
		s.evt.Num++
	}
	return done
}

// extractSingly extracts the fields of the current event one by one.
func (s *state) extractSingly(pl *cachedPlan, out []event.Value) (failed sdk.RequestErrors) {
	x, _ := s.plugin.(sdk.Extractor)
	for i := range pl.reqs {
		out[i] = event.Value{}
		var v event.Value
		if err := guard(func() error { return x.Extract(&s.evt, &pl.reqs[i], &v, s.mem) }); err != nil {
			failed = append(failed, sdk.RequestError{Request: i, Err: err})
		} else {
			out[i] = v
		}
	}
	return failed
}
