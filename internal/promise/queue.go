package promise

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

const (
	sqlInDanger = `select c.id from promise_commitment c where c.merchant = $1 and c.state = 'open' and c.until > $2
		and exists (select 1 from promise_warning w where w.merchant = c.merchant and w.commitment = c.id and w.lifted_at is null)
		order by c.id desc limit $3`
	sqlMissing = `select c.id from promise_commitment c where c.merchant = $1 and c.state = 'broken' and c.until > $2
		and c.kind in ('deliver_by', 'deliver_in_slot')
		and not exists (select 1 from promise_verdict v where v.merchant = c.merchant and v.commitment = c.id and v.late_known)
		order by c.id desc limit $3`
)

// maxMissing is for how many days after its deadline something still missing is
// somebody's work today; after that it is lost.
const maxMissing = 30 * 24 * 60 * 60 * 1_000_000 // microseconds

// InDanger reads what somebody of the shop can still mend: open commitments whose
// shopper was warned, or should be, and broken ones whose goods are still
// missing. At most limit of each, the latest first.
func InDanger(tx *db.Tx, m ident.Merchant, limit int) ([]Commitment, error) {
	ids, err := db.All(tx, sqlInDanger, db.Scalar[ident.Commitment], m, tx.Now, limit)
	if err != nil {
		return nil, err
	}
	missing, err := db.All(tx, sqlMissing, db.Scalar[ident.Commitment], m, int64(tx.Now)-maxMissing, limit)
	if err != nil {
		return nil, err
	}
	return db.All(tx, sqlCommitments, scanCommitment, m, db.In(append(ids, missing...)))
}
