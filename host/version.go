// SPDX-License-Identifier: Apache-2.0

package host

import (
	"fmt"

	"github.com/gyr-dev/gyr/abi"
)

// APIVersion is a version of the plugin API: major, minor, patch.
type APIVersion [3]uint32

// String returns the version in the form used by plugins: "3.12.0".
func (v APIVersion) String() string { return fmt.Sprintf("%d.%d.%d", v[0], v[1], v[2]) }

// frameworks lists the newest release of every generation of the plugin API.
var frameworks = []APIVersion{{0, 3, 0}, {1, 0, 0}, {2, 0, 0}, {abi.Major, abi.Minor, abi.Patch}}

// CheckAPIVersion parses the API version that a plugin requires and checks that gyr supports it:
// the generation is known, and the version is not newer than the newest of its generation.
func CheckAPIVersion(required string) (APIVersion, error) {
	var v APIVersion
	if n, _ := fmt.Sscanf(required, "%d.%d.%d", &v[0], &v[1], &v[2]); n != 3 {
		return v, fmt.Errorf("plugin provided an invalid required API version: '%s'", required)
	}
	ours := frameworks[len(frameworks)-1]
	if int64(v[0]) < int64(len(frameworks)) {
		ours = frameworks[v[0]]
	}
	var why string
	switch {
	case v[0] != ours[0]:
		why = "major versions disagree"
	case v[1] > ours[1]:
		why = "framework's minor is less than the requested one"
	case v[1] == ours[1] && v[2] > ours[2]:
		why = "framework's patch is less than the requested one"
	default:
		return v, nil
	}
	return v, fmt.Errorf("plugin required API version '%s' not compatible with the framework's API version '%s': %s", required, ours, why)
}

// CheckPluginVersion checks that a plugin's version starts with three numbers. As in Falco, any
// text may follow.
func CheckPluginVersion(version string) error {
	if !IsVersion(version) {
		return fmt.Errorf("plugin provided an invalid version string: '%s'", version)
	}
	return nil
}

// IsVersion reports whether text starts with three numbers: "1.2.3".
func IsVersion(text string) bool {
	var v APIVersion
	n, _ := fmt.Sscanf(text, "%d.%d.%d", &v[0], &v[1], &v[2])
	return n == 3
}
