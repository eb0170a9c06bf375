// SPDX-License-Identifier: Apache-2.0

package main

// noteWithoutEffect says which features the configuration switches on that this version
// does not have. The keys are checked all the same.
func noteWithoutEffect(a *app) error {
	for _, f := range []struct {
		key string
		on  bool
	}{
		{"webserver", a.cfg.Webserver.Enabled},
		{"metrics", a.cfg.Metrics.Enabled},
	} {
		if f.on {
			a.log.Warn(f.key + ".enabled has no effect: this version of gyr has no " + f.key)
		}
	}
	return nil
}
