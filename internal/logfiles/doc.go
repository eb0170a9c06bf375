// SPDX-License-Identifier: Apache-2.0

// Package logfiles makes events of log files, wherever these are: it opens several at the
// same time, inflates them, has a [Splitter] find the records in their text, and hands
// records out as events in the order of the files.
//
// The way of a record, a file of this package per step:
//
//	input.go   which files there are and how to open them; local.go those of a folder
//	reader.go  files are read in parallel, their order is kept
//	file.go    a file is inflated into chunks (chunk.go), which the splitter splits
//	source.go  records become events: views of the chunk, which lives as long as they do
//	settle.go  a file is told when all its events are dealt with
//
// A file that cannot be read or is damaged is reported with its name and counted, and reading
// goes on with the next one; records before the damage are events.
package logfiles
