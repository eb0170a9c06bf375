// SPDX-License-Identifier: Apache-2.0

//go:build !unix

package assembly

// warnWritable does nothing: the system has no such permissions.
func (a *Assembly) warnWritable(string, string) {}
