package carrier

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	sqlLabelDocuments = `select document from carrier_label where merchant = $1 and key in ($2) and document <> ''`
	sqlEraseLabels    = `update carrier_label set document = '', code = '', refusal = '' where merchant = $1 and key in ($2)`
	sqlEraseInquiries = `update carrier_inquiry set answer = '' where merchant = $1 and order_id in ($2)`
)

// EraseLabels takes the paper out of the labels of keys, which bear names and
// addresses, and what carriers wrote when they refused one. It answers the documents.
// The numbers stay.
func EraseLabels(tx *flow.Tx, m ident.Merchant, keys []string) (documents []ident.Blob, err error) {
	if documents, err = db.All(tx.Tx, sqlLabelDocuments, db.Scalar[ident.Blob], m, db.In(keys)); err != nil {
		return nil, err
	}
	return documents, tx.Do(sqlEraseLabels, m, db.In(keys))
}

// EraseInquiries takes out what carriers answered, in words, about orders.
func EraseInquiries(tx *flow.Tx, m ident.Merchant, ids []ident.Order) error {
	return tx.Do(sqlEraseInquiries, m, db.In(ids))
}
