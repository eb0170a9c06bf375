// SPDX-License-Identifier: Apache-2.0

//go:build !unix

package capture

// reserve is not available on this system, see reserve_unix.go. The caller allocates
// ordinary memory instead.
func reserve(int) ([]byte, func()) { return nil, nil }
