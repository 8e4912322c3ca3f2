package api

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Payment is by what means an order was paid, as far as giving back needs it.
type Payment struct {
	Provider  payment.Provider `json:"provider" enum:"offline,stripe" doc:"offline: the shop pays back itself, and confirms it."`
	Reference string           `json:"reference,omitempty" doc:"The provider's own name of the capture: pi_… or ch_…"`
	Label     string           `json:"label,omitempty" doc:"For people, masked: Visa •••• 4242."`
}

type paymentIn struct {
	ID   ident.Order `path:"id"`
	Body Payment
}

func setPayment(_ *API, tx *flow.Tx, c call, in *paymentIn) (reply[Payment], error) {
	if err := payment.Captured(tx, c.Merchant, in.ID, payment.Means(in.Body)); err != nil {
		return reply[Payment]{}, err
	}
	means, err := payment.MeansOf(tx.Tx, c.Merchant, in.ID)
	return ok(Payment(means)), err
}

func getPayment(_ *API, tx *db.Tx, c call, in *orderPath) (Payment, error) {
	if _, err := order.Get(tx, c.Merchant, in.ID); err != nil {
		return Payment{}, err
	}
	means, err := payment.MeansOf(tx, c.Merchant, in.ID)
	return Payment(means), err
}

// Refund is what is given back for one decision.
type Refund struct {
	ID         ident.Refund     `json:"id"`
	Decision   ident.Decision   `json:"decision"`
	Return     ident.Return     `json:"return"`
	Order      ident.Order      `json:"order"`
	Shopper    ident.Shopper    `json:"shopper"`
	Settlement fact.Settlement  `json:"settlement" enum:"refund,credit"`
	Provider   payment.Provider `json:"provider,omitempty" enum:"offline,stripe" doc:"Left out when all of it is store credit."`
	Capture    string           `json:"capture,omitempty" doc:"What is given back of, by the provider's own name."`
	Money      money.Amount     `json:"money" doc:"By the means that paid."`
	Credit     money.Amount     `json:"credit" doc:"As store credit: chosen, or because credit had paid."`
	Lines      []PaidLine       `json:"lines"`
	State      payment.State    `json:"state" enum:"ordered,sent,asked,pending,unknown,stuck,done" doc:"asked: the shop is to pay it, and to confirm; stuck: a person must look."`
	Why        string           `json:"why,omitempty" doc:"Of a stuck one."`
	Reference  string           `json:"reference,omitempty" doc:"The provider's, or the shop's."`
	OrderedAt  civil.Instant    `json:"ordered_at"`
	Due        civil.Instant    `json:"due,omitzero" doc:"Exclusive."`
	DoneAt     civil.Instant    `json:"done_at,omitzero" doc:"By the provider's word."`
	ArrivesBy  *civil.Day       `json:"arrives_by,omitempty" doc:"By when banks usually have booked it."`
}

// showRefunds shows refunds with their lines.
func showRefunds(tx *db.Tx, m ident.Merchant, refunds []payment.Refund) ([]Refund, error) {
	lines, err := payment.Lines(tx, m, mapped(refunds, func(r payment.Refund) ident.Refund { return r.ID }))
	return mapped(refunds, func(r payment.Refund) Refund {
		return Refund{
			ID: r.ID, Decision: r.Decision, Return: r.Return, Order: r.Order, Shopper: r.Shopper, Settlement: r.Settlement,
			Provider: r.Provider, Capture: r.Capture, Money: r.Money, Credit: r.Credit,
			Lines: mapped(lines[r.ID], func(l payment.Line) PaidLine { return PaidLine(l) }), State: r.State, Why: r.Why,
			Reference: r.Reference, OrderedAt: r.Ordered, Due: r.Due, DoneAt: r.Done, ArrivesBy: optional(r.ArrivesBy),
		}
	}), err
}

type refundsIn struct {
	Paging
	State payment.State `query:"state" enum:"asked,stuck" doc:"Of those that wait; both when left out."`
	Order ident.Order   `query:"order" doc:"All refunds of an order, in any state, instead."`
}

// listRefunds is what the shop has to do: pay, and look.
func listRefunds(_ *API, tx *db.Tx, c call, in *refundsIn) (out List[Refund], err error) {
	page := func() ([]payment.Refund, error) { return waitingRefunds(tx, c.Merchant, in) }
	if in.Order != "" {
		page = func() ([]payment.Refund, error) { return refundsOf(tx, c.Merchant, in) }
	}
	all, err := page()
	if err != nil {
		return out, err
	}
	if len(all) > in.Limit {
		all = all[:in.Limit]
		out.Next = string(all[in.Limit-1].ID)
	}
	out.Items, err = showRefunds(tx, c.Merchant, all)
	return out, err
}

// refundsOf are those of an order. Nobody has so many that they need pages.
func refundsOf(tx *db.Tx, m ident.Merchant, in *refundsIn) (all []payment.Refund, err error) {
	if _, err := order.Get(tx, m, in.Order); err != nil {
		return nil, err
	}
	of, err := payment.OfOrders(tx, m, []ident.Order{in.Order})
	in.Limit = len(of[in.Order])
	for _, r := range of[in.Order] {
		if in.State == "" || r.State == in.State {
			all = append(all, r)
		}
	}
	return all, err
}

// waitingRefunds are those that wait for a person, one more than the limit.
func waitingRefunds(tx *db.Tx, m ident.Merchant, in *refundsIn) (all []payment.Refund, err error) {
	id, err := after[ident.Refund](in.Paging)
	if err != nil {
		return nil, err
	}
	var last payment.Refund
	if id != "" {
		if last, err = payment.Get(tx, m, id); fault.Is(err, "not_found") {
			return nil, fault.New(fault.Invalid, "parameter_invalid", "after", "value", in.After)
		} else if err != nil {
			return nil, err
		}
	}
	for {
		some, err := payment.Waiting(tx, m, last, in.Limit+1)
		if err != nil {
			return nil, err
		}
		for _, r := range some {
			if in.State == "" || r.State == in.State {
				all = append(all, r)
			}
		}
		if len(some) <= in.Limit || len(all) > in.Limit {
			return all, nil
		}
		last = some[len(some)-1]
	}
}

type refundPath struct {
	ID ident.Refund `path:"id"`
}

func getRefund(_ *API, tx *db.Tx, c call, in *refundPath) (Refund, error) {
	return refundNow(nil, tx, c, in.ID)
}

func refundNow(_ *API, tx *db.Tx, c call, id ident.Refund) (Refund, error) {
	r, err := payment.Get(tx, c.Merchant, id)
	if err != nil {
		return Refund{}, err
	}
	all, err := showRefunds(tx, c.Merchant, []payment.Refund{r})
	return all[0], err
}

// PaidBack is a refund that was carried out.
type PaidBack struct {
	Reference string        `json:"reference" doc:"What the shop's books or the provider call it."`
	At        civil.Instant `json:"at,omitzero" doc:"When; now when left out."`
}

type paidBackIn struct {
	ID   ident.Refund `path:"id"`
	Body PaidBack
}

func confirmRefund(_ *API, tx *flow.Tx, c call, in *paidBackIn) (reply[Refund], error) {
	at := in.Body.At
	if at == 0 {
		at = tx.Now
	}
	if err := payment.Confirm(tx, c.Merchant, in.ID, at, in.Body.Reference); err != nil {
		return reply[Refund]{}, err
	}
	r, err := refundNow(nil, tx.Tx, c, in.ID)
	return ok(r), err
}
