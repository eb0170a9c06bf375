// SPDX-License-Identifier: Apache-2.0

// Command mismatch is a plugin with an event source whose library forgets to export it,
// for the tests of package cshared.
package main

import (
	"github.com/gyr-dev/gyr/plugins/dummy"
	"github.com/gyr-dev/gyr/sdk/cshared"
	"github.com/gyr-dev/gyr/sdk/cshared/extract"
)

func init() { cshared.Export(dummy.New, extract.Symbols) }

func main() {}
