// SPDX-License-Identifier: Apache-2.0

//go:build linux

package engine

import (
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/gyr-dev/gyr/event"
)

// The structures that look at several bytes at once look at none outside of the text: here
// there is no memory before it, or behind it.
func TestNothingIsReadOutsideOfTheText(t *testing.T) {
	page := os.Getpagesize()
	mem, err := syscall.Mmap(-1, 0, 3*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = syscall.Munmap(mem) }()
	for _, outside := range [][]byte{mem[:page], mem[2*page:]} {
		if err := syscall.Mprotect(outside, syscall.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	inside := mem[page : 2*page]
	literals := []string{"abcd", "bcda", "abcdabcdabcd", "zzzzz"}
	equals, prefixes, suffixes := newEquals(atomsFor(literals)), newAffixes(atomsFor(literals), false), newAffixes(atomsFor(literals), true)
	grams := newGrams(atomsFor(literals))
	for n := range 200 {
		text := strings.Repeat("abcd", 50)[:n]
		for _, at := range []int{0, page - n} {
			copy(inside[at:], text)
			s := event.String(inside[at : at+n])
			f := func(name string, find func(string, *hits), is func(s, l string) bool) {
				t.Helper()
				got := found(len(literals), func(h *hits) { find(s, h) })
				for i, l := range literals {
					has := false
					for _, g := range got {
						has = has || g == int32(i)
					}
					if has != is(s, l) {
						t.Errorf("%s of %q: got %v for %q", name, text, has, l)
					}
				}
			}
			f("equals", equals.find, func(s, l string) bool { return s == l })
			f("prefixes", prefixes.find, strings.HasPrefix)
			f("suffixes", suffixes.find, strings.HasSuffix)
			f("grams", grams.find, strings.Contains)
			f("hashed grams", grams.findHashed, strings.Contains)
		}
	}
}
