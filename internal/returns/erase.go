package returns

import (
	"encoding/json"
	"fmt"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	sqlContested = `-- whole merchant: the disputes that are not settled, by an index of them alone
		select distinct r.order_id, r.shopper from returns_dispute d join returns_return r on r.merchant = d.merchant and r.id = d.return_id
		where d.merchant = $1 and d.state in ('open', 'asked')`

	sqlReturnIDs = `select id from returns_return where merchant = $1 and order_id in ($2)`

	sqlEraseItems    = `update returns_item set comment = '', photos = '[]' where merchant = $1 and return_id in ($2)`
	sqlEraseFindings = `update returns_finding set note = '', photos = '[]' where merchant = $1 and return_id in ($2)`
	sqlEraseSaid     = `update returns_said set words = '', photos = '[]' where merchant = $1 and dispute in (
		select id from returns_dispute where merchant = $1 and return_id in ($2))`
	sqlEraseLabels  = `update returns_label set document = '', code = '', refusal = '' where merchant = $1 and return_id in ($2)`
	sqlEraseStrays  = `update returns_stray set note = '', photos = '[]' where merchant = $1 and return_id in ($2) and return_id <> ''`
	sqlEraseSeconds = `update returns_second set reason = '' where merchant = $1 and return_id in ($2)`
	sqlEraseReasons = `update returns_decision set reasons = $3 where merchant = $1 and id = $2`

	sqlItemPhotos    = `select photos from returns_item where merchant = $1 and return_id in ($2)`
	sqlFindingPhotos = `select photos from returns_finding where merchant = $1 and return_id in ($2)`
	sqlSaidPhotos    = `select photos from returns_said where merchant = $1 and dispute in (
		select id from returns_dispute where merchant = $1 and return_id in ($2))`
	sqlStrayPhotos = `select photos from returns_stray where merchant = $1 and return_id in ($2) and return_id <> ''`
	sqlLabelFiles  = `select document from returns_label where merchant = $1 and return_id in ($2) and document <> ''`

	// The hash stays: whoever has the statement can still prove what it said.
	sqlEraseWithdrawals = `update returns_withdrawal set name = '', contract = '', email = '', statement = ''
		where merchant = $1 and order_id in ($2)`
	sqlErasePublic = `update returns_withdrawal set name = '', contract = '', email = '', statement = ''
		where merchant = $1 and lower(email) = $2 and order_id = '' and acknowledged is not null`
	sqlEraseDemands = `update returns_demand set statement = '' where merchant = $1 and order_id in ($2)`
)

// Erase takes what people wrote, and the photos and papers, out of the returns and
// withdrawals of orders. It answers the documents, and the keys by which the
// carrier's book knows the labels. What came back, what was decided and what was paid
// stay.
func Erase(tx *flow.Tx, m ident.Merchant, orders []ident.Order) (documents []ident.Blob, labels []string, err error) {
	for _, q := range []string{sqlEraseWithdrawals, sqlEraseDemands} {
		if err := tx.Do(q, m, db.In(orders)); err != nil {
			return nil, nil, err
		}
	}
	ids, err := db.All(tx.Tx, sqlReturnIDs, db.Scalar[ident.Return], m, db.In(orders))
	if err != nil || len(ids) == 0 {
		return nil, nil, err
	}
	if documents, err = papers(tx.Tx, m, ids); err != nil {
		return nil, nil, err
	}
	more, err := eraseReasons(tx, m, ids)
	if err != nil {
		return nil, nil, err
	}
	for _, q := range []string{sqlEraseItems, sqlEraseFindings, sqlEraseSaid, sqlEraseLabels, sqlEraseStrays, sqlEraseSeconds} {
		if err := tx.Do(q, m, db.In(ids)); err != nil {
			return nil, nil, err
		}
	}
	return append(documents, more...), labelKeys(ids), nil
}

// ErasePublic takes out of the withdrawals that name no order of ours what somebody
// with an address wrote. What is not acknowledged yet waits for it.
func ErasePublic(tx *flow.Tx, m ident.Merchant, folded string) error {
	return tx.Do(sqlErasePublic, m, folded)
}

// Matter is something that people have not done with: whose it is, and about which order.
type Matter struct {
	Order   ident.Order
	Shopper ident.Shopper
}

// Contested lists what the disputes that are not settled are about.
func Contested(tx *db.Tx, m ident.Merchant) ([]Matter, error) {
	return db.All(tx, sqlContested, func(r db.Row) (of Matter, err error) {
		err = r.Scan(&of.Order, &of.Shopper)
		return of, err
	}, m)
}

// papers are the photos and labels of returns.
func papers(tx *db.Tx, m ident.Merchant, ids []ident.Return) (all []ident.Blob, err error) {
	for _, q := range []string{sqlItemPhotos, sqlFindingPhotos, sqlSaidPhotos, sqlStrayPhotos} {
		lists, err := db.All(tx, q, db.Scalar[string], m, db.In(ids))
		if err != nil {
			return nil, err
		}
		for _, list := range lists {
			var some []ident.Blob
			if err := json.Unmarshal([]byte(list), &some); err != nil {
				return nil, fmt.Errorf("photos of returns: %w", err)
			}
			all = append(all, some...)
		}
	}
	labels, err := db.All(tx, sqlLabelFiles, db.Scalar[ident.Blob], m, db.In(ids))
	return append(all, labels...), err
}

// eraseReasons leaves of the reasons of decisions their codes, and answers the photos.
func eraseReasons(tx *flow.Tx, m ident.Merchant, ids []ident.Return) (photos []ident.Blob, err error) {
	all, err := db.All(tx.Tx, sqlDecisions, scanDecision, m, db.In(ids))
	for _, d := range all {
		if err != nil {
			return nil, err
		}
		for i, b := range d.Reasons {
			photos = append(photos, b.Photos...)
			d.Reasons[i] = Because{Line: b.Line, Code: b.Code}
		}
		var reasons []byte
		if reasons, err = json.Marshal(d.Reasons); err == nil {
			err = tx.Do(sqlEraseReasons, m, d.ID, string(reasons))
		}
	}
	return photos, err
}

func labelKeys(ids []ident.Return) (keys []string) {
	for _, id := range ids {
		for _, f := range carrier.LabelFormats {
			keys = append(keys, labelKey(id, f))
		}
	}
	return keys
}
