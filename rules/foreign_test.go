// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/fields"
)

// TestSyscallFields: rules for system calls are not compiled, but their fields must be those
// that Falco has.
func TestSyscallFields(t *testing.T) {
	f := func(condition, output, more, want string) {
		t.Helper()
		text := "- rule: r\n  desc: d\n  priority: INFO\n  condition: " + condition + "\n  output: \"" + output + "\"\n" + more
		_, report := Load([]File{{Name: "a.yaml", Content: []byte(text)}}, Options{Catalogue: fields.NewCatalogue()})
		var got []string
		for _, e := range report.Files[0].Errors {
			got = append(got, "error: "+string(e.Code)+" "+e.Message+" "+e.Hint)
		}
		for _, w := range report.Files[0].Warnings {
			got = append(got, "warning: "+string(w.Code)+" "+w.Message+" "+w.Hint)
		}
		if text := strings.Join(got, "; "); strings.TrimSpace(text) != want {
			t.Errorf("%s, %s, %s: %q, want %q", condition, output, more, text, want)
		}
	}
	const open = "evt.type = open and "
	f(open+"proc.aname[2] = x and fd.sip.name = y and evt.arg.flags = z and thread.cgroup.cpu = a", "%proc.cmdline %evt.rawarg.fd", "", "")
	f(open+"container.id = x and k8s.ns.name = y", "%container.name %static.x", "", "")
	f(open+"proc.nme = x", "o", "", "error: LOAD_ERR_COMPILE_CONDITION filter_check called with nonexistent field proc.nme")
	f(open+"nosuch.field = x", "o", "", "error: LOAD_ERR_COMPILE_CONDITION filter_check called with nonexistent field nosuch.field")
	f(open+"proc.name = x", "%proc.nme", "", "error: LOAD_ERR_COMPILE_OUTPUT unknown filter: unexpected token after '")
	f(open+"proc.name = x", "o", "  exceptions: [{name: e, fields: [not.exist]}]\n", "error: LOAD_ERR_VALIDATE 'not.exist' is not a supported filter field")
	// a rule can ask to be skipped instead
	const skip = "  skip-if-unknown-filter: true\n"
	f(open+"proc.nobody = x", "o", skip, "warning: LOAD_UNKNOWN_FILTER filter_check called with nonexistent field proc.nobody")
	f(open+"proc.name = x", "%proc.nobody", skip, "warning: LOAD_UNKNOWN_FILTER unknown filter: unexpected token after '")
}
