// SPDX-License-Identifier: Apache-2.0

package daemon

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"sync"
)

// watchSignals returns a context that is done at SIGINT and SIGTERM; a second one of them
// ends the process at once. SIGUSR1 reopens the outputs, SIGHUP loads the
// configuration again. stop ends the watch, and waits for
// what it does.
func watchSignals(ctx context.Context, out *outputs, asked reloads, log *slog.Logger) (_ context.Context, stop func()) {
	ends := make(chan os.Signal, 1)
	reopen := make(chan os.Signal, 1)
	signal.Notify(ends, stopSignals...)
	reload := make(chan os.Signal, 1)
	if len(reopenSignals) > 0 {
		signal.Notify(reopen, reopenSignals...)
		signal.Notify(reload, reloadSignals...)
	}
	ctx, cancel := context.WithCancel(ctx)
	end := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-ends:
				log.Info("SIGINT received, exiting...")
				signal.Stop(ends)
				cancel()
			case <-reopen:
				log.Info("SIGUSR1 received, reopening outputs...")
				out.reopen()
			case <-reload:
				asked.ask("SIGHUP received")
			case <-end:
				return
			}
		}
	})
	return ctx, func() {
		signal.Stop(ends)
		signal.Stop(reopen)
		signal.Stop(reload)
		close(end)
		wg.Wait()
		cancel()
	}
}
