// SPDX-License-Identifier: Apache-2.0

// Package jsonscan gets a fixed set of values out of JSON text in one pass over its
// bytes. It builds no tree and allocates nothing per document.
//
// A [Builder] collects the wanted paths and compiles them into a [Set], an immutable
// trie. [Set.Scan] walks a document along the trie and notes in a [Result] where each
// wanted value starts and ends and of which kind it is. Text comes out of the result
// without a copy unless a string contains escapes ([Result.Text]).
//
// # What a path finds
//
// A step of a path is a member of an object, or an element of an array if the step is a
// decimal number; or every element of an array ([Path.Each]). If an object has a key
// twice, the first one counts, also when the path leads nowhere below it. Keys are
// compared after their escapes are resolved. A path that leads nowhere is [Absent].
//
// # Text that is not JSON
//
// The scan checks what it looks at: the punctuation of every object and array on the way
// to a wanted value, and wanted numbers and literals. What it can skip it skips with
// nothing but an eye for strings and brackets; when all paths are decided it does not look
// at the rest. Hence a scan of text that is not JSON may succeed. If it fails, values
// before the damage are found, all others are absent, and the error says where it is.
// So, whatever the text: a value that is reported has its brackets balanced and its
// strings closed, and a truncated document is an error unless all paths were decided
// before its end.
//
// Checking every byte of a CloudTrail record takes several times as long as the scan
// (BenchmarkValid beside BenchmarkScan); whoever needs it calls encoding/json.Valid first.
// On documents that encoding/json accepts the results are those of encoding/json, but for
// the duplicate keys above. Control characters and invalid UTF-8 in strings are accepted
// and passed on.
//
// # How it is done
//
// On amd64 with AVX2, a document is first made an [Index] of, in assembly: the places of
// the quotes that end strings and of the brackets outside of strings, found 64 bytes at a
// time without a branch. The walk then goes from one such place to the next (fast.go). It
// gives up where there is something that it is not made for, among it everything that is
// no JSON, and another walk, which needs no index and is the only one on other processors,
// does it from the start (scan.go). So results and errors are the same everywhere.
//
// No function recurses by the depth of a document, only by the length of the paths, so
// there is no limit to it. Documents are limited to 2 GiB.
package jsonscan
