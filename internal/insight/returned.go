package insight

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/returns"
)

// What no query can check about returns: hashes, and the law's arithmetic.
var (
	brokenProof = invariant{name: "I11", what: "a proof of deposit, or its place in the chain, is not what it was"}
	altered     = invariant{name: "I11", what: "a consumer's statement is not the one that was received"}
	misreckoned = invariant{name: "I2", what: "a surcharge is not what the law's bands make of the delay"}
)

// orgPage is how many organisations are looked at between two reads.
const orgPage = 200

// returned checks the returns of every merchant.
func returned(tx *db.Tx) (found []Violation, err error) {
	var proofs, statements, surcharges []string
	var after ident.Merchant
	for {
		page, err := merchant.List(tx, after, orgPage)
		if err != nil || len(page) == 0 {
			found = note(note(note(found, brokenProof, proofs), altered, statements), misreckoned, surcharges)
			return found, err
		}
		for _, o := range page {
			after = o.ID
			broken, _, is, err := returns.BrokenProof(tx, o.ID)
			if err != nil {
				return nil, err
			}
			if is {
				proofs = append(proofs, string(broken.ID))
			}
			changed, err := returns.Altered(tx, o.ID)
			if err != nil {
				return nil, err
			}
			statements = texts(statements, changed)
			wrong, err := returns.Misreckoned(tx, o.ID)
			if err != nil {
				return nil, err
			}
			surcharges = texts(surcharges, wrong)
		}
	}
}

func texts[T ~string](to []string, ids []T) []string {
	for _, id := range ids {
		to = append(to, string(id))
	}
	return to
}
