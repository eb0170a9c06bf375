// SPDX-License-Identifier: Apache-2.0

package fieldtable

import (
	"testing"

	"github.com/gyr-dev/gyr/abi"
)

const (
	begin = "<!-- fields:begin -->\n"
	end   = "<!-- fields:end -->\n"
)

func TestReplace(t *testing.T) {
	list := []abi.FieldInfo{
		{Name: "a.n", Type: abi.Uint64, Desc: "A | B"},
		{Name: "a.h", Type: abi.String, Desc: "x", Properties: []string{"hidden"}},
		{Name: "a.l", Type: abi.IPAddr, List: true, Arg: abi.FieldArg{Index: true, Key: true, Required: true}, Desc: "C"},
	}
	got, err := Replace("top\n"+begin+"old\n"+end+"rest\n", list)
	if err != nil {
		t.Fatal(err)
	}
	want := "top\n" + begin +
		"| Name | Type | Argument | Description |\n| --- | --- | --- | --- |\n" +
		"| `a.n` | uint64 | none | A \\| B |\n" +
		"| `a.l` | ipaddr list | index or key, required | C |\n" +
		end + "rest\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if again, err := Replace(got, list); err != nil || again != got {
		t.Errorf("second time: got %q, %v; want no change", again, err)
	}
}

func TestReplaceNeedsBothMarks(t *testing.T) {
	for _, s := range []string{"", begin, end, end + begin} {
		if got, err := Replace(s, nil); err == nil {
			t.Errorf("Replace(%q) = %q, want an error", s, got)
		}
	}
}
