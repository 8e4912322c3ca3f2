package flow

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

const (
	sqlParkedOf = `-- whole merchant: what is parked is little, or there is trouble
		select merchant, fact, reaction, error, since, tries from flow_parked
		where merchant = $1 order by since, fact limit $2`
	sqlParkedErrandsOf = `-- whole merchant: the errands of a merchant are few, for they end
		select merchant, id, kind, key, error, tries, next from flow_errand
		where merchant = $1 and state = 'parked' order by id limit $2`
	sqlParkedCount = `-- whole merchant: what is parked is little, or there is trouble
		select (select count(*) from flow_parked where merchant = $1) +
			(select count(*) from flow_errand where merchant = $1 and state = 'parked')`
)

// ParkedOf lists the parked reactions of a merchant, the oldest first.
func ParkedOf(tx *db.Tx, m ident.Merchant, limit int) ([]Parked, error) {
	return db.All(tx, sqlParkedOf, scanParked, m, limit)
}

// ParkedErrandsOf lists the parked errands of a merchant, the oldest first.
func ParkedErrandsOf(tx *db.Tx, m ident.Merchant, limit int) ([]ParkedErrand, error) {
	return db.All(tx, sqlParkedErrandsOf, scanParkedErrand, m, limit)
}

// ParkedCount is how much work of a merchant failed and waits for a person.
func ParkedCount(tx *db.Tx, m ident.Merchant) (int, error) {
	n, _, err := db.One(tx, sqlParkedCount, db.Scalar[int], m)
	return n, err
}

// Facts reads facts by id, in order of emission; those the merchant does not
// have are not in the answer.
func Facts(tx *db.Tx, m ident.Merchant, ids []ident.Fact) ([]Fact, error) { return facts(tx, m, ids) }

func scanParked(r db.Row) (p Parked, err error) {
	err = r.Scan(&p.Merchant, &p.Fact, &p.Route, &p.Error, &p.Since, &p.Tries)
	return p, err
}

func scanParkedErrand(r db.Row) (p ParkedErrand, err error) {
	err = r.Scan(&p.Merchant, &p.ID, &p.Kind, &p.Key, &p.Error, &p.Tries, &p.Next)
	return p, err
}
