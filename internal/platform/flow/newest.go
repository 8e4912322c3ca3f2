package flow

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Subject is whose timeline something stands on.
type Subject struct {
	Merchant ident.Merchant
	Name     string // as facts name it: the id of an order, a shopper, an organisation
}

const sqlNewest = `select v.column1, v.column2,
	coalesce((select f.id from flow_fact f where f.merchant = v.column1 and f.subject = v.column2 order by f.id desc limit 1), '')
	from (values {$1: text, text}) as v`

// Newest reads the last fact of each subject: as long as it is the same, nothing
// was told of the subject. Subjects without facts are not in the answer.
func Newest(tx *db.Tx, of []Subject) (map[Subject]ident.Fact, error) {
	if len(of) == 0 {
		return nil, nil
	}
	rows := make([][]any, len(of))
	for i, s := range of {
		rows[i] = []any{s.Merchant, s.Name}
	}
	type last struct {
		Subject
		fact ident.Fact
	}
	found, err := db.All(tx, sqlNewest, func(r db.Row) (l last, err error) {
		err = r.Scan(&l.Merchant, &l.Name, &l.fact)
		return l, err
	}, db.Rows(rows))
	newest := make(map[Subject]ident.Fact, len(found))
	for _, l := range found {
		if l.fact != "" {
			newest[l.Subject] = l.fact
		}
	}
	return newest, err
}
