// SPDX-License-Identifier: Apache-2.0

package main

// noteWithoutEffect says which features the configuration switches on that this version
// does not have. The keys are checked all the same.
func (a *app) noteWithoutEffect() {
	if a.cfg.Webserver.Enabled {
		a.log.Warn("webserver.enabled has no effect: this version of gyr has no webserver")
	}
}
