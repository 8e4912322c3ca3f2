package merchant

import (
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Scope names what a grant lets its holder read. There is no other way for a
// row of one organisation to be read on behalf of another.
type Scope string

// The scopes.
const (
	PoolHistory   Scope = "pool_history" // transit times, counted with those of other grantors
	ReadReportsOf Scope = "read_reports" // the grantor's reports
	AnswerFor     Scope = "answer_desk"  // the conversations that the grantor hands over, with what they are about, to answer in its name
)

// Scopes lists every scope.
func Scopes() []Scope { return []Scope{PoolHistory, ReadReportsOf, AnswerFor} }

// Grant gives a network a right to read of the grantor. A right it has already
// is answered as it stands. The faults are unknown_value, and not_found at the
// grantee, also for a merchant: nobody learns here who else is.
func Grant(tx *flow.Tx, grantor, grantee ident.Merchant, scope Scope) (ident.Grant, error) {
	if err := checkGrant(tx.Tx, grantee, scope); err != nil {
		return "", err
	}
	id := ident.New[ident.Grant](tx.Mint)
	fresh, err := tx.Changed(sqlInsertGrant, grantor, id, grantee, scope, tx.Now)
	if err != nil {
		return "", err
	}
	if !fresh {
		id, _, err = db.One(tx.Tx, sqlGrantHeld, db.Scalar[ident.Grant], grantor, grantee, scope)
		return id, err
	}
	return id, tx.Emit(grantor, string(grantor), string(id), fact.Granted{Grant: id, Grantee: grantee, Scope: string(scope)})
}

func checkGrant(tx *db.Tx, grantee ident.Merchant, scope Scope) error {
	var faults fault.List
	checkOption(&faults, "scope", scope, Scopes())
	if err := faults.Err(); err != nil {
		return err
	}
	o, ok, err := db.One(tx, sqlOrganisation, scanOrganisation, grantee)
	if err == nil && (!ok || o.Kind != Network) {
		err = fault.New(fault.NotFound, "not_found", "grantee")
	}
	return err
}

// RevokeGrant takes a right back, from the commit on. Taking it back again
// changes nothing. The fault is not_found.
func RevokeGrant(tx *flow.Tx, m ident.Merchant, id ident.Grant) error {
	ended, err := tx.Changed(sqlEndGrant, m, id, tx.Now)
	if err != nil {
		return err
	}
	if ended {
		return tx.Emit(m, string(m), string(id), fact.GrantRevoked{Grant: id})
	}
	_, known, err := db.One(tx.Tx, sqlGrantKnown, db.Scalar[ident.Grant], m, id)
	if err == nil && !known {
		return fault.New(fault.NotFound, "not_found", "grant")
	}
	return err
}

// Grantors lists the organisations that grant a scope to the grantee now.
func Grantors(tx *db.Tx, grantee ident.Merchant, scope Scope) ([]ident.Merchant, error) {
	return db.All(tx, sqlGrantors, db.Scalar[ident.Merchant], grantee, scope)
}

// Grantees lists the organisations the grantor grants a scope to now.
func Grantees(tx *db.Tx, grantor ident.Merchant, scope Scope) ([]ident.Merchant, error) {
	return db.All(tx, sqlGrantees, db.Scalar[ident.Merchant], grantor, scope)
}
