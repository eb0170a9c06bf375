// SPDX-License-Identifier: Apache-2.0

package sdk

// Joiner is a [Plan] that can do the work of another plugin's plan in the same pass over
// an event. It is for plugins that are linked in and read the same format: gyr joins the
// plans of [Concurrent] plugins that have fields for the same event source.
type Joiner interface {
	// Join returns a plan for the receiver's requests followed by those of other, or nil
	// if the two cannot share a pass.
	Join(other Plan) Plan
}
