// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import "github.com/gyr-dev/gyr/internal/logfiles"

// openS3 will list the objects of a bucket.
func openS3(params string) (logfiles.Input, error) {
	return nil, pluginError("cannot open %s: reading from S3 is not implemented yet, copy the files and name the folder", params)
}
