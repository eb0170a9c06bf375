// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"
)

// noteWithoutEffect logs which keys of the configuration have no effect: a warning for what
// somebody switched on, a line for all others, which most files for Falco have.
func (a *app) noteWithoutEffect() {
	var reasons []string
	keys := map[string][]string{} // by reason
	for _, r := range a.cfg.Idle() {
		if r.Switch != "" {
			a.log.Warn(fmt.Sprintf("%s has no effect: %s", r.Switch, r.Why))
			continue
		}
		if keys[r.Why] == nil {
			reasons = append(reasons, r.Why)
		}
		keys[r.Why] = append(keys[r.Why], strings.TrimSuffix(r.Key, "."))
	}
	for i, why := range reasons {
		reasons[i] = fmt.Sprintf("%s (%s)", strings.Join(keys[why], ", "), why)
	}
	if reasons != nil {
		a.log.Info("Keys without effect: " + strings.Join(reasons, "; "))
	}
}
