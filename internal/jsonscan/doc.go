// SPDX-License-Identifier: Apache-2.0

// Package jsonscan extracts a fixed set of values from JSON text in one pass. It builds no
// tree and does not allocate per document.
//
// A [Builder] collects the wanted paths and compiles them into a [Set], an immutable trie.
// [Set.Scan] walks a document along the trie and stores the position and kind of each wanted
// value in a [Result]. Text is returned without a copy unless a string contains escapes
// ([Result.Text]).
//
// # Paths
//
// A step of a path is a member of an object, an element of an array if the step is a decimal
// number, or every element of an array ([Path.Each]). If an object has a duplicate key, the
// first one is used, even if the rest of the path does not exist there. Keys are compared
// after their escapes are resolved. A path that does not exist is [Absent].
//
// # Invalid JSON
//
// The scan validates only what it reads: the punctuation of every object and array on the way
// to a wanted value, and wanted numbers and literals. In skipped values it only tracks strings
// and brackets, and it stops when all paths are decided. A scan of invalid JSON may therefore
// succeed. If it fails, values before the error are found, all others are absent, and the
// error holds the position. For every text: a reported value has balanced brackets and
// terminated strings, and a truncated document is an error unless all paths were decided
// before its end.
//
// Validating every byte of a CloudTrail record takes several times as long as the scan
// (compare BenchmarkValid and BenchmarkScan); call encoding/json.Valid first if you need it.
// For documents that encoding/json accepts, the results equal those of encoding/json, except
// for duplicate keys. Control characters and invalid UTF-8 in strings are accepted and kept.
//
// # Implementation
//
// On amd64 with AVX2, assembly code first builds an [Index] of the document: the positions of
// closing quotes and of brackets outside strings, found 64 bytes at a time without branches. A
// fast walk then jumps from one such position to the next (fast.go). If it meets anything
// unusual, including invalid JSON, it gives up, and a general walk without an index starts
// over (scan.go). Other processors always use the general walk. Results and errors are the
// same in all cases.
//
// Functions recurse by the length of the paths, not by the depth of the document, so the depth
// is not limited. Documents are limited to 2 GiB.
package jsonscan
