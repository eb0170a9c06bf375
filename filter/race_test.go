// SPDX-License-Identifier: Apache-2.0

//go:build race

package filter

// raceDetector says that the tests run under it: pools then forget things at random.
const raceDetector = true
