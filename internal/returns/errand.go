package returns

import (
	"context"
	"errors"
	"fmt"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// The errands that call carriers.
const (
	LabelErrand = "returns.Label"
	VoidErrand  = "returns.Void"
)

// labelling is the body of both.
type labelling struct {
	Return ident.Return        `json:"return"`
	Format carrier.LabelFormat `json:"format"`
}

// How often a carrier is asked before a person looks.
const (
	labelTries = 8
	voidTries  = 12
)

// Errands are those of the room, carried out over an issuer of labels.
func Errands(i *carrier.Issuer) []flow.Errander {
	return []flow.Errander{
		{
			Kind: LabelErrand, Tries: labelTries,
			Run:  func(ctx context.Context, e flow.Errand) (flow.Settle, error) { return makeLabel(ctx, i, e) },
			Gone: giveUp,
		},
		{Kind: VoidErrand, Tries: voidTries, Run: func(ctx context.Context, e flow.Errand) (flow.Settle, error) {
			err := i.Void(ctx, e.Merchant, e.Key)
			if fault.Is(err, "not_found") {
				err = nil // it was never made
			}
			return nil, mend(err)
		}},
	}
}

// makeLabel asks the carrier for the label of a return.
func makeLabel(ctx context.Context, i *carrier.Issuer, e flow.Errand) (flow.Settle, error) {
	var what labelling
	if err := e.Decode(&what); err != nil {
		return nil, flow.Final{Err: err}
	}
	var r Return
	var request carrier.LabelRequest
	err := i.Flow.Read(ctx, func(tx *db.Tx) (err error) {
		if r, err = Get(tx, e.Merchant, what.Return); err != nil {
			return err
		}
		request, err = r.request(tx, e.Merchant, what.Format)
		return err
	})
	if err != nil {
		return nil, mend(err)
	}
	if r.State != Accepted && r.State != Ready {
		return nil, nil // it was taken back meanwhile
	}
	l, err := i.Label(ctx, e.Merchant, r.Connection, request)
	if err != nil {
		return nil, mend(err)
	}
	return func(tx *flow.Tx) error { return issued(tx, e.Merchant, r.ID, l) }, nil
}

// mend makes errors that no further try can mend final: a refusal for good, and
// every fault but that somebody else is asking.
func mend(err error) error {
	var refusal carrier.Refusal
	switch {
	case err == nil, fault.Is(err, "label_being_made"):
		return err
	case errors.As(err, &refusal):
		if refusal.Final {
			return flow.Final{Err: err}
		}
		return err
	case len(fault.All(err)) > 0:
		return flow.Final{Err: err}
	}
	return err
}

// giveUp records that a label will not be made.
func giveUp(tx *flow.Tx, e flow.Errand, cause error) error {
	var what labelling
	if err := e.Decode(&what); err != nil {
		return err
	}
	said := carrier.RefusalOf(cause)
	words := said.Text
	if words == "" {
		words = said.Code
	}
	return tx.Do(sqlLabelFailed, e.Merchant, what.Return, what.Format, words, tx.Now)
}

// request is all that the carrier is told: a category of goods, never their names.
func (r Return) request(tx *db.Tx, m ident.Merchant, format carrier.LabelFormat) (carrier.LabelRequest, error) {
	o, err := order.Get(tx, m, r.Order)
	if err != nil {
		return carrier.LabelRequest{}, err
	}
	who, err := shopper.Get(tx, m, r.Shopper)
	if err != nil {
		return carrier.LabelRequest{}, err
	}
	c, err := ConditionsOf(tx, m)
	if err != nil {
		return carrier.LabelRequest{}, err
	}
	grams, category, err := r.contents(tx, m)
	if err != nil {
		return carrier.LabelRequest{}, err
	}
	point, err := r.pointCode(tx)
	return carrier.LabelRequest{
		Key: labelKey(r.ID, format), Reference: o.Reference, Route: r.Route, From: carrier.Contact{Address: o.Ship, Email: who.Email},
		To: c.Warehouse, Grams: max(grams, 1), Units: r.Units, Contents: category, Format: format, Point: point, Insured: r.bought(),
		Ready: max(tx.Now.Day(r.zone()), r.Pickup), Until: r.DepositBy,
	}, err
}

// contents is what the articles weigh, and their category.
func (r Return) contents(tx *db.Tx, m ident.Merchant) (grams int, category string, err error) {
	lines, err := order.Lines(tx, m, r.Order)
	if err != nil {
		return 0, "", err
	}
	items, err := Items(tx, m, []ident.Return{r.ID})
	of := map[ident.Line]order.Line{}
	for _, l := range lines {
		of[l.ID] = l
	}
	for _, i := range items[r.ID] {
		grams += of[i.Line].Grams * i.Units
		switch mine := of[i.Line].Traits.Category; {
		case category == "":
			category = mine
		case mine != category:
			category = mixed
		}
	}
	if category == "" {
		category = mixed
	}
	return grams, category, err
}

// mixed is what a carrier is told of goods without one category.
const mixed = "marchandises"

// pointCode is the network's own code of the point chosen.
func (r Return) pointCode(tx *db.Tx) (string, error) {
	if r.Point == "" || r.Route != fact.BackByRelay {
		return "", nil
	}
	p, err := relay.Get(tx, r.Point)
	if err != nil {
		return "", fmt.Errorf("point of return %s: %w", r.ID, err)
	}
	return p.Code, nil
}
