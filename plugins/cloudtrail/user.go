// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"strings"

	"github.com/gyr-dev/gyr/internal/jsonscan"
	"github.com/gyr-dev/gyr/sdk"
)

// userName is who acted, as well as the kind of identity tells: a role by its name, a
// service by the one that invoked it, kinds that are not known by userName.
func userName(b *jsonscan.Builder, _ *sdk.Request) textGetter {
	identity := jsonscan.Keys("userIdentity")
	typ := b.Add(identity.Then("type"))
	name := b.Add(identity.Then("userName"))
	invoker := b.Add(identity.Then("invokedBy"))
	role := b.Add(identity.Then("sessionContext", "sessionIssuer", "userName"))
	return func(x *extraction) (string, bool) {
		kind := x.identityType(typ)
		switch kind {
		case "AWSService":
			return x.text(invoker)
		case "AssumedRole":
			if s, ok := x.text(role); ok {
				return s, true
			}
			return kind, true
		case "AWSAccount", "FederatedUser":
			return kind, true
		}
		return x.text(name) // Root, IAMUser and all others
	}
}

// identityType returns the type of identity, "" if it is no string or one with a zero in it.
func (x *extraction) identityType(slot int) string {
	if kind, _ := x.text(slot); x.is(slot, kind) {
		return kind
	}
	return ""
}

// noUser is what evt.plugininfo has where there is no user: Falco's words.
func noUser(kind string) string {
	switch kind {
	case "", "Root", "IAMUser", "AWSService":
		return "<NA>"
	}
	return "<unknown user type>"
}

// originalUser is the name behind a role: that of the session, which is the last part of
// the arn (arn:aws:sts::account:assumed-role/role/session) or of the id (id:session).
func originalUser(b *jsonscan.Builder, _ *sdk.Request) textGetter {
	identity := jsonscan.Keys("userIdentity")
	typ := b.Add(identity.Then("type"))
	name := b.Add(identity.Then("userName"))
	arn := b.Add(identity.Then("arn"))
	principal := b.Add(identity.Then("principalId"))
	return func(x *extraction) (string, bool) {
		if !x.is(typ, "AssumedRole") {
			return x.text(name)
		}
		arn, _ := x.text(arn)
		if s, ok := lastPart(arn, "/", 3); ok {
			return s, true
		}
		principal, _ := x.text(principal)
		return lastPart(principal, ":", 2)
	}
}

// lastPart returns the last of the n parts of s, if there are as many.
func lastPart(s, sep string, n int) (string, bool) {
	if strings.Count(s, sep) != n-1 {
		return "", false
	}
	return s[strings.LastIndex(s, sep)+1:], true
}
