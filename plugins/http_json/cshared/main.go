// SPDX-License-Identifier: Apache-2.0

//go:build cgo

// Command cshared is the http_json plugin as a shared library:
//
//	go build -buildmode=c-shared -o libhttp_json.so ./plugins/http_json/cshared
package main

import (
	httpjson "github.com/gyr-dev/gyr/plugins/http_json"
	"github.com/gyr-dev/gyr/sdk/cshared"
	"github.com/gyr-dev/gyr/sdk/cshared/source"
)

func init() { cshared.Export(httpjson.New, source.Symbols) }

func main() {}
