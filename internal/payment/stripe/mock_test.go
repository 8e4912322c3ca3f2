//go:build stripemock

package stripe_test

import (
	"net/netip"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/payment/stripe"
	"github.com/promesse-dev/promesse/internal/platform/egress"
)

// TestStripesOwnMockTakesWhatWeSend speaks to stripe-mock, which checks requests
// against Stripe's own description of its API and answers with fixtures. It
// remembers nothing: what the provider does is simulated by stripetest. Run it by
// scripts/stripemock.sh.
func TestStripesOwnMockTakesWhatWeSend(t *testing.T) {
	address := os.Getenv("PROMESSE_STRIPE_MOCK")
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	wall := civil.At(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	out := egress.New(egress.Options{Wall: func() civil.Instant { return wall }, Own: []netip.AddrPort{netip.MustParseAddrPort(u.Host)}})
	p := stripe.New(out, stripe.Options{URL: address, Wall: func() civil.Instant { return wall }})
	for _, capture := range []string{"pi_123", "ch_123"} {
		q := payment.Request{Key: "dec_1", Capture: capture, Amount: money.Of(100, money.EUR), Account: payment.Account{Secret: "sk_test_123"}}
		a, err := p.Refund(t.Context(), q)
		if err != nil || a.State != payment.Done || a.Reference == "" {
			t.Errorf("%s: %+v, %v", capture, a, err)
		}
		if _, _, err := p.LookUp(t.Context(), q); err != nil {
			t.Errorf("%s: %v", capture, err)
		}
	}
}
