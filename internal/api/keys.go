package api

import (
	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// NewKey is a key to issue.
type NewKey struct {
	Set     merchant.Set     `json:"set" enum:"owner,agent,developer,viewer,operator,carrier" doc:"The bundle of permissions."`
	Carrier ident.Connection `json:"carrier,omitempty" doc:"The connection that a carrier's own key is bound to."`
	Label   string           `json:"label" doc:"Whose key it is."`
}

// Key is a key, without its secret.
type Key struct {
	ID ident.Key `json:"id"`
	NewKey
	Issued  civil.Instant `json:"issued"`
	Revoked civil.Instant `json:"revoked,omitzero" doc:"Since when it opens nothing."`
}

// IssuedKey is a key with its secret.
type IssuedKey struct {
	ID ident.Key `json:"id"`
	NewKey
	Secret string `json:"secret" doc:"Shown here, and to a retry under the same Idempotency-Key, and never again: its hash is kept."`
}

type keyIn struct{ Body NewKey }

func issueKey(_ *API, tx *flow.Tx, c call, in *keyIn) (reply[IssuedKey], error) {
	b := in.Body
	if b.Carrier != "" {
		if _, err := carrier.Get(tx.Tx, c.Merchant, b.Carrier); err != nil {
			return reply[IssuedKey]{}, ofCarrier(err, "carrier", b.Carrier)
		}
	}
	id, secret, err := merchant.IssueKey(tx, c.Merchant, merchant.NewKey{Set: b.Set, Connection: b.Carrier, Label: b.Label})
	return created(IssuedKey{id, b, secret}), named(err, "connection", "carrier")
}

type keyPath struct {
	ID ident.Key `path:"id"`
}

func revokeKey(_ *API, tx *flow.Tx, c call, in *keyPath) (reply[nothing], error) {
	return done(), merchant.RevokeKey(tx, c.Merchant, in.ID)
}

func listKeys(_ *API, tx *db.Tx, c call, _ *none) (List[Key], error) {
	keys, err := merchant.Keys(tx, c.Merchant)
	return whole(keys, func(k merchant.Key) Key {
		return Key{k.ID, NewKey{k.Set, k.Connection, k.Label}, k.Issued, k.Revoked}
	}), err
}
