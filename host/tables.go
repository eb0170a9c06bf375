// SPDX-License-Identifier: Apache-2.0

package host

import "github.com/gyr-dev/gyr/state"

// Threads is the name of the thread table, which exists for every stream. It stays empty, since
// gyr captures no system calls, but plugins can look up its fields.
const Threads = "threads"

// NewTables returns the tables for the plugin states that work on one stream.
func NewTables() state.Registry {
	r := state.NewRegistry()
	threads, err := state.New(Threads, state.Int64, threadColumns()...)
	if err == nil {
		err = r.Add(threads)
	}
	if err != nil {
		panic(err) // cannot happen with the columns above
	}
	return r
}

// Builtin reports whether the table is made by NewTables.
func Builtin(t state.TableInfo) bool { return t.Name == Threads }

func threadColumns() []state.Column {
	list := []state.Column{
		{Name: "args", Type: state.TableType, ReadOnly: true, Key: state.Uint64, Columns: listColumns},
		{Name: "env", Type: state.TableType, ReadOnly: true, Key: state.Uint64, Columns: listColumns},
		{Name: "cgroups", Type: state.TableType, ReadOnly: true, Key: state.Uint64, Columns: pairColumns},
		{Name: "file_descriptors", Type: state.TableType, ReadOnly: true, Key: state.Int64, Columns: fdColumns()},
		{Name: "cwd", Type: state.String, ReadOnly: true},
	}
	list = append(list, columns(state.Int64, "tid", "pid", "ptid", "reaper_tid", "sid", "fd_limit", "vtid", "vpid", "vpgid", "pgid")...)
	list = append(list, columns(state.String, "comm", "exe", "exe_path", "root")...)
	list = append(list, columns(state.Bool, "exe_writable", "exe_upper_layer", "exe_lower_layer", "exe_from_memfd")...)
	list = append(list, columns(state.Uint32, "flags", "uid", "gid", "loginuid", "tty")...)
	return append(list, columns(state.Uint64, "exe_ino", "exe_ino_ctime", "exe_ino_mtime", "pidns_init_start_ts")...)
}

var (
	listColumns = columns(state.String, "value")
	pairColumns = columns(state.String, "first", "second")
)

func fdColumns() []state.Column {
	list := columns(state.Uint8, "type")
	list = append(list, columns(state.String, "name", "name_raw", "old_name")...)
	list = append(list, columns(state.Uint32, "open_flags", "flags", "dev", "mount_id")...)
	return append(append(list, columns(state.Uint64, "ino")...), columns(state.Int64, "pid", "fd")...)
}

// columns returns columns of one type.
func columns(t state.Type, names ...string) []state.Column {
	list := make([]state.Column, len(names))
	for i, n := range names {
		list[i] = state.Column{Name: n, Type: t}
	}
	return list
}
