// Package survey asks how it went: after a delivery how easy it was and why, after
// a refund whether the shop would be recommended. Each is asked once for an order,
// the next working morning, and not while something is open about the order:
// nobody is asked how easy it was who still waits for an answer.
//
// It stores whom to ask, what is open about an order as far as facts tell, and the
// answers, every version of them. It emits survey.asked and survey.answered, and
// hears tracking.moved (delivered), payment.refunded, and what opens and ends a
// matter: desk.asked, desk.written, desk.answered, desk.closed, returns.requested,
// returns.closed, returns.cancelled, returns.expired, order.cancelled.
//
// It deliberately tells nobody (notify hears survey.asked, and the shopper may
// have said no), reminds nobody, offers nothing in return, and opens no
// conversation: the page that takes an answer asks the desk to.
package survey

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// State is where a question stands.
type State string

// The states.
const (
	Planned  State = "planned"
	Asked    State = "asked"
	Answered State = "answered"
	Dropped  State = "dropped" // its moment has passed
)

// Asking is a question about an order.
type Asking struct {
	Order   ident.Order
	About   fact.SurveyKind
	Shopper ident.Shopper
	State   State
	Since   civil.Instant // when there was something to ask about
	Due     civil.Instant // when it is asked; 0: not any more, or not before another parcel is in hand
	At      civil.Instant // when it was asked; 0: it was not
	Version int           // of the last answer; 0: none
}

// Answer is what somebody said.
type Answer struct {
	Order   ident.Order
	About   fact.SurveyKind
	Version int
	Shopper ident.Shopper
	Score   int
	Words   string // of several lines; may be empty
	At      civil.Instant
}

// Low reports whether an answer is a bad score.
func (a Answer) Low() bool {
	if a.About == fact.AfterRefund {
		return a.Score <= 6 // who recommends nobody, as the trade counts
	}
	return a.Score <= 2
}

// MaxWords bounds an answer, in characters.
const MaxWords = 2000

// Scores are the lowest and the highest answer to a question.
func Scores(about fact.SurveyKind) (low, high int) {
	if about == fact.AfterRefund {
		return 0, 10
	}
	return 1, 5
}

// Saying is an answer as it is given.
type Saying struct {
	Order ident.Order
	About fact.SurveyKind
	Score int
	Words string
}

func (s Saying) check() error {
	var faults fault.List
	if s.About != fact.AfterDelivery && s.About != fact.AfterRefund {
		faults.Add(fault.Invalid, "unknown_value", "about", "value", string(s.About))
	}
	if low, high := Scores(s.About); s.Score < low || s.Score > high {
		faults.Add(fault.Invalid, "number_out_of_range", "score", "value", s.Score, "min", low, "max", high)
	}
	if s.Words != "" {
		text.Prose(&faults, "words", s.Words, MaxWords)
	}
	return faults.Err()
}

// Say keeps an answer. Second thoughts are another version; the same answer again
// is none. Words that were given before stay when only the score is said again.
// The faults are not_found, survey_not_yet (nothing has come) and those of the
// answer.
func Say(tx *flow.Tx, m ident.Merchant, s Saying) (a Answer, fresh bool, err error) {
	s.Words = text.Lines(s.Words)
	if err := s.check(); err != nil {
		return a, false, err
	}
	o, err := order.Get(tx.Tx, m, s.Order)
	if err != nil {
		return a, false, err
	}
	q, ok, err := Of(tx.Tx, m, s.Order, s.About)
	if err != nil {
		return a, false, err
	}
	if !ok {
		return a, false, fault.New(fault.Conflict, "survey_not_yet", "order")
	}
	before, _, err := LastAnswer(tx.Tx, m, s.Order, s.About)
	if err != nil {
		return a, false, err
	}
	if q.Version > 0 && before.Score == s.Score && (s.Words == "" || s.Words == before.Words) {
		return before, false, nil
	}
	a = Answer{Order: s.Order, About: s.About, Version: q.Version + 1, Shopper: o.Shopper, Score: s.Score, Words: s.Words, At: tx.Now}
	if err := a.write(tx, m, q.Version); err != nil {
		return a, false, err
	}
	return a, true, tx.Emit(m, string(a.Order), a.occurrence(), fact.SurveyAnswered{
		Order: a.Order, Shopper: a.Shopper, About: a.About, Version: a.Version, Score: a.Score, HasWords: a.Words != "",
	})
}

// Of reads what is asked about an order; false where there is nothing to ask about yet.
func Of(tx *db.Tx, m ident.Merchant, o ident.Order, about fact.SurveyKind) (Asking, bool, error) {
	return db.One(tx, sqlAsking, scanAsking, m, o, about)
}

// First reports whether the delivery that an asking is about was the first that its
// shopper had from a shop.
func (a Asking) First(tx *db.Tx, m ident.Merchant) (bool, error) {
	if a.About != fact.AfterDelivery {
		return false, nil
	}
	_, before, err := db.One(tx, sqlBefore, db.Scalar[int], m, a.Shopper, a.Order, a.Since)
	return !before, err
}

// LastAnswer is what was answered last; false when nothing was.
func LastAnswer(tx *db.Tx, m ident.Merchant, o ident.Order, about fact.SurveyKind) (Answer, bool, error) {
	return db.One(tx, sqlAnswer, scanAnswer, m, o, about)
}

// History reads all that a shopper ever answered, the last first.
func History(tx *db.Tx, m ident.Merchant, id ident.Shopper, limit int) ([]Answer, error) {
	return db.All(tx, sqlHistory, scanAnswer, m, id, limit)
}
