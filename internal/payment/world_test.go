package payment_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/payment/offline"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

const camille ident.Shopper = "shp_camille"

func eur(minor int64) money.Amount { return money.Of(minor, money.EUR) }

// shop is a merchant that pays back itself.
type shop struct {
	*flowtest.World
	m       ident.Merchant
	orders  int
	decided int
	emitted int
}

func newShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{World: flowtest.New(
		t,
		flow.Reaction{
			On: "returns.decided", Name: "payment.Pay", Mode: flow.Must, Run: payment.Pay,
			Emits: []fact.Kind{"payment.refund_ordered", "payment.credit_given"},
		},
		flow.Reaction{On: "order.cancelled", Name: "payment.GiveBack", Mode: flow.May, Run: payment.GiveBack, Emits: []fact.Kind{"payment.credit_given"}},
	)}
	d := payment.Desk{Flow: s.Flow, Providers: map[payment.Provider]payment.Refunder{payment.Offline: offline.Provider{}}}
	s.Handle(d.Executor())
	s.Watch(payment.Looks())
	err := s.Write(context.Background(), "test", nil, func(tx *flow.Tx) error {
		o, err := merchant.Create(tx, merchant.NewOrganisation{
			Kind: merchant.Merchant, Name: "Épicerie", Country: "FR", Zone: "Europe/Paris", Locale: lang.French, Currency: money.EUR,
		})
		s.m = o.ID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// place places an order of two bottles at 15.00, delivered for 5.90.
func (s *shop) place() (o order.Order) {
	s.T.Helper()
	s.orders++
	reference := fmt.Sprintf("E-%d", s.orders)
	s.Do(s.m, func(tx *flow.Tx) (err error) {
		o, _, err = order.Place(tx, s.m, order.New{
			Reference: reference, Shopper: camille, Locale: lang.French, Currency: money.EUR, Fingerprint: "f",
			Lines:       []order.Line{{SKU: "huile", Name: "Huile d'olive", Units: 2, Unit: eur(1500), Grams: 900}},
			DeliveryFee: eur(590),
			Ship:        order.Address{Name: "Camille", Street: "1 rue Haute", Postcode: "75011", City: "Paris", Country: "FR"},
		})
		return err
	})
	return o
}

// decision is a return of an order accepted: so much for its goods.
func (s *shop) decision(o order.Order, minor int64) fact.ReturnDecided {
	s.decided++
	return fact.ReturnDecided{
		Sendback: fact.Sendback{Return: ident.Return(fmt.Sprintf("ret_%d", s.decided)), Order: o.ID, Shopper: camille},
		Decision: ident.Decision(fmt.Sprintf("dec_%d", s.decided)), Sequence: 1, Outcome: fact.InPart, Settlement: fact.Refund,
		Amount: eur(minor), Lines: []fact.RefundLine{{Line: o.Lines[0].ID, Units: 1, Amount: eur(minor)}},
	}
}

func (s *shop) decide(d fact.ReturnDecided) error {
	s.emitted++
	n := s.emitted
	return s.Try(s.m, func(tx *flow.Tx) error { return tx.Emit(s.m, string(d.Order), fmt.Sprintf("%s %d", d.Decision, n), d) })
}

// said is the refunds of an order, one line each.
func (s *shop) said(o ident.Order) (lines []string) {
	s.T.Helper()
	for _, r := range s.refunds(o) {
		lines = append(lines, fmt.Sprintf("%s %v + %v", r.State, r.Money, r.Credit))
	}
	return lines
}

func (s *shop) refunds(o ident.Order) (rs []payment.Refund) {
	s.T.Helper()
	s.See(func(tx *db.Tx) error {
		of, err := payment.OfOrders(tx, s.m, []ident.Order{o})
		rs = of[o]
		return err
	})
	return rs
}

func (s *shop) balance() (a money.Amount) {
	s.T.Helper()
	s.See(func(tx *db.Tx) (err error) {
		a, err = payment.Balance(tx, s.m, camille, money.EUR)
		return err
	})
	return a
}

func (s *shop) spend(o ident.Order, minor int64) error {
	return s.Try(s.m, func(tx *flow.Tx) error { return payment.Spend(tx, s.m, camille, o, eur(minor)) })
}

// codes are the faults of an error, with their fields.
func codes(err error) string {
	var all []string
	for _, f := range fault.All(err) {
		all = append(all, strings.TrimSpace(f.Code+" "+f.Field))
	}
	if err != nil && all == nil {
		return err.Error()
	}
	return strings.Join(all, ", ")
}
