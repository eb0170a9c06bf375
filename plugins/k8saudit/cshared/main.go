// SPDX-License-Identifier: Apache-2.0

//go:build cgo

// Command cshared is the k8saudit plugin as a shared library:
//
//	go build -buildmode=c-shared -o libk8saudit.so ./plugins/k8saudit/cshared
package main

import (
	"github.com/gyr-dev/gyr/plugins/k8saudit"
	"github.com/gyr-dev/gyr/sdk/cshared"
	"github.com/gyr-dev/gyr/sdk/cshared/extract"
	"github.com/gyr-dev/gyr/sdk/cshared/source"
)

func init() { cshared.Export(k8saudit.New, source.Symbols, extract.Symbols) }

func main() {}
