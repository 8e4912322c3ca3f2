package payment

import (
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Lengths, in characters.
const (
	maxReference = 255
	maxLabel     = 60
)

// Captured notes by what means an order was paid, in place of what was noted
// before. Refunds ordered already go on by the means they began with. How much
// was captured stands in the order's lines.
//
// The faults are not_found, payment_provider_unknown, field_required (the capture
// of a provider that is not the shop itself), field_too_long, invalid_utf8 and
// payment_label_unmasked: a label that carries a card's number.
func Captured(tx *flow.Tx, m ident.Merchant, o ident.Order, in Means) error {
	in.Reference, in.Label = strings.TrimSpace(in.Reference), strings.TrimSpace(in.Label)
	if err := in.Check(); err != nil {
		return err
	}
	if _, err := order.Get(tx.Tx, m, o); err != nil {
		return err
	}
	return tx.Do(sqlSetMeans, m, o, in.Provider, in.Reference, in.Label, tx.Now)
}

// Check tells all that is wrong with means, as Captured would: for a door that
// takes them with an order.
func (in Means) Check() error {
	var faults fault.List
	if !slices.Contains(Providers, in.Provider) {
		faults.Add(fault.Invalid, "payment_provider_unknown", "provider", "value", string(in.Provider))
	}
	check := text.Check
	if in.Provider != Offline {
		check = text.Required
	}
	check(&faults, "reference", in.Reference, maxReference)
	text.Check(&faults, "label", in.Label, maxLabel)
	if digits(in.Label) > 8 {
		faults.Add(fault.Invalid, "payment_label_unmasked", "label")
	}
	return faults.Err()
}

func digits(s string) (n int) {
	for _, c := range s {
		if c >= '0' && c <= '9' {
			n++
		}
	}
	return n
}

// MeansOf reads by what means an order was paid; Offline without a label when
// nobody said.
func MeansOf(tx *db.Tx, m ident.Merchant, o ident.Order) (Means, error) {
	means, ok, err := db.One(tx, sqlMeans, scanMeans, m, o)
	if err == nil && !ok {
		means.Provider = Offline
	}
	return means, err
}
