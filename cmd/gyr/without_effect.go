// SPDX-License-Identifier: Apache-2.0

package main

// noteWithoutEffect warns about enabled features that this version does not implement.
// Their keys are validated nevertheless.
func (a *app) noteWithoutEffect() {
	if a.cfg.Webserver.Enabled {
		a.log.Warn("webserver.enabled has no effect: the web server is not implemented")
	}
}
