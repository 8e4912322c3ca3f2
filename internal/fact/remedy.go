package fact

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
)

// RemedyGranted is a broken promise repaired: a credit the shop owes the shopper.
type RemedyGranted struct {
	Remedy     ident.Remedy     `json:"remedy"`
	Commitment ident.Commitment `json:"commitment"`
	Order      ident.Order      `json:"order"`
	Shopper    ident.Shopper    `json:"shopper"`
	Amount     money.Amount     `json:"amount"`
	Rule       string           `json:"rule"`
}

// RemedyRefused is a broken promise the policy gives nothing for, with the reason.
type RemedyRefused struct {
	Remedy     ident.Remedy     `json:"remedy"`
	Commitment ident.Commitment `json:"commitment"`
	Order      ident.Order      `json:"order"`
	Reason     string           `json:"reason"`
}

// RemedyAwaited is a broken promise whose lateness is not known yet.
type RemedyAwaited struct {
	Remedy     ident.Remedy     `json:"remedy"`
	Commitment ident.Commitment `json:"commitment"`
	Order      ident.Order      `json:"order"`
	Until      civil.Instant    `json:"until"` // the instant at which the policy's next threshold is crossed
}

// Kind names the fact.
func (RemedyGranted) Kind() Kind { return "remedy.granted" }

// Kind names the fact.
func (RemedyRefused) Kind() Kind { return "remedy.refused" }

// Kind names the fact.
func (RemedyAwaited) Kind() Kind { return "remedy.awaited" }
