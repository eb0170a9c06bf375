// SPDX-License-Identifier: Apache-2.0

package main

import (
	"github.com/gyr-dev/gyr/plugins/cloudtrail"
	"github.com/gyr-dev/gyr/plugins/dummy"
	"github.com/gyr-dev/gyr/plugins/json"
	"github.com/gyr-dev/gyr/sdk"
)

// linkedIn are the plugins that are part of gyr.
var linkedIn = []sdk.Factory{
	cloudtrail.New,
	dummy.New,
	json.New,
}
