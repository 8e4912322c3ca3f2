package order

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// New is an order to place.
type New struct {
	Reference   string // the merchant's, up to 100 characters, one of a kind per merchant
	Shopper     ident.Shopper
	Locale      lang.Locale
	Currency    money.Currency
	Lines       []Line       // goods: SKU, Name, Units, Unit, Grams; the rest is ours to set
	DeliveryFee money.Amount // becomes the line of delivery
	Service     ident.Service
	Point       ident.Point // where it is collected; empty: at the door
	Ship        Address
	Bill        Address                  // zero: none but Ship
	Fingerprint string                   // of the whole request: how a repetition is told from a contradiction
	LinkHash    func(ident.Order) string // hash of the secret that opens the order's page; may be nil
}

// Place writes an order with what was captured for it. A reference placed
// before, with the same fingerprint, answers the order as it stands, and fresh
// is false: placing twice is placing once, also at the same instant.
//
// The fault of the same reference with another fingerprint is
// order_reference_conflict. All broken fields are told together: field_required,
// field_too_long, invalid_utf8, unknown_locale, unknown_currency,
// unknown_country, postcode_invalid, negative_quantity (units below 1),
// negative_amount, negative_weight, number_too_large, currency_mismatch,
// amount_overflow, too_many_lines, line_kind_misplaced.
func Place(tx *flow.Tx, m ident.Merchant, in New) (o Order, fresh bool, err error) {
	o, bill, err := in.check()
	if err != nil {
		return Order{}, false, err
	}
	o.ID, o.Placed = ident.New[ident.Order](tx.Mint), tx.Now
	link := ""
	if in.LinkHash != nil {
		link = in.LinkHash(o.ID)
	}
	_, fresh, err = db.One(tx.Tx, sqlPlace, db.Scalar[ident.Order], m, o.ID, o.Reference, in.Fingerprint, link,
		o.Shopper, o.Locale, o.Service, o.Point, o.Currency, o.Value.Minor, o.Delivery.Minor, o.Placed)
	if err != nil {
		return Order{}, false, err
	}
	if !fresh {
		o, _, err = Repeated(tx.Tx, m, o.Reference, in.Fingerprint)
		return o, false, err
	}
	if err := writeParts(tx, m, &o, bill); err != nil {
		return Order{}, false, err
	}
	return o, true, tx.Emit(m, string(o.ID), string(o.ID), fact.OrderPlaced{
		Order: o.ID, Shopper: o.Shopper, Value: o.Value, Delivery: o.Delivery, Point: o.Point,
	})
}

// Repeated is the order that was placed under a reference, with its lines, when
// this request repeats it; false when the reference is free. The fault of the
// same reference with another fingerprint is order_reference_conflict.
func Repeated(tx *db.Tx, m ident.Merchant, reference, fingerprint string) (o Order, ok bool, err error) {
	before, ok, err := db.One(tx, sqlFingerprint, db.Scalar[string], m, reference)
	if err != nil || !ok {
		return Order{}, false, err
	}
	if before != fingerprint {
		return Order{}, false, fault.New(fault.Conflict, "order_reference_conflict", "reference", "reference", reference)
	}
	if o, ok, err = ByReference(tx, m, reference); err != nil || !ok {
		return Order{}, false, err
	}
	o.Lines, err = Lines(tx, m, o.ID)
	return o, true, err
}

// writeParts names the lines and writes them with the addresses.
func writeParts(tx *flow.Tx, m ident.Merchant, o *Order, bill Address) error {
	if err := writeAddress(tx, m, o.ID, "ship", o.Ship); err != nil {
		return err
	}
	if bill != (Address{}) {
		if err := writeAddress(tx, m, o.ID, "bill", bill); err != nil {
			return err
		}
	}
	for i := range o.Lines {
		l := &o.Lines[i]
		l.ID = ident.New[ident.Line](tx.Mint)
		traits, err := l.Traits.column()
		if err != nil {
			return err
		}
		err = tx.Do(sqlInsertLine, m, o.ID, l.ID, l.Kind, l.SKU, l.Name, l.Units, l.Unit.Minor, l.Captured.Minor, o.Currency, l.Grams, traits)
		if err != nil {
			return err
		}
	}
	return nil
}

func writeAddress(tx *flow.Tx, m ident.Merchant, o ident.Order, purpose string, a Address) error {
	return tx.Do(sqlInsertAddress, m, o, purpose, a.Name, a.Street, a.Extra, a.Postcode, a.City, a.Country, a.Phone)
}

// Cancel takes an order back, on behalf of its merchant or its shopper.
// Cancelling again changes nothing. Whether the parcel has left already is not
// known here: the door asks the room of tracking first. The faults are
// not_found and canceller_unknown.
func Cancel(tx *flow.Tx, m ident.Merchant, id ident.Order, by fact.Party) error {
	if !slices.Contains([]fact.Party{fact.ByMerchant, fact.ByShopper}, by) {
		return fault.New(fault.Invalid, "canceller_unknown", "by", "value", string(by))
	}
	shopper, cancelled, err := db.One(tx.Tx, sqlCancel, db.Scalar[ident.Shopper], m, id, tx.Now, by)
	if err != nil {
		return err
	}
	if !cancelled {
		_, err := Get(tx.Tx, m, id)
		return err
	}
	return tx.Emit(m, string(id), string(id), fact.OrderCancelled{Order: id, Shopper: shopper, By: by})
}
