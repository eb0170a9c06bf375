// SPDX-License-Identifier: Apache-2.0

package filter

import "strings"

// startsWith is "startswith".
type startsWith string

func (v startsWith) match(s string) bool { return strings.HasPrefix(s, string(v)) }

// endsWith is "endswith".
type endsWith string

func (v endsWith) match(s string) bool { return strings.HasSuffix(s, string(v)) }
