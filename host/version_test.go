// SPDX-License-Identifier: Apache-2.0

package host

import "testing"

func TestVersionsOfPlugins(t *testing.T) {
	f := func(version string, want bool) {
		t.Helper()
		if err := CheckPluginVersion(version); (err == nil) != want {
			t.Errorf("version %q: %v", version, err)
		}
	}
	f("0.1.0", true)
	f("1.2.3-rc1+build", true)
	f("1.2.3.4", true) // what follows does not matter to Falco
	f("01.2.3_x", true)
	f("v1.2.3", false)
	f("1.2", false)
	f("", false)
}
