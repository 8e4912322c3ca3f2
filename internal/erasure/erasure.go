// Package erasure takes one shopper's name, addresses, words, photos and papers out
// of all rooms of one shop, and leaves what the law and the accounts need: ids,
// amounts, instants, promises and their verdicts, the ledger.
//
// It stores nothing of its own. It stands above the sisters because none of them may
// name another's table: each room has a verb Erase, and this package calls them all,
// in one transaction for the first 500 orders and by an errand for each 500 after
// that. It emits order.erased and, at the end, shopper.erased through the rooms.
//
// It also empties, shop by shop, what grew old (keep.go): payloads of carriers that
// were understood, mails as they came, photos that no row speaks of.
//
// It deliberately erases nothing while something is under way: a parcel can not be
// delivered without its address, nor money given back to nobody. What is under way,
// and until when at most, is what UnderWay answers. It writes no letter and knows
// nobody's mailbox: a door that erases tells the shopper.
package erasure

import (
	"context"
	"slices"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/survey"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// atOnce is how many orders one transaction erases.
const atOnce = 500

// Erase takes a shopper's personal data out of a shop and answers who it was, for a
// last letter. To erase again changes nothing. The faults are not_found, and while
// something is under way erasure_waits, followed by what that is: erasure_delivery,
// erasure_answer, erasure_return or erasure_refund, each at its order, with until when.
func Erase(tx *flow.Tx, m ident.Merchant, s ident.Shopper) (was shopper.Contact, err error) {
	holds, err := UnderWay(tx.Tx, m, s)
	if err != nil {
		return was, err
	}
	if len(holds) > 0 {
		return was, waits(holds, tx.Now)
	}
	return Again(tx, m, s)
}

// Again erases somebody who was erased before and is back, as after a backup was
// restored: what seems to be under way there was over when they were. The fault is
// not_found.
func Again(tx *flow.Tx, m ident.Merchant, s ident.Shopper) (was shopper.Contact, err error) {
	if was, err = shopper.Erase(tx, m, s); err != nil {
		return was, err
	}
	if err := ofThemselves(tx, m, was); err != nil {
		return was, err
	}
	return was, page(tx, m, progress{Shopper: s})
}

// ofThemselves erases what is known of a shopper apart from their orders.
func ofThemselves(tx *flow.Tx, m ident.Merchant, was shopper.Contact) error {
	if err := notify.Erase(tx, m, was.ID); err != nil {
		return err
	}
	photos, err := desk.Erase(tx, m, was.ID)
	if err != nil {
		return err
	}
	if err := blob.Erase(tx, m, photos); err != nil {
		return err
	}
	if err := blob.EraseAbout(tx, m, was.ID); err != nil {
		return err
	}
	if err := relay.Erase(tx, m, was.ID); err != nil {
		return err
	}
	if was.Email != "" {
		if err := ofAddress(tx, m, shopper.Fold(was.Email)); err != nil {
			return err
		}
	}
	return flow.Hush(tx, m, []string{string(was.ID)}, []string{was.Email, was.Name, was.Phone})
}

// ofAddress erases what nobody noted the shopper of, and names their address.
func ofAddress(tx *flow.Tx, m ident.Merchant, folded string) error {
	if err := returns.ErasePublic(tx, m, folded); err != nil {
		return err
	}
	photos, err := desk.EraseNamed(tx, m, folded)
	if err != nil {
		return err
	}
	if err := blob.Erase(tx, m, photos); err != nil {
		return err
	}
	return blob.EraseMail(tx, m, folded)
}

// RestErrand erases the orders that one transaction does not.
const RestErrand = "erasure.Rest"

// progress is how far an erasure came.
type progress struct {
	Shopper ident.Shopper `json:"shopper"`
	After   ident.Order   `json:"after"`
	Orders  int           `json:"orders"`
}

// page erases one page of orders, and has the next one done.
func page(tx *flow.Tx, m ident.Merchant, at progress) error {
	some, err := order.OfShopper(tx.Tx, m, at.Shopper, order.Page{After: at.After, Limit: atOnce})
	if err != nil {
		return err
	}
	ids := make([]ident.Order, len(some))
	for i, o := range some {
		ids[i] = o.ID
	}
	if err := ofOrders(tx, m, at.Shopper, ids); err != nil {
		return err
	}
	at.Orders += len(ids)
	if len(ids) < atOnce {
		return shopper.Erased(tx, m, at.Shopper, at.Orders)
	}
	at.After = ids[len(ids)-1]
	return tx.Enqueue(m, RestErrand, string(at.Shopper)+"/"+string(at.After), at)
}

// Errand carries an erasure on.
func Errand() flow.Errander {
	return flow.Errander{Kind: RestErrand, Tries: 20, Run: func(_ context.Context, e flow.Errand) (flow.Settle, error) {
		var at progress
		if err := e.Decode(&at); err != nil {
			return nil, flow.Final{Err: err}
		}
		return func(tx *flow.Tx) error { return page(tx, e.Merchant, at) }, nil
	}}
}

// ofOrders erases what is personal about orders.
func ofOrders(tx *flow.Tx, m ident.Merchant, s ident.Shopper, ids []ident.Order) error {
	if len(ids) == 0 {
		return nil
	}
	of, err := order.Parcels(tx.Tx, m, ids)
	if err != nil {
		return err
	}
	var parcels []ident.Parcel
	for _, id := range ids {
		for _, p := range of[id] {
			parcels = append(parcels, p.ID)
		}
	}
	if err := tracking.Erase(tx, m, parcels); err != nil {
		return err
	}
	if err := ofReturns(tx, m, ids); err != nil {
		return err
	}
	pictures, err := lastmile.Erase(tx, m, ids)
	if err != nil {
		return err
	}
	if err := blob.Erase(tx, m, pictures); err != nil {
		return err
	}
	for _, erase := range []func(*flow.Tx, ident.Merchant, []ident.Order) error{survey.Erase, payment.Erase, carrier.EraseInquiries} {
		if err := erase(tx, m, ids); err != nil {
			return err
		}
	}
	if err := order.Erase(tx, m, s, ids); err != nil {
		return err
	}
	return flow.Hush(tx, m, texts(ids), nil)
}

// ofReturns erases the returns of orders, with the labels in the carriers' book.
func ofReturns(tx *flow.Tx, m ident.Merchant, ids []ident.Order) error {
	documents, keys, err := returns.Erase(tx, m, ids)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(keys, atOnce) {
		more, err := carrier.EraseLabels(tx, m, part)
		if err != nil {
			return err
		}
		documents = append(documents, more...)
	}
	if err := blob.Erase(tx, m, documents); err != nil {
		return err
	}
	return flow.Hush(tx, m, keys, nil)
}

func texts[T ~string](ids []T) []string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = string(id)
	}
	return all
}
