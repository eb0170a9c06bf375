// SPDX-License-Identifier: Apache-2.0

// Package rules_test runs the rules of this folder.
package rules_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/internal/rulestest"
	"github.com/gyr-dev/gyr/internal/trailgen"
	"github.com/gyr-dev/gyr/plugins/cloudtrail"
	jsonplugin "github.com/gyr-dev/gyr/plugins/json"
	"github.com/gyr-dev/gyr/sdk"
)

var suite = rulestest.Suite{
	File:     "cloudtrail_rules.yaml",
	Cases:    "testdata/cases.yaml",
	Source:   "aws_cloudtrail",
	PluginID: 2,
	Plugins:  []sdk.Factory{cloudtrail.New, jsonplugin.New},
	Null:     []string{"requestParameters", "responseElements"}, // CloudTrail writes these as null
}

func TestRules(t *testing.T) { suite.Run(t) }

// In the sample logs the rules find the intrusion, and nothing in the ordinary traffic.
func TestSampleLogs(t *testing.T) {
	const intruder = "203.0.113.66"
	files, err := trailgen.Files(trailgen.Config{Records: 4000})
	if err != nil {
		t.Fatal(err)
	}
	m, found := suite.Matcher(t, suite.Load(t), false), make(map[string]int)
	for _, f := range files {
		var content struct{ Records []json.RawMessage }
		if err := json.Unmarshal(f.Content, &content); err != nil {
			t.Fatal(err)
		}
		for _, record := range content.Records {
			names := m.Names(t, record)
			for _, name := range names {
				found[name]++
			}
			if len(names) > 0 && !strings.Contains(string(record), intruder) {
				t.Errorf("%q reports ordinary traffic:\n%s", names, record)
			}
		}
	}
	for name, want := range map[string]int{
		"Root Console Login Without MFA": 1, "Root Access Key Created": 1, "Trail Stopped or Deleted": 2,
		"Security Group Opened to the World": 2, "Bucket Made Public": 1, "Secret Read by an Unknown Identity": 8,
		"Instance Launched in an Unusual Region": 3, "Console Login Failed": 7, "Machine Credentials Used Elsewhere": 3,
	} {
		if found[name] != want {
			t.Errorf("rule %q: got %d alerts, want %d", name, found[name], want)
		}
	}
	if len(found) < 30 {
		t.Errorf("got alerts of %d rules, want 30 or more: %v", len(found), found)
	}
}
