// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"context"
	"io"
	"log/slog"
	"strings"
)

// logFile is a log file to read.
type logFile interface {
	// Name is what messages call the file. If it ends in .gz, the content is compressed.
	Name() string
	// Size is the number of bytes to read, 0 if it is not known.
	Size() int64
	// Open starts reading. Reads fail soon after ctx is done, if they can block for long.
	Open(ctx context.Context) (io.ReadCloser, error)
}

// input is where log files come from.
type input interface {
	// next returns the next file, io.EOF after the last. It waits for one until ctx is
	// done. It is called by one goroutine at a time; any other error ends the stream.
	next(ctx context.Context) (logFile, error)
	// total is the number of all files and bytes, 0 if it is not known.
	total() (files int, bytes int64)
	// close frees what the input holds. No other method is called any more.
	close() error
}

// openInput returns the input that the open parameters name: s3://bucket/prefix,
// sqs://queue, or else a file or folder.
func openInput(params string, log *slog.Logger) (input, error) {
	switch {
	case strings.HasPrefix(params, "s3://"):
		return openS3(params)
	case strings.HasPrefix(params, "sqs://"):
		return openSQS(params)
	default:
		return openLocal(params, log)
	}
}
