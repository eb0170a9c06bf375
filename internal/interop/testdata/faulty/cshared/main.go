// SPDX-License-Identifier: Apache-2.0

//go:build cgo

// Command cshared makes a shared library of the plugin.
package main

import (
	"github.com/gyr-dev/gyr/internal/interop/testdata/faulty"
	"github.com/gyr-dev/gyr/sdk/cshared"
	"github.com/gyr-dev/gyr/sdk/cshared/extract"
	"github.com/gyr-dev/gyr/sdk/cshared/source"
)

func init() { cshared.Export(faulty.New, source.Symbols, extract.Symbols) }

func main() {}
