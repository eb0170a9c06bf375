// SPDX-License-Identifier: Apache-2.0

//go:build !unix

package output

import "errors"

// NewSyslog fails: the system has no syslog.
func NewSyslog(string) (Destination, error) {
	return nil, errors.New("syslog is not available on this system")
}
