// SPDX-License-Identifier: Apache-2.0

package sdk

// Joiner is a [Plan] that can also do the work of another plugin's plan, in the same pass over
// an event. It is for linked-in plugins that parse the same format: gyr joins the plans of
// [Concurrent] plugins with fields for the same event source.
type Joiner interface {
	// Join returns a plan for the receiver's requests, followed by those of other; nil if the
	// two cannot share a pass.
	Join(other Plan) Plan
}
