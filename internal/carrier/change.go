package carrier

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/egress"
)

// Allowance is one change that a carrier takes about a parcel of a service.
type Allowance struct {
	What   fact.ChangeKind
	Before time.Duration // it takes it until so long before the delivery was to begin
	OnRoad bool          // and still while the parcel is out for delivery
	Within time.Duration // how long it takes to answer
	Holds  bool          // it can agree first, and carry it out when it is told
}

// ChangeStep is which part of a change a carrier is asked for, of one that several
// carriers carry out together or not at all. Of any other there is but one.
type ChangeStep string

// The steps.
const (
	ChangeWhole   ChangeStep = ""        // do it
	ChangeHold    ChangeStep = "hold"    // say whether you would, and keep it possible until HoldUntil
	ChangeConfirm ChangeStep = "confirm" // do what you agreed to
	ChangeRelease ChangeStep = "release" // what you agreed to is not wanted any more; unknown is fine
)

// ChangeRequest is all that a carrier is told of a change. Words are the
// shopper's: a place, a neighbour's name.
type ChangeRequest struct {
	Change    ident.Change    `json:"change"`
	Order     ident.Order     `json:"order"`
	Reference string          `json:"reference"`                 // of the order, as the merchant knows it
	Number    string          `json:"tracking_number,omitempty"` // empty: nothing is packed yet
	Asks      fact.ChangeKind `json:"question"`
	From      civil.Instant   `json:"from,omitzero"`
	Until     civil.Instant   `json:"until,omitzero"`    // exclusive
	Point     string          `json:"point,omitempty"`   // the network's own code
	To        *ChangeAddress  `json:"address,omitempty"` // of another door
	Words     string          `json:"words,omitempty"`
	Step      ChangeStep      `json:"step,omitempty"`
	HoldUntil civil.Instant   `json:"hold_until,omitzero"` // of a hold
}

// ChangeAddress is a door as a carrier is told of it.
type ChangeAddress struct {
	Name     string `json:"name"`
	Street   string `json:"street"`
	Extra    string `json:"extra,omitempty"` // floor, door, company
	Postcode string `json:"postcode"`
	City     string `json:"city"`
	Country  string `json:"country"` // ISO 3166-1 alpha-2
	Phone    string `json:"phone,omitempty"`
}

// ChangeOutcome is what a carrier says to a change.
type ChangeOutcome string

// The outcomes. Taken is that it has the question, and no answer yet.
const (
	ChangeAccepted ChangeOutcome = "accepted"
	ChangeRefused  ChangeOutcome = "refused"
	ChangeTaken    ChangeOutcome = "taken"
)

// ChangeAnswer is what it said, and why not.
type ChangeAnswer struct {
	Outcome ChangeOutcome     `json:"outcome"`
	Reason  fact.ChangeReason `json:"reason"`
	Text    string            `json:"text"` // its own words, made fit to be shown
}

// Changer is an adapter whose carrier can be told to deliver otherwise. The
// errors of Change are Refusals.
type Changer interface {
	// Changes are what it takes about a parcel of a service; none: nothing.
	Changes(s Service) []Allowance
	// Change asks for one. The key is the same on every try.
	Change(ctx context.Context, out *egress.Client, c Connection, key string, r ChangeRequest) (ChangeAnswer, error)
}

// ChangePage is an adapter whose carrier takes changes on a page of its own, from
// whoever receives the parcel and from nobody else.
type ChangePage interface {
	ChangePage(number string) string
}

// PostChange puts a change to the address at which a connection takes questions:
// for adapters whose carrier speaks our own words. A 200 is the answer, a 202 says
// that it comes later, by the API.
func PostChange(ctx context.Context, out *egress.Client, c Connection, key string, r ChangeRequest) (ChangeAnswer, error) {
	body, err := json.Marshal(r)
	if err != nil {
		return ChangeAnswer{}, Refusal{Why: RefusedRequest, Final: true, Err: err}
	}
	a, err := Exchange(ctx, out, egress.Call{
		To: string(c.ID), Method: "POST", URL: c.Inquiries, Body: body,
		Header: map[string]string{"Content-Type": "application/json", "Idempotency-Key": key},
	})
	switch {
	case err != nil:
		return ChangeAnswer{}, err
	case a.Status == 202:
		return ChangeAnswer{Outcome: ChangeTaken}, nil
	case a.Status != 200:
		return ChangeAnswer{Outcome: ChangeRefused, Reason: fact.ChangeSaidNo}, nil
	}
	var said ChangeAnswer
	if err := json.Unmarshal(a.Body, &said); err != nil {
		return ChangeAnswer{}, Unread("no answer to a change", err)
	}
	return said.Read()
}

// Read brings an answer to the words there are. The error is a Refusal, of what
// is no answer: unknown is not success.
func (a ChangeAnswer) Read() (ChangeAnswer, error) {
	a.Text = Said(a.Text)
	switch {
	case a.Outcome == ChangeAccepted:
		a.Reason = ""
	case a.Outcome == ChangeTaken:
		return ChangeAnswer{Outcome: ChangeTaken}, nil
	case a.Outcome != ChangeRefused:
		return ChangeAnswer{}, Unread("outcome "+Said(string(a.Outcome)), nil)
	case !slices.Contains(fact.ChangeReasons, a.Reason):
		a.Reason = fact.ChangeSaidNo
	}
	return a, nil
}
