// SPDX-License-Identifier: Apache-2.0

// Package rulegen generates rules files of any size for tests and benchmarks: rules on
// CloudTrail events that use all kinds of operators, like a large collection of real rules. A
// thousand rules match about one event in a hundred, and so do ten thousand, so that
// benchmarks measure the cost of rules and not of alerts.
//
// Of each hundred rules, in this order:
//
//	25  compare with = and in
//	20  compare prefixes and suffixes (startswith, endswith)
//	20  search for a text (contains, icontains)
//	10  have a regular expression or a glob pattern
//	10  compare numbers or networks
//	10  use a macro and have an exception
//	 5  consist of "not", so that the index cannot rule them out
package rulegen

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Source is the event source of the rules.
const Source = "aws_cloudtrail"

// Period is the number of rules after which the kinds repeat.
const Period = 100

// matching is the number of rules that may match more than a few events.
const matching = 1000

// Rules returns a rules file with n rules and the macro and lists that they use. The same n and
// seed give the same text. A smaller file is a prefix of a larger one.
func Rules(n int, seed uint64) []byte {
	g := generator{Rand: rand.New(rand.NewPCG(seed, 20))}
	g.out.WriteString(preamble)
	for i := range n {
		g.rule(i)
	}
	return []byte(g.out.String())
}

const preamble = `- macro: succeeded_call
  condition: ct.eventtype = AwsApiCall and not ct.error exists
- list: home_regions
  items: [eu-west-1, eu-central-1, us-east-1]
- list: robots
  items: [deployer, backup, scanner]

`

// calls lists frequent API calls.
var calls = []string{
	"GetObject", "PutObject", "AssumeRole", "DescribeInstances", "ListBuckets", "GetSecretValue", "Decrypt", "LookupEvents",
	"DeleteObject", "GetCallerIdentity", "ConsoleLogin", "CreateAccessKey",
}

type generator struct {
	*rand.Rand
	out strings.Builder
}

func (g *generator) rule(i int) {
	var condition, exceptions string
	switch k := i % Period; {
	case k < 25:
		condition = g.equal(i)
	case k < 45:
		condition = g.affix()
	case k < 65:
		condition = g.contains(i)
	case k < 75:
		condition = g.pattern()
	case k < 85:
		condition = g.number(i)
	case k < 95:
		condition = fmt.Sprintf("succeeded_call and ct.name = %s and ct.request contains %s", g.call(), g.hex(4))
		exceptions = fmt.Sprintf("\n  exceptions:\n    - name: robots\n      fields: [ct.user, ct.region]\n      comps: [in, =]\n"+
			"      values:\n        - [[robots], eu-west-1]\n        - [[worker-%d, operator-%d], us-east-1]", i, i)
	default:
		condition = g.negative(i)
	}
	fmt.Fprintf(&g.out, "- rule: generated %d\n  desc: Generated rule number %d.\n  condition: >\n    %s\n"+
		"  output: rule %d at %%ct.region by %%ct.user with %%ct.name\n  priority: NOTICE\n  source: %s%s\n\n", i, i, condition, i, Source, exceptions)
}

func (g *generator) equal(i int) string {
	switch g.IntN(4) {
	case 0:
		return fmt.Sprintf("ct.name = Unheard%d and ct.user = person-%d", i, i)
	case 1:
		return fmt.Sprintf("ct.name in (Strange%d, Odd%d) and not ct.region in (home_regions)", i, i)
	case 2:
		return fmt.Sprintf("ct.user.arn = arn:aws:iam::%s:user/person-%d", g.account(), i)
	default:
		return fmt.Sprintf("ct.name = %s and ct.user = stranger-%d", g.call(), i)
	}
}

func (g *generator) affix() string {
	switch g.IntN(4) {
	case 0:
		return fmt.Sprintf("ct.user.arn startswith arn:aws:sts::%s:", g.account())
	case 1:
		return fmt.Sprintf("ct.useragent startswith kit-%s/", g.hex(6))
	case 2:
		return "ct.request.name endswith -" + g.hex(5)
	default:
		return "s3.key endswith ." + g.hex(3)
	}
}

func (g *generator) contains(i int) string {
	switch g.IntN(6) {
	case 0:
		return "ct.useragent contains " + g.hex(5)
	case 1:
		return "ct.request contains item-" + g.hex(5)
	case 2:
		return "ct.user.arn contains role/" + g.hex(4)
	case 3:
		return "ct.useragent icontains Probe-" + g.hex(4)
	case 4:
		if i >= matching {
			return "ct.id contains " + g.hex(9)
		}
		return "ct.id contains " + g.hex(4) // matches occasionally
	default:
		return fmt.Sprintf("ct.errormessage contains \"refused %s\"", g.hex(4))
	}
}

func (g *generator) pattern() string {
	switch g.IntN(3) {
	case 0:
		return fmt.Sprintf("ct.useragent regex '.*crawler-%s/[0-9]+.*'", g.hex(4))
	case 1:
		return fmt.Sprintf("s3.key glob '*/%s/*.old'", g.hex(4))
	default:
		return fmt.Sprintf("ct.user regex 'job-%s-[a-z]+'", g.hex(3))
	}
}

func (g *generator) number(i int) string {
	switch g.IntN(4) {
	case 0:
		return fmt.Sprintf("s3.bytes > %d", 5_000_000_000_000+i)
	case 1:
		return fmt.Sprintf("ct.srcip startswith 203.0.%d. and s3.bytes >= %d", g.IntN(256), 1_000_000+g.IntN(9_000_000))
	case 2:
		return fmt.Sprintf("s3.cnt.get > 0 and s3.bytes.out > %d", 300_000_000_000+i)
	default:
		return fmt.Sprintf("ct.name = %s and s3.bytes.in > 200000000000", g.call())
	}
}

func (g *generator) negative(i int) string {
	switch g.IntN(3) {
	case 0:
		return fmt.Sprintf("not ct.region in (home_regions) and not ct.name in (%s) and not ct.srcip = 192.0.2.%d and ct.request contains %s",
			strings.Join(calls, ", "), i%256, g.hex(4))
	case 1:
		return "not ct.user exists and not ct.useragent contains aws and ct.id endswith " + g.hex(3)
	default:
		return fmt.Sprintf("not ct.name exists and not ct.user in (robots, person-%d)", i)
	}
}

func (g *generator) call() string { return calls[g.IntN(len(calls))] }

// account returns the ID of an account that does not occur in the logs.
func (g *generator) account() string { return fmt.Sprintf("%012d", g.Int64N(100_000_000_000)) }

// hex returns n hexadecimal digits.
func (g *generator) hex(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = "0123456789abcdef"[g.IntN(16)]
	}
	return string(b)
}
