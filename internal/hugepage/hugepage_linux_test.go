// SPDX-License-Identifier: Apache-2.0

package hugepage

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

func TestBytes(t *testing.T) {
	b := Bytes(3 << 20)
	if len(b) != 3<<20 || bytes.Count(b, []byte{0}) != len(b) {
		t.Fatalf("%d bytes, of which %d are zero", len(b), bytes.Count(b, []byte{0}))
	}
	if got := Bytes(0); len(got) != 0 {
		t.Errorf("%d bytes, want none", len(got))
	}
	if err := advise(b); errors.Is(err, unix.EINVAL) {
		t.Skipf("the kernel was built without transparent huge pages: madvise: %v", err)
	} else if err != nil {
		t.Fatal(err)
	}
	for _, at := range []int{0, len(b) - 1} {
		if flags := flagsOf(t, &b[at]); !slices.Contains(flags, "hg") {
			t.Errorf("byte %d: the mapping has the flags %v, want hg among them", at, flags)
		}
	}
}

// flagsOf returns the kernel's flags of the mapping that p points into.
func flagsOf(t *testing.T, p *byte) []string {
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	inside := false
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var from, to uintptr
		if n, _ := fmt.Sscanf(lines.Text(), "%x-%x ", &from, &to); n == 2 {
			at := uintptr(unsafe.Pointer(p))
			inside = from <= at && at < to
		}
		if flags, ok := strings.CutPrefix(lines.Text(), "VmFlags:"); ok && inside {
			return strings.Fields(flags)
		}
	}
	t.Fatalf("no mapping has the address %p", p)
	return nil
}
