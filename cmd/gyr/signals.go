// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"os"
	"os/signal"
	"sync"
)

// handleSignals ends the run well at SIGINT and SIGTERM, and reopens the outputs at
// SIGUSR1. A second SIGINT or SIGTERM ends the process at once.
func handleSignals(a *app) error {
	if a.opts.dryRun {
		return nil
	}
	stop := make(chan os.Signal, 1)
	reopen := make(chan os.Signal, 1)
	signal.Notify(stop, stopSignals...)
	if len(reopenSignals) > 0 {
		signal.Notify(reopen, reopenSignals...)
	}
	ctx, cancel := context.WithCancel(a.stop)
	a.stop = ctx
	end := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-stop:
				a.log.Info("SIGINT received, exiting...")
				signal.Stop(stop)
				cancel()
			case <-reopen:
				a.log.Info("SIGUSR1 received, reopening outputs...")
				a.reopen()
			case <-end:
				return
			}
		}
	})
	a.atEnd(func() error {
		signal.Stop(stop)
		signal.Stop(reopen)
		close(end)
		wg.Wait()
		cancel()
		return nil
	})
	return nil
}
