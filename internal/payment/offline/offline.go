// Package offline is the payment provider of shops that pay back themselves: by
// their own terminal, a transfer, a cheque. A refund is put to the shop, in its
// queue and by payment.refund_ordered to its systems, and waits until the shop
// confirms it. The package stores nothing, calls nobody and knows no account.
package offline

import (
	"context"

	"github.com/promesse-dev/promesse/internal/payment"
)

// Provider asks the shop.
type Provider struct{}

// Refund asks the shop to pay. What it did is told by payment.Confirm alone.
func (Provider) Refund(context.Context, payment.Request) (payment.Answer, error) {
	return payment.Answer{State: payment.Asked}, nil
}

// LookUp says that the shop has been asked: the queue is the asking.
func (Provider) LookUp(context.Context, payment.Request) (payment.Answer, bool, error) {
	return payment.Answer{State: payment.Asked}, true, nil
}
