// SPDX-License-Identifier: Apache-2.0

package daemon

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/gyr-dev/gyr/config"
)

// Drain delivers what the spool keeps to the outputs of a configuration, as a run does at its
// end, and returns. It ends sooner when ctx is done. The error says what is not delivered.
func Drain(ctx context.Context, cfg *config.Config, stdout io.Writer, log *slog.Logger) error {
	if err := checkOutputs(cfg, log); err != nil {
		return err
	}
	out, err := openOutputs(cfg, stdout, log)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { out.end(cfg.ShutdownTimeout) })
	defer stop()
	out.closeFeeds()
	for _, w := range out.workers {
		c := out.counts(w)
		log.Info(fmt.Sprintf("output %s: %d alerts delivered", w.Name(), c.Delivered))
		if kept := c.Queued - c.Delivered - c.Lost(); kept > 0 {
			err = errors.Join(err, fmt.Errorf("output %s: %d alerts are still in the spool", w.Name(), kept))
		}
	}
	return errors.Join(err, out.close())
}
