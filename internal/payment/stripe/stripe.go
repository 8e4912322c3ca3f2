// Package stripe is the payment provider Stripe: refunds of what was captured
// there, looked up by the key that their metadata carry, and the notices that
// Stripe sends by itself. It goes out by egress, with each merchant's own key, and
// lets the library try nothing again: what became of a call is the business of
// package payment. It stores nothing.
package stripe

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	stripe "github.com/stripe/stripe-go/v85"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/platform/egress"
)

// keyIn is the metadatum of a refund that holds our key.
const keyIn = "promesse_key"

// Options are what an installation decides.
type Options struct {
	URL      string        // of another server that speaks the same; empty: Stripe's
	Patience time.Duration // how long one call may take; zero: 12 s
	Wall     func() civil.Instant
}

// Provider speaks to Stripe. It is safe for concurrent use.
type Provider struct {
	backend  stripe.Backend
	patience time.Duration
}

// New makes the provider, which goes out by a client of egress.
func New(out *egress.Client, o Options) *Provider {
	config := &stripe.BackendConfig{
		// Failures are counted by the half minute: a provider in trouble is left alone
		// for the rest of it, and what became of a refund is still known within a minute
		// after it answers again.
		HTTPClient: out.Library(func(*http.Request) string {
			return fmt.Sprintf("stripe %d", int64(o.Wall())/int64(30*time.Second/time.Microsecond))
		}),
		MaxNetworkRetries: stripe.Int64(0),
		EnableTelemetry:   stripe.Bool(false),
		LeveledLogger:     &stripe.LeveledLogger{Level: stripe.LevelNull},
	}
	if o.URL != "" {
		config.URL = stripe.String(o.URL)
	}
	if o.Patience == 0 {
		o.Patience = 12 * time.Second
	}
	return &Provider{backend: stripe.GetBackendWithConfig(stripe.APIBackend, config), patience: o.Patience}
}

func (p *Provider) client(a payment.Account) *stripe.Client {
	return stripe.NewClient(a.Secret, stripe.WithBackends(&stripe.Backends{API: p.backend}))
}

// Refund makes a refund under its key. See https://docs.stripe.com/api/refunds/create.
func (p *Provider) Refund(ctx context.Context, q payment.Request) (payment.Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, p.patience)
	defer cancel()
	in := &stripe.RefundCreateParams{Amount: stripe.Int64(q.Amount.Minor * scale(q.Amount.Currency))}
	if charge(q.Capture) {
		in.Charge = stripe.String(q.Capture)
	} else {
		in.PaymentIntent = stripe.String(q.Capture)
	}
	in.AddMetadata(keyIn, q.Key)
	in.SetIdempotencyKey(q.Key)
	r, err := p.client(q.Account).V1Refunds.Create(ctx, in)
	if err != nil {
		return payment.Answer{}, refusal(err)
	}
	return answer(r), nil
}

// LookUp reads the refunds of a capture until it finds ours.
// See https://docs.stripe.com/api/refunds/list: listing is not a search, and shows
// what was just made.
func (p *Provider) LookUp(ctx context.Context, q payment.Request) (a payment.Answer, found bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, p.patience)
	defer cancel()
	in := &stripe.RefundListParams{}
	in.Limit = stripe.Int64(100)
	if charge(q.Capture) {
		in.Charge = stripe.String(q.Capture)
	} else {
		in.PaymentIntent = stripe.String(q.Capture)
	}
	for r, err := range p.client(q.Account).V1Refunds.List(ctx, in).All(ctx) {
		if err != nil {
			return payment.Answer{}, false, err
		}
		if r.Metadata[keyIn] == q.Key {
			return answer(r), true, nil
		}
	}
	return payment.Answer{}, false, ctx.Err()
}

// charge reports whether a capture is named by its charge; else by its payment intent.
func charge(capture string) bool {
	return strings.HasPrefix(capture, "ch_") || strings.HasPrefix(capture, "py_")
}

// refusal is an error that says no, told from those after which nobody knows: a
// key still at work (409), too many calls (429), a key used for something else,
// trouble at Stripe (500 and more), no answer at all.
func refusal(err error) error {
	var e *stripe.Error
	if !errors.As(err, &e) || e.HTTPStatusCode < 400 || e.HTTPStatusCode >= 500 {
		return err
	}
	if e.HTTPStatusCode == http.StatusConflict || e.HTTPStatusCode == http.StatusTooManyRequests || e.Type == stripe.ErrorTypeIdempotency {
		return err
	}
	code := string(e.Code)
	if code == "" {
		code = string(e.Type)
	}
	return payment.Decline{Code: code, Err: err}
}

// answer is what a refund of Stripe's means to us.
// See https://docs.stripe.com/api/refunds/object#refund_object-status.
func answer(r *stripe.Refund) payment.Answer {
	c := money.Currency(strings.ToUpper(string(r.Currency)))
	a := payment.Answer{
		Reference: r.ID, At: civil.Instant(r.Created * int64(time.Second/time.Microsecond)),
		Amount: money.Of(r.Amount/scale(c), c),
	}
	switch r.Status {
	case stripe.RefundStatusSucceeded:
		a.State = payment.Done
	case stripe.RefundStatusFailed, stripe.RefundStatusCanceled:
		a.State, a.Why = payment.Stuck, payment.FailedLater
	default:
		a.State = payment.Pending
	}
	return a
}

// scale is how many of Stripe's minor units are one of ours: it counts crowns of
// Iceland, which have none, in hundredths (https://docs.stripe.com/currencies#special-cases).
func scale(c money.Currency) int64 {
	if c == "ISK" {
		return 100
	}
	return 1
}
