// SPDX-License-Identifier: Apache-2.0

// Package interop holds tests only: plugins of other origin and plugins of this repository,
// loaded side by side as shared libraries into one process.
package interop
