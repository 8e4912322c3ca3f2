package merchant

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// NewKey is a key to issue. Connection is the one a Carrier's key is bound to,
// and empty for every other set.
type NewKey struct {
	Set        Set
	Connection ident.Connection
	Label      string // whose key it is, for people
}

// Key is an issued key, without its secret, which nobody keeps.
type Key struct {
	ID         ident.Key
	Set        Set
	Connection ident.Connection
	Label      string
	Issued     civil.Instant
	Revoked    civil.Instant // zero while it opens
}

// Principal is whom a secret belongs to.
type Principal struct {
	Merchant   ident.Merchant
	Key        ident.Key
	Set        Set
	Connection ident.Connection // a Carrier's only
	Kind       Kind
}

// secretPrefix marks the keys of servers, so that scanners of leaked secrets know one.
const secretPrefix = "sk"

// IssueKey makes a key. The secret is in the answer and nowhere else: its hash
// is kept. The faults are not_found, unknown_permission_set,
// permission_set_misplaced (a set that this kind of organisation has no use
// for), connection_required, connection_unexpected and those of the label.
func IssueKey(tx *flow.Tx, m ident.Merchant, in NewKey) (id ident.Key, secret string, err error) {
	o, err := Get(tx.Tx, m)
	if err != nil {
		return "", "", err
	}
	if err := in.check(o.Kind); err != nil {
		return "", "", err
	}
	id, secret = ident.New[ident.Key](tx.Mint), ident.NewSecret(tx.Mint, secretPrefix)
	if err := tx.Do(sqlInsertKey, m, id, ident.Hash(secret), in.Set, in.Connection, in.Label, tx.Now); err != nil {
		return "", "", err
	}
	return id, secret, tx.Emit(m, string(m), string(id), fact.KeyIssued{Key: id, Set: string(in.Set)})
}

func (in NewKey) check(k Kind) error {
	var faults fault.List
	switch known := slices.Contains(Sets(), in.Set); {
	case !known:
		faults.Add(fault.Invalid, "unknown_permission_set", "set", "value", string(in.Set))
	case !slices.Contains(setsOf(k), in.Set):
		faults.Add(fault.Invalid, "permission_set_misplaced", "set", "set", string(in.Set), "kind", string(k))
	case in.Set == Carrier && !ident.Valid[ident.Connection](string(in.Connection)):
		faults.Add(fault.Invalid, "connection_required", "connection")
	case in.Set != Carrier && in.Connection != "":
		faults.Add(fault.Invalid, "connection_unexpected", "connection", "set", string(in.Set))
	}
	text.Required(&faults, "label", in.Label, maxName)
	return faults.Err()
}

// RevokeKey makes a key open nothing any more. Revoking it again changes
// nothing. The fault is not_found.
func RevokeKey(tx *flow.Tx, m ident.Merchant, id ident.Key) error {
	revoked, err := tx.Changed(sqlRevokeKey, m, id, tx.Now)
	if err != nil {
		return err
	}
	if revoked {
		return tx.Emit(m, string(m), string(id), fact.KeyRevoked{Key: id})
	}
	_, known, err := db.One(tx.Tx, sqlKeyKnown, db.Scalar[ident.Key], m, id)
	if err == nil && !known {
		return fault.New(fault.NotFound, "not_found", "key")
	}
	return err
}

// Authenticate tells whose a secret is. The fault is unauthorized, the same
// for a secret that is malformed, unknown or revoked.
func Authenticate(tx *db.Tx, secret string) (Principal, error) {
	p, ok, err := db.One(tx, sqlPrincipal, scanPrincipal, ident.Hash(secret))
	if err == nil && !ok {
		return Principal{}, fault.New(fault.Unauthorized, "unauthorized", "")
	}
	return p, err
}

// Keys lists the keys of an organisation, the oldest first.
func Keys(tx *db.Tx, m ident.Merchant) ([]Key, error) { return db.All(tx, sqlKeys, scanKey, m) }
