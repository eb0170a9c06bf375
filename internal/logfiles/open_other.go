// SPDX-License-Identifier: Apache-2.0

//go:build !unix

package logfiles

// nonBlocking is nothing where files never block when they are opened.
const nonBlocking = 0
