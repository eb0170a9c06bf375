// SPDX-License-Identifier: Apache-2.0

// Package docs_test keeps the documents true: it runs the examples of LANGUAGE.md and makes
// the tables that are generated. `make gen` writes them, and so does
//
//	go test ./docs -run TestTables -update
package docs_test

import "flag"

//go:generate go test -run TestTables -update .

var update = flag.Bool("update", false, "write the files that tests check")
