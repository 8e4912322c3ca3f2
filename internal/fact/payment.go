package fact

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
)

// Repayment is what every fact about a refund says of it.
type Repayment struct {
	Refund   ident.Refund   `json:"refund"`
	Decision ident.Decision `json:"decision"` // whose money it is; one refund each
	Return   ident.Return   `json:"return"`
	Order    ident.Order    `json:"order"`
	Shopper  ident.Shopper  `json:"shopper"`
	Amount   money.Amount   `json:"amount"`
}

// RefundOrdered is a refund handed to its payment provider.
type RefundOrdered struct{ Repayment }

// Refunded is a refund the provider has carried out.
type Refunded struct {
	Repayment
	At        civil.Instant `json:"at"`         // when, by the provider's word
	ArrivesBy civil.Day     `json:"arrives_by"` // by when banks usually have booked it
}

// RefundStuck is a refund that waits for a person: the provider refused it, or
// cannot say what became of it.
type RefundStuck struct {
	Repayment
	Why string `json:"why"` // code
}

// RefundMissed is a shopper who says that the money has not come.
type RefundMissed struct {
	Repayment
	AnswerBy civil.Instant `json:"answer_by"`
}

// CreditGiven is store credit booked for a shopper.
type CreditGiven struct {
	Repayment
	MoneyFollows bool `json:"money_follows,omitempty"` // the decision is not paid with it: a part goes back by the means that paid
}

// CreditSpent is store credit used to pay for an order.
type CreditSpent struct {
	Order   ident.Order   `json:"order"`
	Shopper ident.Shopper `json:"shopper"`
	Amount  money.Amount  `json:"amount"`
}

// Kind names the fact.
func (RefundOrdered) Kind() Kind { return "payment.refund_ordered" }

// Kind names the fact.
func (Refunded) Kind() Kind { return "payment.refunded" }

// Kind names the fact.
func (RefundStuck) Kind() Kind { return "payment.refund_stuck" }

// Kind names the fact.
func (RefundMissed) Kind() Kind { return "payment.refund_missed" }

// Kind names the fact.
func (CreditGiven) Kind() Kind { return "payment.credit_given" }

// Kind names the fact.
func (CreditSpent) Kind() Kind { return "payment.credit_spent" }
