// SPDX-License-Identifier: Apache-2.0

package config

import (
	"math"
	"strconv"
	"strings"
)

func (d *decoder) spool(c *Config) {
	c.Spool.Path = d.string("spool.path", "")
	size := d.string("spool.max_size", "1GiB")
	var ok bool
	if c.Spool.MaxSize, ok = toSize(size); !ok {
		d.failFile("spool.max_size '%s' is not a size such as 500MiB or 1GiB.", d.at("spool.max_size").shown())
	}
	switch d.string("spool.sync", "always") {
	case "always":
	case "interval":
		c.Spool.Interval = true
	default:
		d.failFile("spool.sync '%s' is neither always nor interval.", d.at("spool.sync").shown())
	}
	switch d.string("spool.when_full", "wait") {
	case "wait":
	case "drop_oldest":
		c.Spool.DropOldest = true
	default:
		d.failFile("spool.when_full '%s' is neither wait nor drop_oldest.", d.at("spool.when_full").shown())
	}
}

// sizeUnits lists the units of sizes. A unit precedes its suffixes.
var sizeUnits = []struct {
	name  string
	bytes int64
}{
	{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40},
	{"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"B", 1}, {"", 1},
}

// toSize parses a positive number of bytes with an optional unit.
func toSize(s string) (int64, bool) {
	for _, u := range sizeUnits {
		number, ok := strings.CutSuffix(s, u.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(number), 10, 64)
		return n * u.bytes, err == nil && n > 0 && n <= math.MaxInt64/u.bytes
	}
	return 0, false
}
