// SPDX-License-Identifier: Apache-2.0

// Package rules_test runs the rules of this folder.
package rules_test

import (
	"testing"

	"github.com/gyr-dev/gyr/internal/rulestest"
	jsonplugin "github.com/gyr-dev/gyr/plugins/json"
	"github.com/gyr-dev/gyr/plugins/k8saudit"
	"github.com/gyr-dev/gyr/sdk"
)

var suite = rulestest.Suite{
	File:     "k8saudit_rules.yaml",
	Cases:    "testdata/cases.yaml",
	Source:   "k8s_audit",
	PluginID: 1,
	Plugins:  []sdk.Factory{k8saudit.New, jsonplugin.New},
}

func TestRules(t *testing.T) { suite.Run(t) }
