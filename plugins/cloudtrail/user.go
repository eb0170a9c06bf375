// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"strings"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/jsonscan"
	"github.com/gyr-dev/gyr/sdk"
)

// userName is who acted, as well as the kind of identity tells: a role by its name, a
// service by the one that invoked it.
func userName(b *jsonscan.Builder, _ *sdk.Request) getter {
	identity := jsonscan.Keys("userIdentity")
	typ := b.Add(identity.Then("type"))
	name := b.Add(identity.Then("userName"))
	invoker := b.Add(identity.Then("invokedBy"))
	role := b.Add(identity.Then("sessionContext", "sessionIssuer", "userName"))
	return func(x *extraction) event.Value {
		switch {
		case x.is(typ, "Root"), x.is(typ, "IAMUser"):
			return x.str(name)
		case x.is(typ, "AWSService"):
			return x.str(invoker)
		case x.is(typ, "AssumedRole"):
			if v := x.str(role); v.Present {
				return v
			}
			return event.StringValue("AssumedRole")
		case x.is(typ, "AWSAccount"):
			return event.StringValue("AWSAccount")
		case x.is(typ, "FederatedUser"):
			return event.StringValue("FederatedUser")
		}
		return event.Value{}
	}
}

// originalUser is the name behind a role: that of the session, which is the last part of
// the arn (arn:aws:sts::account:assumed-role/role/session) or of the id (id:session).
func originalUser(b *jsonscan.Builder, _ *sdk.Request) getter {
	identity := jsonscan.Keys("userIdentity")
	typ := b.Add(identity.Then("type"))
	name := b.Add(identity.Then("userName"))
	arn := b.Add(identity.Then("arn"))
	principal := b.Add(identity.Then("principalId"))
	return func(x *extraction) event.Value {
		if !x.is(typ, "AssumedRole") {
			return x.str(name)
		}
		if s, ok := lastPart(x.str(arn).Str, "/", 3); ok {
			return event.StringValue(s)
		}
		if s, ok := lastPart(x.str(principal).Str, ":", 2); ok {
			return event.StringValue(s)
		}
		return event.Value{}
	}
}

// lastPart returns the last of the n parts of s, if there are as many.
func lastPart(s, sep string, n int) (string, bool) {
	if strings.Count(s, sep) != n-1 {
		return "", false
	}
	return s[strings.LastIndex(s, sep)+1:], true
}
