package payment

import (
	"context"
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/money"
)

// Request is a refund to carry out, or to look up.
type Request struct {
	Key     string       // ours, the same for the refund's whole life
	Capture string       // what was captured, by the provider's own name
	Amount  money.Amount // above zero
	Account Account      // the merchant's; zero for a provider that needs none
}

// Answer is what a provider says of a refund.
type Answer struct {
	State     State         // Done, Pending, Asked, or Stuck when it has failed
	Why       string        // of a stuck one: FailedLater, Declined
	Reference string        // the provider's own name of the refund
	Amount    money.Amount  // as the provider has it; zero when it does not say
	At        civil.Instant // when, by the provider's word; zero when it does not say
}

// Refunder carries refunds out. Refund is called again with the same request
// only while the provider remembers the key. LookUp reports whether the provider
// has a refund under the key; it must never say that it has none when it could
// not look. An error of Refund that is not a Decline means that nobody knows
// what became of the call.
type Refunder interface {
	Refund(context.Context, Request) (Answer, error)
	LookUp(context.Context, Request) (Answer, bool, error)
}

// Decline is a provider that says no, and has carried nothing out.
type Decline struct {
	Code string // the provider's
	Err  error
}

// Error is for logs.
func (d Decline) Error() string { return fmt.Sprintf("declined (%s): %v", d.Code, d.Err) }

// Unwrap gives the cause.
func (d Decline) Unwrap() error { return d.Err }
