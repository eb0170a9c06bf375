// SPDX-License-Identifier: Apache-2.0

//go:build cgo

// Command cshared is the cloudtrail plugin as a shared library:
//
//	go build -buildmode=c-shared -o libcloudtrail.so ./plugins/cloudtrail/cshared
package main

import (
	"github.com/gyr-dev/gyr/plugins/cloudtrail"
	"github.com/gyr-dev/gyr/sdk/cshared"
	"github.com/gyr-dev/gyr/sdk/cshared/extract"
	"github.com/gyr-dev/gyr/sdk/cshared/source"
)

func init() { cshared.Export(cloudtrail.New, source.Symbols, extract.Symbols) }

func main() {}
