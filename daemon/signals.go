// SPDX-License-Identifier: Apache-2.0

package daemon

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// watchSignals returns a context that is done at SIGINT and SIGTERM, when end is called,
// too; a second one of them ends the process at once. At SIGUSR1 it calls reopenOutputs, at
// SIGHUP it asks for a reload. stop ends the watch, and waits for what it does.
func watchSignals(ctx context.Context, end, reopenOutputs func(), asked reloads, log *slog.Logger) (_ context.Context, stop func()) {
	ends := make(chan os.Signal, 1)
	reopen := make(chan os.Signal, 1)
	signal.Notify(ends, stopSignals...)
	reload := make(chan os.Signal, 1)
	if len(reopenSignals) > 0 {
		signal.Notify(reopen, reopenSignals...)
		signal.Notify(reload, reloadSignals...)
	}
	ctx, cancel := context.WithCancel(ctx)
	stopped := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case sig := <-ends:
				signal.Stop(ends)
				cancel()
				end()
				log.Info(signalName(sig) + " received, exiting...")
			case <-reopen:
				reopenOutputs()
				log.Info("SIGUSR1 received, reopening outputs...")
			case <-reload:
				asked.ask(askedBySignal)
			case <-stopped:
				return
			}
		}
	})
	return ctx, func() {
		signal.Stop(ends)
		signal.Stop(reopen)
		signal.Stop(reload)
		close(stopped)
		wg.Wait()
		cancel()
	}
}

// signalName is the name of a signal that ends a run.
func signalName(s os.Signal) string {
	if s == syscall.SIGTERM {
		return "SIGTERM"
	}
	return "SIGINT"
}
