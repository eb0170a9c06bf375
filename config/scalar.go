// SPDX-License-Identifier: Apache-2.0

package config

import (
	"math"
	"strconv"
	"strings"
)

// The conversions in this file ignore quotes: "1" is a number like 1.

// toBool accepts the booleans of YAML 1.1 in lower, upper or title case.
func toBool(s string) (v, ok bool) {
	low := strings.ToLower(s)
	if s != low && s != strings.ToUpper(s) && s != strings.ToUpper(s[:1])+low[1:] {
		return false, false
	}
	switch low {
	case "y", "yes", "true", "on":
		return true, true
	case "n", "no", "false", "off":
		return false, true
	}
	return false, false
}

// toInt accepts decimal, hexadecimal (0x) and octal (0) numbers.
func toInt(s string) (int64, bool) {
	if !plainNumber(s) {
		return 0, false
	}
	v, err := strconv.ParseInt(s, 0, 64)
	return v, err == nil
}

// toUint is toInt for non-negative numbers.
func toUint(s string) (uint64, bool) {
	if !plainNumber(s) {
		return 0, false
	}
	v, err := strconv.ParseUint(strings.TrimPrefix(s, "+"), 0, 64)
	return v, err == nil
}

// plainNumber rejects number forms of Go that YAML does not have.
func plainNumber(s string) bool {
	return !strings.ContainsAny(s, "_bBoOpP")
}

// toFloat accepts decimal numbers and YAML's forms of infinity and NaN.
func toFloat(s string) (float64, bool) {
	switch strings.ToLower(s) {
	case ".inf", "+.inf":
		return math.Inf(1), true
	case "-.inf":
		return math.Inf(-1), true
	case ".nan":
		return math.NaN(), true
	}
	if s == "" || strings.ContainsAny(s, "_xXpPiInN") {
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil
}
