package fact

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
)

// SurveyKind is what somebody is asked about.
type SurveyKind string

// The kinds.
const (
	AfterDelivery SurveyKind = "delivery" // how easy was it, from 1 to 5?
	AfterRefund   SurveyKind = "refund"   // would you recommend us, from 0 to 10?
)

// SurveyAsked is a shopper whom it is time to ask.
type SurveyAsked struct {
	Order   ident.Order   `json:"order"`
	Shopper ident.Shopper `json:"shopper"`
	About   SurveyKind    `json:"about"`
}

// SurveyAnswered is what they said: how easy it was, or whether they would recommend.
type SurveyAnswered struct {
	Order    ident.Order   `json:"order"`
	Shopper  ident.Shopper `json:"shopper"`
	About    SurveyKind    `json:"about"`
	Version  int           `json:"version"` // 1 is the first answer, more are second thoughts
	Score    int           `json:"score"`   // 1 to 5 for a delivery, 0 to 10 for a refund
	HasWords bool          `json:"has_words"`
}

// Kind names the fact.
func (SurveyAsked) Kind() Kind { return "survey.asked" }

// Kind names the fact.
func (SurveyAnswered) Kind() Kind { return "survey.answered" }
