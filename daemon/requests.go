// SPDX-License-Identifier: Apache-2.0

package daemon

import "context"

// reloads are requests to load the configuration again. They have room for one: whoever
// comes while one waits means the same files.
type reloads chan request

type request struct {
	why  string
	done chan<- error // gets what came of it, if not nil
}

// ask requests a reload and does not wait for it.
func (r reloads) ask(why string) {
	select {
	case r <- request{why: why}:
	default:
	}
}

// reload requests a reload and waits until it is done, has failed, or ctx is done.
func (r reloads) reload(ctx context.Context, why string) error {
	done := make(chan error, 1)
	select {
	case r <- request{why, done}:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (r request) answer(err error) {
	if r.done != nil {
		r.done <- err
	}
}
