// SPDX-License-Identifier: Apache-2.0

//go:build cgo && (amd64 || arm64)

package loader

import (
	"testing"

	"github.com/gyr-dev/gyr/abi"
)

// The sizes and offsets are those of the binary interface on 64-bit platforms.
func TestHeaderHasTheLayoutOfTheInterface(t *testing.T) {
	want := map[string]uintptr{
		"event": abi.HeaderSize, "event.ts": 0,
		"event_input": 24, "event_input.num": 8, "event_input.source": 16,
		"event_v2": 32, "event_v2.num": 0, "event_v2.data": 8, "event_v2.datalen": 16, "event_v2.ts": 24,
		"extract_field": 64, "extract_field.res": 0, "extract_field.res_len": 8, "extract_field.field_id": 16, "extract_field.field": 24,
		"extract_field.arg_key": 32, "extract_field.arg_index": 40, "extract_field.arg_present": 48, "extract_field.ftype": 52, "extract_field.flist": 56,
		"extract_field_v0": 48, "extract_field_v0.field_id": 0, "extract_field_v0.field": 8, "extract_field_v0.arg": 16, "extract_field_v0.ftype": 24,
		"extract_field_v0.present": 28, "extract_field_v0.res_str": 32, "extract_field_v0.res_u64": 40,
		"bytes": 16, "bytes.ptr": 8, "metric": 32, "metric.value": 16, "metric.value_type": 24,
		"table_info": 16, "table_fieldinfo": 16, "table_fieldinfo.read_only": 12, "state_data": 8,
		"fields_vtable": 3 * 8, "reader_vtable": 4 * 8, "reader_vtable_ext": 6 * 8, "writer_vtable": 6 * 8,
		"table_input": 24 + (4+6+3)*8 + 3*8, "table_input.table": 16, "table_input.reader_ext": 24 + 13*8,
		"tables_input": 3*8 + 3*8 + 3*8, "tables_input.fields": 24, "tables_input.fields_ext": 48,
		"init_input": 40, "init_input.tables": 24, "init_input.log": 32,
		"extract_input": 80, "extract_input.fields": 24, "extract_input.table_reader": 32, "extract_input.table_reader_ext": 64, "extract_input.value_offsets": 72,
		"parse_input": 16 + 10*8 + 16, "parse_input.table_reader_ext": 96, "listen_input": 40, "listen_input.error": 32, "value_offsets": 16,
		"payload": abi.PayloadOffset, "max_error": abi.MaxErrorLen, "type.plugin": uintptr(abi.PluginEvent), "type.async": uintptr(abi.AsyncEvent),
		"major": abi.Major, "minor": abi.Minor, "patch": abi.Patch,
		"uint64": uintptr(abi.Uint64), "string": uintptr(abi.String), "reltime": uintptr(abi.RelTime), "abstime": uintptr(abi.AbsTime),
		"bool": uintptr(abi.Bool), "ipaddr": uintptr(abi.IPAddr), "ipnet": uintptr(abi.IPNet),
		"rc.eof": uintptr(abi.EOF), "rc.failure": uintptr(abi.Failure), "rc.not_supported": uintptr(abi.NotSupported),
		"st.int8": 1, "st.uint64": 8, "st.string": 9, "st.table": 10, "st.bool": 25, "log.trace": 8,
		"metric.u32": uintptr(abi.MetricU32), "metric.s32": uintptr(abi.MetricS32), "metric.u64": uintptr(abi.MetricU64), "metric.s64": uintptr(abi.MetricS64),
		"metric.double": uintptr(abi.MetricDouble), "metric.float": uintptr(abi.MetricFloat), "metric.int": uintptr(abi.MetricInt),
	}
	got := layout()
	for name, w := range want {
		if g, ok := got[name]; !ok || g != w {
			t.Errorf("%s is %d, want %d", name, g, w)
		}
	}
	if len(got) != len(want) {
		t.Errorf("the header has %d numbers, the test %d", len(got), len(want))
	}
}
