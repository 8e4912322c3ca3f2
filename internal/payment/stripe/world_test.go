package stripe_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/payment/offline"
	"github.com/promesse-dev/promesse/internal/payment/stripe"
	"github.com/promesse-dev/promesse/internal/payment/stripe/stripetest"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

// noticeSecret signs the provider's events.
const noticeSecret = "whsec_test"

// patience of calls in tests: the provider that keeps us waiting does so for ever.
const patience = 80 * time.Millisecond

func routes() []flow.Reaction {
	return []flow.Reaction{{
		On: "returns.decided", Name: "payment.Pay", Mode: flow.Must, Run: payment.Pay,
		Emits: []fact.Kind{"payment.refund_ordered", "payment.credit_given"},
	}}
}

func keys(t testing.TB) *vault.Vault {
	v, err := vault.Parse([]byte(ident.Hash("test")))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// desk is who carries refunds out, over the provider at an address.
func desk(f *flow.Flow, v *vault.Vault, address string) (payment.Desk, error) {
	u, err := url.Parse(address)
	if err != nil {
		return payment.Desk{}, err
	}
	to, err := netip.ParseAddrPort(u.Host)
	if err != nil {
		return payment.Desk{}, err
	}
	out := egress.New(egress.Options{Wall: f.Clock().Wall, Own: []netip.AddrPort{to}})
	return payment.Desk{Flow: f, Vault: v, Providers: map[payment.Provider]payment.Refunder{
		payment.Offline: offline.Provider{},
		payment.Stripe:  stripe.New(out, stripe.Options{URL: address, Patience: patience, Wall: f.Clock().Wall}),
	}}, nil
}

// shop is a merchant with an account at the provider and one order of 100 bottles.
type shop struct {
	*flowtest.World
	m        ident.Merchant
	order    ident.Order
	line     ident.Line
	provider *stripetest.Server
	decided  int
}

func newShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{World: flowtest.New(t, routes()...)}
	s.provider = stripetest.New(noticeSecret, func() time.Time { return s.Clock().Wall().Time() })
	server := httptest.NewServer(s.provider)
	t.Cleanup(server.Close)
	v := keys(t)
	d, err := desk(s.Flow, v, server.URL)
	if err != nil {
		t.Fatal(err)
	}
	s.Handle(d.Executor())
	s.Watch(payment.Looks())
	s.m, s.order, s.line = furnish(t, s.Flow, v)
	hook := httptest.NewServer(ear(s.Flow, v, s.m))
	t.Cleanup(hook.Close)
	s.provider.Hook(hook.URL)
	return s
}

// furnish makes a merchant with an account and an order paid by card.
func furnish(t testing.TB, f *flow.Flow, v *vault.Vault) (m ident.Merchant, o ident.Order, l ident.Line) {
	t.Helper()
	err := f.Write(t.Context(), "test", nil, func(tx *flow.Tx) error {
		org, err := merchant.Create(tx, merchant.NewOrganisation{
			Kind: merchant.Merchant, Name: "Épicerie", Country: "FR", Zone: "Europe/Paris", Locale: lang.French, Currency: money.EUR,
		})
		m = org.ID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	err = f.One(t.Context(), "test", m, func(tx *flow.Tx) error {
		placed, _, err := order.Place(tx, m, order.New{
			Reference: "E-1", Shopper: "shp_camille", Locale: lang.French, Currency: money.EUR, Fingerprint: "f",
			Lines:       []order.Line{{SKU: "OIL", Name: "huile d'olive", Units: 9999, Unit: money.Of(500, money.EUR), Grams: 900}},
			DeliveryFee: money.Of(590, money.EUR),
			Ship:        order.Address{Name: "Camille", Street: "1 rue Haute", Postcode: "75011", City: "Paris", Country: "FR"},
		})
		if err != nil {
			return err
		}
		o, l = placed.ID, placed.Lines[0].ID
		if err := payment.Captured(tx, m, o, payment.Means{Provider: payment.Stripe, Reference: "pi_1", Label: "Visa •••• 4242"}); err != nil {
			return err
		}
		return payment.SetAccount(tx, v, m, payment.Stripe, payment.Account{Secret: "sk_test_1", Notice: noticeSecret})
	})
	if err != nil {
		t.Fatal(err)
	}
	return m, o, l
}

// decision is a return accepted: one bottle, 5.00.
func decision(o ident.Order, l ident.Line, n int) fact.ReturnDecided {
	five := money.Of(500, money.EUR)
	return fact.ReturnDecided{
		Sendback: fact.Sendback{Return: ident.Return(fmt.Sprintf("ret_%d", n)), Order: o, Shopper: "shp_camille"},
		Decision: ident.Decision(fmt.Sprintf("dec_%d", n)), Sequence: 1, Outcome: fact.InFull, Settlement: fact.Refund,
		Amount: five, Lines: []fact.RefundLine{{Line: l, Units: 1, Amount: five}},
	}
}

// decide emits one decision more, and answers its refund.
func (s *shop) decide() ident.Refund {
	s.T.Helper()
	s.decided++
	d := decision(s.order, s.line, s.decided)
	s.Do(s.m, func(tx *flow.Tx) error { return tx.Emit(s.m, string(s.order), string(d.Decision), d) })
	rs := s.refunds()
	return rs[len(rs)-1].ID
}

func (s *shop) refunds() (rs []payment.Refund) {
	s.T.Helper()
	s.See(func(tx *db.Tx) error {
		of, err := payment.OfOrders(tx, s.m, []ident.Order{s.order})
		rs = of[s.order]
		return err
	})
	return rs
}

func (s *shop) refund(id ident.Refund) (r payment.Refund) {
	s.T.Helper()
	s.See(func(tx *db.Tx) (err error) {
		r, err = payment.Get(tx, s.m, id)
		return err
	})
	return r
}

// until lets time pass, five seconds at a time, until a refund is in a state, and
// answers how long that took.
func (s *shop) until(id ident.Refund, st payment.State, most time.Duration) time.Duration {
	s.T.Helper()
	const beat = 5 * time.Second
	for passed := time.Duration(0); ; passed += beat {
		s.Quiet()
		if s.refund(id).State == st {
			return passed
		}
		if passed >= most {
			s.T.Fatalf("after %v the refund is %+v, not %s", passed, s.refund(id), st)
		}
		s.Pass(beat)
	}
}

// ear takes the provider's events, as a door would.
func ear(f *flow.Flow, v *vault.Vault, m ident.Merchant) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = hear(r.Context(), f, v, m, body, r.Header.Get(stripe.SignatureHeader))
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	})
}

