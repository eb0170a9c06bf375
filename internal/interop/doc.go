// SPDX-License-Identifier: Apache-2.0

// Package interop contains only tests. They load plugins of this repository and plugins built
// with other SDKs as shared libraries into one process.
package interop
