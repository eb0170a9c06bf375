// SPDX-License-Identifier: Apache-2.0

package filter

import "testing"

func TestTransformers(t *testing.T) {
	f := testConds(t)
	f("tolower(probe.s) = abc", "s=ABC", true)
	f("toupper(probe.s) = ABC", "s=aBc", true)
	f("tolower(probe.s) = é", "s=É", false)
	f("tolower('ABC') = abc", "", true)
	f("basename(probe.s) = c", "s=/a/b/c", true)
	f("basename(probe.s) = ''", "s=/a/", true)
	f("basename(probe.s) = a", "s=a", true)
	f("len(probe.s) = 2", "s=é", true)
	f("len(probe.s) = 0", "s=", true)
	f("len(probe.ss) = 2", "ss=a|b", true)
	f("len(probe.ips) > 1", "ips=::1|::2", true)
	f("len(b64(probe.s)) = 1", "s=YQBi", true) // up to the NUL
	f("tolower( toupper(probe.s) ) = abc", "s=aBc", true)
	f("len(tolower(probe.ss)) = 1", "ss=a", true)
}

func TestBase64(t *testing.T) {
	f := testConds(t)
	f("b64(probe.s) = abc", "s=YWJj", true)
	f("b64(probe.s) = ab", "s=YWI=", true)
	f("b64(probe.s) = ab", "s=YWI", true)
	f("b64(probe.s) = a", "s=YQ==", true)
	f("b64(probe.s) = a", "s=YQ=", true)
	f("b64(probe.s) = ''", "s=", true)
	f("b64(probe.s) = a", "s=YQBi", true) // C strings end at a NUL
	f("b64(probe.s) in (a)", "s=YQBi", false)
	for _, bad := range []string{"=", "==", "Y", "YWJj!", "YR", "YWJjY", "Y Q=", "YQ==="} {
		f("b64(probe.s) exists", "s="+bad, false)
	}
}

func TestJoinConcat(t *testing.T) {
	f := testConds(t)
	f("join(',', probe.ss) = 'a,b'", "ss=a|b", true)
	f("join('', probe.ss) = ab", "ss=a|b", true)
	f("join(',', (probe.s, 'x', probe.n)) = 'a,x,7'", "s=a\tn=7", true)
	f("join(',', (probe.s, probe.t)) exists", "s=a", false)
	f("join(',', ()) = ''", "", true)
	f("join('-', (tolower(probe.ss), 1)) = 'a-b-1'", "ss=A|B", true)
	f("concat(probe.s, '/', probe.t) = 'a/b'", "s=a\tt=b", true)
	f("concat(probe.s, probe.t) exists", "s=a", false)
	f("concat(tolower(probe.s), 1) = a1", "s=A", true)
	f("len(concat(probe.s, probe.t)) = 2", "s=a\tt=b", true)
}

func TestGetopt(t *testing.T) {
	f := testConds(t)
	f("getopt(probe.ss, 'ab:')[b] = x", "ss=-a|-b|x", true)
	f("getopt(probe.ss, 'ab:')[b] = x", "ss=-abx", true)
	f("getopt(probe.ss, 'ab:')[a] = a", "ss=-a", true)
	f("getopt(probe.ss, 'b:')[b] = y", "ss=-bx|-by", true) // the last
	f("getopt(probe.ss, 'b:')[b] = ''", "ss=-b", true)
	f("getopt(probe.ss, 'b:')[b] exists", "ss=x|-b|y", false)
	f("getopt(probe.ss, 'b:')[b] exists", "ss=--|-b|y", false)
	f("getopt(probe.ss, 'b:')[b] = y", "ss=--long|-b|y", true)
	f("join(' ', (getopt(probe.ss, 'ab:'))) = 'a b x ?'", "ss=-ab|x|-z", true)
	f("getopt(probe.ss, probe.s)[a] = 1", "ss=-a1\ts=a:", true)
	f("getopt(probe.ss, '?')[?] = '?'", "ss=-?", true)
	f("len(getopt(probe.ss, 'a')) exists", "ss=x", false) // of the first option, not of the list
	f("len(getopt(probe.ss, 'a')) = 0", "ss=x", false)
	f("len(getopt(probe.ss, 'a')) = 1", "ss=-a", true)
	f("len(tolower(getopt(probe.ss, 'a'))) = 1", "ss=-a", true)
	f("len(getopt(probe.ss, 'a:')[a]) = 3", "ss=-axyz", true)
}

func TestTransformerErrors(t *testing.T) {
	f := testErrors(t)
	f("tolower(probe.n) = 1", "can't add field transformer: type 'UINT64' is not supported by 'tolower' transformer applied on field 'probe.n'")
	f("b64(probe.ns) in (1)", "can't add field transformer: type 'UINT64' is not supported by 'b64' transformer applied on list field 'probe.ns'")
	f("len(probe.ip) = 1", "can't add field transformer: type 'IPADDR' is not supported by 'len' transformer applied on field 'probe.ip'")
	f("toupper(len(probe.s)) = 1", "can't add field transformer: type 'UINT64' is not supported by 'toupper' transformer applied on field 'probe.s'")
	f("tolower(probe.s)[a] = 1", "filter error: transformer 'tolower' does not support field arguments")
	f("join(probe.ss) = a", "unknown field transfomer 'join'")
	f("tolower(probe.s, probe.t) = a", "unknown multivalue transformer")
	f("join('a', 'b', 'c') = a", "join() requires exactly 2 arguments: separator and list")
	f("join(probe.ss, probe.ss) = a", "join() first argument (separator) must be a single value, not a list")
	f("join('a', probe.s) = a", "join() second argument must be a list")
	f("join('a', probe.ss)[a] = a", "transformer 'join' does not support field arguments")
	f("concat(probe.ss, 'a') = a", "concat() arguments must be strings")
	f("concat('a', 'b')[c] = a", "transformer 'concat' does not support field arguments")
	f("getopt(probe.ss, 'a', 'b') in (a)", "getopt() requires exactly 2 arguments: args list and optstring")
	f("getopt(probe.s, 'a') in (a)", "getopt() first argument must be a list")
	f("getopt(probe.ss, probe.ss) in (a)", "getopt() second argument (optstring) must be a single value")
	f("getopt(probe.ns, 'a') in (a)", "getopt() arguments must be strings")
	f("getopt(probe.ss, 'a')[ab] = a", "getopt() field argument must be a single option character")
	f("tolower() = a", "expected field transformer argument: field, transformer, quoted string, number, or transformer list")
}