func hear(ctx context.Context, f *flow.Flow, v *vault.Vault, m ident.Merchant, body []byte, signature string) error {
	var a payment.Account
	err := f.Read(ctx, func(tx *db.Tx) (err error) {
		a, _, err = payment.AccountOf(tx, v, m, payment.Stripe)
		return err
	})
	if err != nil {
		return err
	}
	n, ok, err := stripe.ReadNotice(body, signature, a.Notice, f.Clock().Wall())
	if err != nil || !ok {
		return err
	}
	return f.One(ctx, "stripe", m, func(tx *flow.Tx) error {
		_, err := payment.Heard(tx, m, payment.Stripe, n)
		return err
	})
}

// facts counts what was told of the order's refunds.
func (s *shop) facts() map[fact.Kind]int {
	s.T.Helper()
	n := map[fact.Kind]int{}
	s.See(func(tx *db.Tx) error {
		all, err := flow.Timeline(tx, s.m, string(s.order))
		for _, f := range all {
			if strings.HasPrefix(string(f.Kind), "payment.") {
				n[f.Kind]++
			}
		}
		return err
	})
	return n
}

// furnishWithout is another merchant, who never gave an account.
func furnishWithout(t *testing.T, s *shop) (ident.Merchant, ident.Order, ident.Line) {
	t.Helper()
	m, o, l := furnish(t, s.Flow, keys(t))
	err := s.DB().Write(t.Context(), []ident.Merchant{m}, func(tx *db.Tx) error {
		return tx.Do(`delete from payment_account where merchant = $1`, m)
	})
	if err != nil {
		t.Fatal(err)
	}
	return m, o, l
}

func stateOf(s *shop, m ident.Merchant, o ident.Order) (st payment.State) {
	s.T.Helper()
	s.See(func(tx *db.Tx) error {
		of, err := payment.OfOrders(tx, m, []ident.Order{o})
		for _, r := range of[o] {
			st = r.State
		}
		return err
	})
	return st
}

// stripetestAt is the signature of an event made some time ago.
func stripetestAt(s *shop, ago time.Duration) (string, civil.Instant) {
	now := s.Clock().Wall()
	at := now.Add(ago)
	p := stripetest.New(noticeSecret, func() time.Time { return at.Time() })
	_, signature := p.Event("refund.updated", stripetest.Refund{Metadata: map[string]string{"promesse_key": "dec_1"}})
	return signature, at
}

// freshen puts the present instant over a signature's own.
func freshen(s *shop, signature string) string {
	_, rest, _ := strings.Cut(signature, ",")
	return fmt.Sprintf("t=%d,%s", s.Clock().Wall().Time().Unix(), rest)
}
