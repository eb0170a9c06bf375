// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

/*
#include "plugin_abi.h"
*/
import "C"

import "unsafe"

// layout is the C compiler's view of the header, for the test that compares it with the
// binary interface: sizes and offsets in bytes, and constants.
func layout() map[string]uintptr {
	var (
		h   C.gyr_event
		in  C.gyr_event_input
		old C.gyr_event_v2
		f   C.gyr_extract_field
		f0  C.gyr_extract_field_v0
		b   C.gyr_bytes
		m   C.gyr_metric
		ti  C.gyr_table_info
		tf  C.gyr_table_fieldinfo
		tin C.gyr_table_input
		ht  C.gyr_tables_input
		ini C.gyr_init_input
		ei  C.gyr_extract_input
		pi  C.gyr_parse_input
		li  C.gyr_listen_input
		vo  C.gyr_value_offsets
	)
	return map[string]uintptr{
		"event": C.sizeof_gyr_event, "event.ts": unsafe.Offsetof(h.ts),
		"event_input": unsafe.Sizeof(in), "event_input.num": unsafe.Offsetof(in.num), "event_input.source": unsafe.Offsetof(in.source),
		"event_v2": unsafe.Sizeof(old), "event_v2.num": unsafe.Offsetof(old.num), "event_v2.data": unsafe.Offsetof(old.data),
		"event_v2.datalen": unsafe.Offsetof(old.datalen), "event_v2.ts": unsafe.Offsetof(old.ts),
		"extract_field": unsafe.Sizeof(f), "extract_field.res": unsafe.Offsetof(f.res), "extract_field.res_len": unsafe.Offsetof(f.res_len),
		"extract_field.field_id": unsafe.Offsetof(f.field_id), "extract_field.field": unsafe.Offsetof(f.field), "extract_field.arg_key": unsafe.Offsetof(f.arg_key),
		"extract_field.arg_index": unsafe.Offsetof(f.arg_index), "extract_field.arg_present": unsafe.Offsetof(f.arg_present),
		"extract_field.ftype": unsafe.Offsetof(f.ftype), "extract_field.flist": unsafe.Offsetof(f.flist),
		"extract_field_v0": unsafe.Sizeof(f0), "extract_field_v0.field_id": unsafe.Offsetof(f0.field_id), "extract_field_v0.field": unsafe.Offsetof(f0.field),
		"extract_field_v0.arg": unsafe.Offsetof(f0.arg), "extract_field_v0.ftype": unsafe.Offsetof(f0.ftype), "extract_field_v0.present": unsafe.Offsetof(f0.present),
		"extract_field_v0.res_str": unsafe.Offsetof(f0.res_str), "extract_field_v0.res_u64": unsafe.Offsetof(f0.res_u64),
		"bytes": unsafe.Sizeof(b), "bytes.ptr": unsafe.Offsetof(b.ptr),
		"metric": unsafe.Sizeof(m), "metric.value": unsafe.Offsetof(m.value), "metric.value_type": unsafe.Offsetof(m.value_type),
		"table_info": unsafe.Sizeof(ti), "table_fieldinfo": unsafe.Sizeof(tf), "table_fieldinfo.read_only": unsafe.Offsetof(tf.read_only),
		"state_data": C.sizeof_gyr_state_data, "fields_vtable": C.sizeof_gyr_fields_vtable, "reader_vtable": C.sizeof_gyr_reader_vtable,
		"reader_vtable_ext": C.sizeof_gyr_reader_vtable_ext, "writer_vtable": C.sizeof_gyr_writer_vtable,
		"table_input": unsafe.Sizeof(tin), "table_input.table": unsafe.Offsetof(tin.table), "table_input.reader_ext": unsafe.Offsetof(tin.reader_ext),
		"tables_input": unsafe.Sizeof(ht), "tables_input.fields": unsafe.Offsetof(ht.fields), "tables_input.fields_ext": unsafe.Offsetof(ht.fields_ext),
		"init_input": unsafe.Sizeof(ini), "init_input.tables": unsafe.Offsetof(ini.tables), "init_input.log": unsafe.Offsetof(ini.log),
		"extract_input": unsafe.Sizeof(ei), "extract_input.fields": unsafe.Offsetof(ei.fields), "extract_input.table_reader": unsafe.Offsetof(ei.table_reader),
		"extract_input.table_reader_ext": unsafe.Offsetof(ei.table_reader_ext), "extract_input.value_offsets": unsafe.Offsetof(ei.value_offsets),
		"parse_input": unsafe.Sizeof(pi), "parse_input.table_reader_ext": unsafe.Offsetof(pi.table_reader_ext),
		"listen_input": unsafe.Sizeof(li), "listen_input.error": unsafe.Offsetof(li.get_owner_last_error),
		"value_offsets": unsafe.Sizeof(vo), "payload": C.GYR_PAYLOAD_OFFSET, "max_error": C.GYR_MAX_ERROR,
		"type.plugin": C.GYR_EVENT_PLUGIN, "type.async": C.GYR_EVENT_ASYNC,
		"major": C.GYR_API_MAJOR, "minor": C.GYR_API_MINOR, "patch": C.GYR_API_PATCH,
		"uint64": C.GYR_UINT64, "string": C.GYR_STRING, "reltime": C.GYR_RELTIME, "abstime": C.GYR_ABSTIME, "bool": C.GYR_BOOL, "ipaddr": C.GYR_IPADDR, "ipnet": C.GYR_IPNET,
		"rc.eof": C.GYR_EOF, "rc.failure": C.GYR_FAILURE, "rc.not_supported": C.GYR_NOT_SUPPORTED,
		"st.int8": C.GYR_ST_INT8, "st.uint64": C.GYR_ST_UINT64, "st.string": C.GYR_ST_STRING, "st.table": C.GYR_ST_TABLE, "st.bool": C.GYR_ST_BOOL,
		"log.trace":  C.GYR_LOG_TRACE,
		"metric.u32": C.GYR_METRIC_U32, "metric.s32": C.GYR_METRIC_S32, "metric.u64": C.GYR_METRIC_U64, "metric.s64": C.GYR_METRIC_S64,
		"metric.double": C.GYR_METRIC_DOUBLE, "metric.float": C.GYR_METRIC_FLOAT, "metric.int": C.GYR_METRIC_INT,
	}
}
