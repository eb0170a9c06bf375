// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import "github.com/gyr-dev/gyr/internal/logfiles"

// openSQS will follow the notifications of a queue.
func openSQS(params string) (logfiles.Input, error) {
	return nil, pluginError("cannot open %s: reading from SQS is not implemented yet, copy the files and name the folder", params)
}
