package fact

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
)

// Owed is what a commitment is about.
type Owed string

// The kinds of commitment that exist so far.
const (
	DeliverBy     Owed = "deliver_by"      // in hand, or collectable where the shopper chose, by Until
	DeliverInSlot Owed = "deliver_in_slot" // handed over inside [From, Until); earlier only with the shopper's consent
	Complete      Owed = "complete"        // every unit, and undamaged
	RefundBy      Owed = "refund_by"       // the money of a return sent by Until
	BackBy        Owed = "back_by"         // in reports: a return at the warehouse when it was said to be
	AcknowledgeBy Owed = "acknowledge_by"  // a withdrawal acknowledged on a durable medium
	AnswerBy      Owed = "answer_by"       // a person answered what was asked in plain words
)

// State of a commitment.
type State string

// The states.
const (
	Open    State = "open"
	Kept    State = "kept"
	Broken  State = "broken"
	Amended State = "amended"
	Void    State = "void"
)

// Promise is what every fact about a commitment says of it.
type Promise struct {
	Commitment ident.Commitment `json:"commitment"`
	Owed       Owed             `json:"owed"`
	Order      ident.Order      `json:"order"`
	Shopper    ident.Shopper    `json:"shopper"`
	About      string           `json:"about,omitempty"` // a return, a withdrawal, a question; empty for the way out
	Service    ident.Service    `json:"service"`
	From       civil.Instant    `json:"from"`
	Until      civil.Instant    `json:"until"`
}

// Ruling is a verdict.
type Ruling struct {
	Promise
	Verdict   ident.Verdict `json:"verdict"`
	LateBy    time.Duration `json:"late_by"`    // nanoseconds; a lower bound unless LateKnown
	LateKnown bool          `json:"late_known"` // it arrived, and we know when
	EarlyBy   time.Duration `json:"early_by"`
	Liable    Party         `json:"liable"`
	Reason    string        `json:"reason"` // code of the rule that decided
	Trust     Trust         `json:"trust"`
	Told      bool          `json:"told"` // the shopper was told before the deadline
	// What a complete order lacks; zero for other promises.
	MissingUnits int `json:"missing_units,omitempty"`
	MissingLines int `json:"missing_lines,omitempty"`
}

// PromiseMade is a commitment written down.
type PromiseMade struct {
	Promise
	Confidence float64 `json:"confidence"`
}

// PromiseKept is the verdict everybody wants.
type PromiseKept struct{ Ruling }

// PromiseBroken is the verdict that asks for a remedy.
type PromiseBroken struct{ Ruling }

// PromiseVoided is a commitment nobody owes any more, or that can not be proved either way.
type PromiseVoided struct{ Ruling }

// PromiseCorrected is a verdict appended to an earlier one: evidence proved
// otherwise, or said how late it was.
type PromiseCorrected struct {
	Ruling
	Was State `json:"was"`
	Now State `json:"now"`
}

// PromiseAmended is a commitment replaced by another at the shopper's wish.
type PromiseAmended struct {
	Promise
	Successor ident.Commitment `json:"successor"`
	NewFrom   civil.Instant    `json:"new_from"`
	NewUntil  civil.Instant    `json:"new_until"`
}

// PromiseAtRisk is a warning, one per cause.
type PromiseAtRisk struct {
	Promise
	Warning     ident.Warning `json:"warning"`
	Cause       string        `json:"cause"`
	Probability float64       `json:"probability"` // of missing Until
}

// PromiseReestimated is a later day that somebody looked up for the shopper of a
// promise in danger. It moves nothing that is owed.
type PromiseReestimated struct {
	Promise
	Estimate   ident.Estimate `json:"estimate"`
	By         civil.Instant  `json:"by"`         // exclusive end of the day on which it will now come
	Confidence float64        `json:"confidence"` // that it comes by then
}

// PromiseTold is a shopper told about the trouble before the deadline, or that telling undone by a bounce.
type PromiseTold struct {
	Commitment ident.Commitment `json:"commitment"`
	Message    ident.Message    `json:"message"`
	At         civil.Instant    `json:"at"`
	Undone     bool             `json:"undone"`
}

// Kind names the fact.
func (PromiseMade) Kind() Kind { return "promise.made" }

// Kind names the fact.
func (PromiseKept) Kind() Kind { return "promise.kept" }

// Kind names the fact.
func (PromiseBroken) Kind() Kind { return "promise.broken" }

// Kind names the fact.
func (PromiseVoided) Kind() Kind { return "promise.voided" }

// Kind names the fact.
func (PromiseCorrected) Kind() Kind { return "promise.corrected" }

// Kind names the fact.
func (PromiseAmended) Kind() Kind { return "promise.amended" }

// Kind names the fact.
func (PromiseAtRisk) Kind() Kind { return "promise.at_risk" }

// Kind names the fact.
func (PromiseTold) Kind() Kind { return "promise.told" }

// Kind names the fact.
func (PromiseReestimated) Kind() Kind { return "promise.reestimated" }
