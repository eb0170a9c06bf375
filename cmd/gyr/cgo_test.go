// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package main

// withCgo says whether libraries can be loaded.
const withCgo = true
