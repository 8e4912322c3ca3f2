package payment

import (
	"context"
	"errors"
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// ExecuteErrand is the kind of the errand that carries refunds out.
const ExecuteErrand = "payment.Execute"

// executing is the errand's body.
type executing struct {
	Refund ident.Refund `json:"refund"`
}

// send asks for the next step of a refund as it stands: once, until it stands
// otherwise.
func send(tx *flow.Tx, m ident.Merchant, r Refund) error {
	return tx.Enqueue(m, ExecuteErrand, fmt.Sprintf("%s/%d", r.Key, r.version), executing{r.ID})
}

// tries is how often one step may fail in our own house before a person must
// look. What the provider does wrong counts among the look-ups instead.
const tries = 20

// Desk carries refunds out.
type Desk struct {
	Flow      *flow.Flow
	Vault     *vault.Vault
	Providers map[Provider]Refunder
}

// Executor is the errand: one step of a refund each time. A step that calls the
// provider was permitted by the step before, in a transaction of its own, so that
// whoever finds the errand again after a death knows that a call may have left.
func (d Desk) Executor() flow.Errander {
	return flow.Errander{Kind: ExecuteErrand, Run: d.execute, Tries: tries, Gone: gone}
}

// step is what to do next for a refund.
type step string

const (
	nothing step = "nothing"
	permits step = "permit" // write that a call may leave
	calls   step = "call"
	looks   step = "look" // ask what became of a call
)

// next is the next step of a refund, at a machine time. fresh means that nobody
// had this errand before: a permission just written is surely unused.
func (r Refund) next(fresh bool, wall civil.Instant) step {
	switch r.State {
	case Ordered:
		return permits
	case Sent:
		if fresh && wall.Before(r.Sent.Add(permit)) {
			return calls
		}
		return looks
	case Unknown, Pending:
		return looks
	case Stuck:
		if !r.Next.IsZero() {
			return looks
		}
	}
	return nothing
}

func (d Desk) execute(ctx context.Context, e flow.Errand) (flow.Settle, error) {
	var what executing
	if err := e.Decode(&what); err != nil {
		return nil, flow.Final{Err: err}
	}
	r, q, err := d.read(ctx, e.Merchant, what.Refund)
	if err != nil {
		return nil, err
	}
	by, ok := d.Providers[r.Provider]
	if !ok {
		return nil, flow.Final{Err: errors.New("payment: nobody speaks to " + string(r.Provider))}
	}
	s := r.next(e.Tries == 1, d.Flow.Clock().Wall())
	if s == nothing {
		return nil, nil
	}
	o := outcome{why: NoAccount}
	if r.Provider == Offline || q.Account != (Account{}) {
		o = s.take(ctx, by, q)
	}
	return func(tx *flow.Tx) error { return settle(tx, e.Merchant, r.ID, o) }, nil
}

// take does a step, outside any transaction.
func (s step) take(ctx context.Context, by Refunder, q Request) outcome {
	switch s {
	case calls:
		return call(ctx, by, q)
	case looks:
		return look(ctx, by, q)
	default:
		return outcome{permitted: true}
	}
}

// read is a refund as it stands, and what its provider is asked.
func (d Desk) read(ctx context.Context, m ident.Merchant, id ident.Refund) (r Refund, q Request, err error) {
	err = d.Flow.Read(ctx, func(tx *db.Tx) error {
		if r, err = Get(tx, m, id); err != nil {
			return err
		}
		q = Request{Key: r.Key, Capture: r.Capture, Amount: r.Money}
		if r.Provider == Offline {
			return nil
		}
		q.Account, _, err = AccountOf(tx, d.Vault, m, r.Provider)
		return err
	})
	return r, q, err
}

// outcome is what a step found out.
type outcome struct {
	permitted bool    // a call may leave
	answer    *Answer // what the provider says of the refund
	missing   bool    // it says that it has none
	unclear   bool    // it said nothing that tells
	why       string  // it says no, or we can not ask
}

func call(ctx context.Context, by Refunder, q Request) outcome {
	a, err := by.Refund(ctx, q)
	var no Decline
	switch {
	case errors.As(err, &no):
		return outcome{why: Declined}
	case err != nil:
		return outcome{unclear: true}
	}
	return outcome{answer: &a}
}

func look(ctx context.Context, by Refunder, q Request) outcome {
	a, found, err := by.LookUp(ctx, q)
	switch {
	case err != nil:
		return outcome{unclear: true}
	case !found:
		return outcome{missing: true}
	}
	return outcome{answer: &a}
}

// gone notes that our own work failed too often: a person must look.
func gone(tx *flow.Tx, e flow.Errand, _ error) error {
	var what executing
	if err := e.Decode(&what); err != nil {
		return err
	}
	return settle(tx, e.Merchant, what.Refund, outcome{why: NeverCarried})
}
