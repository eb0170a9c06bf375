// SPDX-License-Identifier: Apache-2.0

//go:build cgo

// Command cshared is the json plugin as a shared library:
//
//	go build -buildmode=c-shared -o libjson.so ./plugins/json/cshared
package main

import (
	"github.com/gyr-dev/gyr/plugins/json"
	"github.com/gyr-dev/gyr/sdk/cshared"
	"github.com/gyr-dev/gyr/sdk/cshared/extract"
)

func init() { cshared.Export(json.New, extract.Symbols) }

func main() {}
