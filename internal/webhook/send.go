package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"sync"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// SendErrand is the kind of the errand that sends: one at a time for an endpoint.
const SendErrand = "webhook.Send"

// sending is the errand's body.
type sending struct {
	Endpoint ident.Endpoint `json:"endpoint"`
}

// together is how many objects' deliveries are sent to an endpoint side by side.
const together = 8

// tries of our own work: what the endpoint does wrong has a schedule of its own.
const tries = 1_000_000

// Sender is the errand.
func (o Office) Sender() flow.Errander {
	return flow.Errander{Kind: SendErrand, Run: o.send, Tries: tries}
}

func (o Office) send(ctx context.Context, e flow.Errand) (flow.Settle, error) {
	var what sending
	if err := e.Decode(&what); err != nil {
		return nil, flow.Final{Err: err}
	}
	b, err := o.batch(ctx, e.Merchant, what.Endpoint)
	if err != nil {
		return nil, err
	}
	answers := make([]answer, len(b.letters))
	var all sync.WaitGroup
	for i, l := range b.letters {
		all.Go(func() { answers[i] = o.post(ctx, b, l) })
	}
	all.Wait()
	return func(tx *flow.Tx) error { return settle(tx, e.Merchant, what.Endpoint, b.letters, answers) }, nil
}

// batch is what is sent to an endpoint in one go.
type batch struct {
	endpoint Endpoint
	secrets  []string
	letters  []letter
}

// letter is a delivery with its words. Without a body it can not be sent: its
// fact is not there.
type letter struct {
	Delivery
	body []byte
}

func (o Office) batch(ctx context.Context, m ident.Merchant, id ident.Endpoint) (b batch, err error) {
	err = o.Flow.Read(ctx, func(tx *db.Tx) error {
		var known bool
		if b.endpoint, known, err = db.One(tx, sqlEndpoint, scanEndpoint, m, id); err != nil || !known || b.endpoint.State != On {
			return err
		}
		if b.secrets, err = secretsOf(tx, o.Vault, m, id); err != nil {
			return err
		}
		heads, err := db.All(tx, sqlHeads, scanDelivery, m, id, tx.Wall, together)
		if err != nil {
			return err
		}
		b.letters, err = letters(tx, m, heads)
		return err
	})
	return b, err
}

func letters(tx *db.Tx, m ident.Merchant, ds []Delivery) ([]letter, error) {
	out, facts := make([]letter, len(ds)), map[ident.Fact]flow.Fact{}
	ids := make([]ident.Fact, len(ds))
	for i, d := range ds {
		ids[i] = d.Fact
	}
	all, err := flow.Facts(tx, m, ids)
	if err != nil {
		return nil, err
	}
	for _, f := range all {
		facts[f.ID] = f
	}
	for i, d := range ds {
		out[i].Delivery = d
		f, known := facts[d.Fact]
		if !known && d.Kind != TestKind {
			continue
		}
		if out[i].body, err = d.body(f); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// payload is what a delivery says, in the form Standard Webhooks suggests: type,
// timestamp, data; with the object and its number beside them.
type payload struct {
	Type      fact.Kind     `json:"type"`
	Timestamp civil.Instant `json:"timestamp"` // when it happened
	Object    string        `json:"object"`
	Sequence  int           `json:"sequence"`
	Fact      ident.Fact    `json:"fact,omitempty"`
	Data      any           `json:"data"`
}

func (d Delivery) body(f flow.Fact) ([]byte, error) {
	p := payload{Type: d.Kind, Timestamp: f.At, Object: d.Subject, Sequence: d.Sequence, Fact: f.ID, Data: f.Body}
	if d.Kind == TestKind {
		p.Timestamp, p.Data = d.Made, struct {
			Endpoint ident.Endpoint `json:"endpoint"`
		}{d.Endpoint}
	}
	return json.Marshal(p)
}

// answer is what became of a try.
type answer struct {
	status int
	err    string        // a code; empty when it was delivered
	after  time.Duration // how long the endpoint asks to be left alone
}

// post makes one try.
func (o Office) post(ctx context.Context, b batch, l letter) answer {
	if l.body == nil {
		return answer{err: FactNotFound}
	}
	at := o.Flow.Clock().Wall()
	signature, err := signatures(b.secrets, l.ID, at, l.body)
	if err != nil {
		return answer{err: FactNotFound}
	}
	a, err := o.Out.Do(ctx, egress.Call{
		To: string(b.endpoint.ID), Method: "POST", URL: b.endpoint.URL, Body: l.body,
		Header: map[string]string{
			"Content-Type": "application/json", "User-Agent": "promesse", "Webhook-Id": string(l.ID),
			"Webhook-Timestamp": strconv.FormatInt(at.Time().Unix(), 10), "Webhook-Signature": signature,
		},
	})
	switch {
	case errors.Is(err, egress.ErrResting):
		return answer{err: LeftAlone}
	case errors.Is(err, egress.ErrTooLarge): // it answered, at length
		return answer{status: a.Status, err: refusedUnless2xx(a.Status)}
	case err != nil:
		return answer{err: NoAnswer}
	}
	return answer{status: a.Status, err: refusedUnless2xx(a.Status), after: retryAfter(a.Header.Get("Retry-After"), at)}
}

func refusedUnless2xx(status int) string {
	if status >= 200 && status < 300 {
		return ""
	}
	return NotAccepted
}

// retryAfter reads the header of that name: seconds, or a date (RFC 9110, 10.2.3).
func retryAfter(header string, now civil.Instant) time.Duration {
	if seconds, err := strconv.Atoi(header); err == nil {
		return time.Duration(max(0, min(seconds, int(longestWait/time.Second)))) * time.Second
	}
	at, err := time.Parse(time.RFC1123, header)
	if err != nil {
		return 0
	}
	return max(0, civil.At(at).Sub(now))
}

// Retries are the endpoints with a delivery that is due, by machine time.
func Retries() flow.Sweep {
	return flow.Sweep{
		Name: "webhook.Retry",
		Find: func(tx *db.Tx, _ civil.Instant, limit int) ([]flow.Due, error) {
			return db.All(tx, sqlDue, scanDue, tx.Wall, limit)
		},
		Next: func(tx *db.Tx) (civil.Instant, error) {
			next, _, err := db.One(tx, sqlNextDue, db.Scalar[civil.Instant])
			return next, err
		},
		Do: func(tx *flow.Tx, m ident.Merchant, ids []string) error {
			for _, id := range ids {
				if err := (Endpoint{ID: ident.Endpoint(id)}).wake(tx, m); err != nil {
					return err
				}
			}
			return nil
		},
	}
}
