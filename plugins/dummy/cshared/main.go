// SPDX-License-Identifier: Apache-2.0

//go:build cgo

// Command cshared is the dummy plugin as a shared library:
//
//	go build -buildmode=c-shared -o libdummy.so ./plugins/dummy/cshared
package main

import (
	"github.com/gyr-dev/gyr/plugins/dummy"
	"github.com/gyr-dev/gyr/sdk/cshared"
	"github.com/gyr-dev/gyr/sdk/cshared/extract"
	"github.com/gyr-dev/gyr/sdk/cshared/source"
)

func init() { cshared.Export(dummy.New, source.Symbols, extract.Symbols) }

func main() {}
