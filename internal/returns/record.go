package returns

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Record is all that is written about a return, beside the return itself.
type Record struct {
	Items     []Item
	Labels    []Label
	Proof     Proof // its ID is empty when nobody gave one
	Findings  []Finding
	Decisions []Decision
	Disputes  []Dispute
	Seconds   []Word // of second persons
}

// RecordOf reads the record of a return. One that is not there has an empty one.
func RecordOf(tx *db.Tx, m ident.Merchant, id ident.Return) (f Record, err error) {
	ids := []ident.Return{id}
	items, err := Items(tx, m, ids)
	if err != nil {
		return f, err
	}
	labels, err := Labels(tx, m, ids)
	if err != nil {
		return f, err
	}
	proofs, err := Proofs(tx, m, ids)
	if err != nil {
		return f, err
	}
	found, err := Findings(tx, m, ids)
	if err != nil {
		return f, err
	}
	decisions, err := Decisions(tx, m, ids)
	if err != nil {
		return f, err
	}
	disputes, err := Disputes(tx, m, ids)
	if err != nil {
		return f, err
	}
	seconds, err := Seconds(tx, m, id)
	return Record{items[id], labels[id], proofs[id], found[id], decisions[id], disputes[id], seconds}, err
}
