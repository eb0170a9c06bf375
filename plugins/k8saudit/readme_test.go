// SPDX-License-Identifier: Apache-2.0

package k8saudit

import (
	"flag"
	"testing"

	"github.com/gyr-dev/gyr/internal/fieldtable"
)

var update = flag.Bool("update", false, "write the files that tests check")

//go:generate go test -run TestReadme -update .

func TestReadme(t *testing.T) { fieldtable.Test(t, "README.md", fieldInfos, *update) }
