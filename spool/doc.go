// SPDX-License-Identifier: Apache-2.0

// Package spool keeps alerts on disk until every output has delivered them.
//
//	Append ─► pending ─► committer ─► segments ─► Reader, one per output ─► Advance ─► cursors
//
// # What is promised
//
// With [Always], Append calls done(nil) when the alerts are written and fsynced; they
// survive a crash of the machine. One fsync covers all alerts that wait (group commit). With
// [Interval] done comes after the write and the fsync follows within 100 ms: the alerts survive
// a crash of the process, those of the last 100 ms not one of the machine.
//
// Every alert is given to every reader that existed when it was appended, in order, at least
// once: alerts that were delivered and whose cursor was not stored yet are given again after
// a crash. Nothing is deleted before the cursors that allow it are on disk.
//
// # Files
//
// All numbers are little endian. A segment (NUMBER.seg, where NUMBER is the sequence number of
// its first record, 16 hex digits) begins with a header:
//
//	"gyrspool"   8 bytes
//	version      uint32, 1
//	crc          uint32, CRC-32C of version and first
//	first        uint64
//
// and then has records one behind the other:
//
//	mark         F5 67 79 72
//	length       uint32, of the payload
//	sequence     uint64, larger than that of the record before
//	crc          uint32, CRC-32C of length, sequence and payload
//	payload      an alert, see codec.go
//
// The file cursors has records of the same form, whose sequence number is the number of the
// first record that the output still has to get, and whose payload is the output's name. The
// last record of a name counts. The file lock is held by the process that uses the folder.
//
// # Damage
//
// What is not a valid record is skipped up to the next mark that begins one. The bytes are
// counted and logged. Damage never stops a start. After a write or fsync that failed nothing
// since the last good fsync counts as stored: the segment is given up from there on, and the
// records are written again into a new one.
//
// # Concurrency
//
// One goroutine, the committer, writes, fsyncs and deletes. Append may be called by several
// goroutines and waits for room: for the committer while it has [maxPending] bytes to
// write, and for the readers while the segments have [Options.MaxSize] bytes. A Reader is used
// by one goroutine.
package spool
