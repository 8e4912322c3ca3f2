package app

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/insight"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/webhook"
)

// seller hears everything, and takes it in every second time.
type seller struct{ heard int }

func (s *seller) RoundTrip(r *http.Request) (*http.Response, error) {
	s.heard++
	return &http.Response{StatusCode: 200 + 300*(s.heard%2), Header: http.Header{}, Body: io.NopCloser(strings.NewReader("")), Request: r}, nil
}

// paidBack is a world in which money went back, in every form, and the seller's
// system heard of it.
func paidBack(t *testing.T) *flowtest.World {
	t.Helper()
	w := flowtest.New(t, slices.Concat(paymentRoutes(), webhookRoutes())...)
	v, err := vault.Parse([]byte(ident.Hash("test")))
	if err != nil {
		t.Fatal(err)
	}
	out := egress.New(egress.Options{Wall: w.Clock().Wall, Transport: &seller{}})
	office := webhook.Office{Flow: w.Flow, Vault: v, Out: out}
	w.Handle(paymentErrand(w.Flow, v, refunders(out, "", w.Clock().Wall)))
	w.Handle(webhookErrand(office))
	for _, s := range slices.Concat(paymentSweeps(), webhookSweeps()) {
		w.Watch(s)
	}
	var m ident.Merchant
	err = w.Write(t.Context(), "test", nil, func(tx *flow.Tx) error {
		o, err := merchant.Create(tx, merchant.NewOrganisation{
			Kind: merchant.Merchant, Name: "Épicerie", Country: "FR", Zone: "Europe/Paris", Locale: lang.French, Currency: money.EUR,
		})
		m = o.ID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Do(m, func(tx *flow.Tx) error {
		_, _, err := office.Open(tx, m, webhook.Endpoint{URL: "https://shop.example/hooks", Kinds: webhook.Kinds})
		return err
	})
	w.Pass(time.Second)
	giveBack(w, m)
	for range 20 {
		w.Pass(10 * time.Minute)
		w.Quiet()
	}
	return w
}

// giveBack has a shopper return two orders: one for money, one for credit, which
// pays a part of a third that comes back too.
func giveBack(w *flowtest.World, m ident.Merchant) {
	w.T.Helper()
	euros := func(minor int64) money.Amount { return money.Of(minor, money.EUR) }
	var camille ident.Shopper
	w.Do(m, func(tx *flow.Tx) (err error) {
		camille, err = shopper.Register(tx, m, shopper.NewShopper{Email: "camille@example.org", Name: "Camille", Locale: lang.French})
		return err
	})
	for n, as := range []fact.Settlement{fact.Refund, fact.Credit, fact.Refund} {
		w.Do(m, func(tx *flow.Tx) error {
			o, _, err := order.Place(tx, m, order.New{
				Reference: fmt.Sprintf("E-%d", n), Shopper: camille, Locale: lang.French, Currency: money.EUR, Fingerprint: "f",
				Lines:       []order.Line{{SKU: "OIL", Name: "huile d'olive", Units: 2, Unit: euros(1500), Grams: 900}},
				DeliveryFee: euros(590),
				Ship:        order.Address{Name: "Camille", Street: "1 rue Haute", Postcode: "75011", City: "Paris", Country: "FR"},
			})
			if err != nil {
				return err
			}
			if n == 2 {
				if err := payment.Spend(tx, m, camille, o.ID, euros(2000)); err != nil {
					return err
				}
			}
			d := fact.ReturnDecided{
				Sendback: fact.Sendback{Return: ident.Return(fmt.Sprintf("ret_%d", n)), Order: o.ID, Shopper: camille},
				Decision: ident.Decision(fmt.Sprintf("dec_%d", n)), Sequence: 1, Outcome: fact.InFull, Settlement: as,
				Amount: euros(3000), Lines: []fact.RefundLine{{Line: o.Lines[0].ID, Units: 2, Amount: euros(3000)}},
			}
			if err := wished(tx, m, d); err != nil {
				return err
			}
			if err := decided(tx, m, d); err != nil {
				return err
			}
			return tx.Emit(m, string(o.ID), string(d.Decision), d)
		})
	}
	w.Quiet()
	w.Do(m, func(tx *flow.Tx) error {
		waiting, err := payment.Waiting(tx.Tx, m, payment.Refund{}, 1)
		if err != nil {
			return err
		}
		return payment.Confirm(tx, m, waiting[0].ID, tx.Now, "V-1")
	})
	w.Do(m, func(tx *flow.Tx) error {
		return tx.Do(`update returns_decision set paid = $2
			where merchant = $1 and id in (select decision from payment_refund where merchant = $1 and state = 'done')`, m, tx.Now)
	})
}

// wished writes the return that a decision is about, as the room of returns does:
// the database may be shared with tests that look at all of it.
func wished(tx *flow.Tx, m ident.Merchant, d fact.ReturnDecided) error {
	err := tx.Do(`insert into returns_return (merchant, id, key, fingerprint, order_id, shopper, ground, route, settlement, state,
			late, legal, units, value, fee, insured, currency, zone, connection, point, parcel, code, withdrawal, transit,
			asked_by, asked, why, doubts, stock, stock_sku, exchanged)
		values ($1, $2, $2, 'f', $3, $4, 'policy', 'keep', $5, 'decided', false, false, 2, $6, 0, 0, $7, 'Europe/Paris', '', '', '', '', '', 0,
			'test', $8, '', '[]', '', '', '')`,
		m, d.Return, d.Order, d.Shopper, d.Settlement, d.Amount.Minor, d.Amount.Currency, tx.Now)
	if err != nil {
		return err
	}
	return tx.Emit(m, string(d.Order), string(d.Return), fact.ReturnRequested{
		Sendback: d.Sendback, Ground: fact.ByPolicy, Route: fact.BackNotNeeded, Settlement: d.Settlement, Units: 2, Value: d.Amount,
	})
}

// decided writes a decision's row, as the room of returns does.
func decided(tx *flow.Tx, m ident.Merchant, d fact.ReturnDecided) error {
	for _, l := range d.Lines {
		err := tx.Do(`insert into returns_decided_line (merchant, decision, line, units, minor) values ($1, $2, $3, $4, $5)`,
			m, d.Decision, l.Line, l.Units, l.Amount.Minor)
		if err != nil {
			return err
		}
	}
	return tx.Do(`insert into returns_decision (merchant, id, return_id, order_id, sequence, state, outcome, settlement, reasons,
			minor, currency, why, decided_by, decided, second_by, final_at)
		values ($1, $2, $3, $4, 1, 'final', $5, $6, '[]', $7, $8, '', 'test', $9, '', $9)`,
		m, d.Decision, d.Return, d.Order, d.Outcome, d.Settlement, d.Amount.Minor, d.Amount.Currency, tx.Now)
}

// moneyBreaks are rows changed by hand, as breaks are.
var moneyBreaks = []struct{ invariant, what, text string }{
	{"I2", "a line that gives back a cent more than it brought in", `update payment_refund_line set minor = minor + 1 where refund = (select max(id) from payment_refund)`},
	{"I2", "a line in another currency", `update payment_refund_line set currency = 'GBP' where refund = (select max(id) from payment_refund)`},
	{"I2", "a refund that is not the sum of its lines", `update payment_refund set minor = minor - 1 where id = (select min(id) from payment_refund)`},
	{"I2", "money back for what credit had paid", `update payment_refund set minor = minor + credit, credit = 0 where id = (select max(id) from payment_refund)`},
	{"I2", "a refund of an order of nobody", `update payment_refund_line set order_id = 'ord_x' where refund = (select min(id) from payment_refund)`},
	{"I3", "a key of its own", `update payment_refund set key = 'again' where id = (select min(id) from payment_refund)`},
	{"I3", "a refund that nobody was told of", `delete from flow_fact where kind = 'payment.refund_ordered' and occurrence = (select min(id) from payment_refund)`},
	{"I3", "a refund done, and nobody said so", `update payment_refund set state = 'done' where state = 'asked'`},
	{"I3", "a refund that is gone", `delete from payment_refund where id = (select min(id) from payment_refund)`},
	{"I3", "credit that was never booked", `update payment_refund set credit = credit + 1 where credit > 0`},
	{"I3", "a refund that nobody carries out", `update payment_refund set state = 'unknown', ordered = 1 where state = 'asked'`},
	{"I13", "a fact that was not written down for who hears of it", `delete from webhook_delivery where id = (select max(id) from webhook_delivery)`},
	{"I13", "a gap in the numbers of an object", `update webhook_delivery set sequence = sequence + 1 where id = (select max(id) from webhook_delivery)`},
	{"I13", "a delivery that waits for nothing", `update webhook_delivery set state = 'waiting', next = null where id = (select max(id) from webhook_delivery)`},
	{"I13", "given up for no reason", `update webhook_delivery set state = 'dead', error = '' where id = (select max(id) from webhook_delivery)`},
	{"I13", "delivered without a try", `update webhook_delivery set tries = 0 where id = (select max(id) from webhook_delivery where state = 'delivered')`},
}

func TestEveryBrokenRowOfMoneyNamesItsInvariant(t *testing.T) {
	w := paidBack(t)
	named := func(tx *db.Tx, invariant string) (bool, error) {
		found, err := insight.VerifyIn(tx)
		return slices.ContainsFunc(found, func(v insight.Violation) bool { return v.Invariant == invariant && len(v.IDs) > 0 }), err
	}
	w.See(func(tx *db.Tx) error {
		for _, invariant := range []string{"I1", "I2", "I3", "I13"} {
			if bad, err := named(tx, invariant); bad || err != nil {
				t.Errorf("a good database breaks %s, %v", invariant, err)
			}
		}
		return nil
	})
	undo := errors.New("undone")
	for _, b := range moneyBreaks {
		t.Run(b.invariant+" "+b.what, func(t *testing.T) {
			err := w.DB().Write(t.Context(), nil, func(tx *db.Tx) error {
				if changed, err := tx.Changed(b.text); err != nil || !changed {
					return fmt.Errorf("nothing there to break: %w", err)
				}
				if bad, err := named(tx, b.invariant); !bad || err != nil {
					return fmt.Errorf("not named: %w", err)
				}
				return undo
			})
			if !errors.Is(err, undo) {
				t.Error(err)
			}
		})
	}
}
