package api

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
)

// Statement is what somebody says in a dispute, with what shows it.
type Statement struct {
	By     fact.Party   `json:"by" enum:"shopper,merchant"`
	Words  string       `json:"words"`
	Photos []ident.Blob `json:"photos,omitempty" maxItems:"10"`
}

// Said is a statement as it is kept.
type Said struct {
	Statement
	Actor flow.Actor    `json:"actor"`
	At    civil.Instant `json:"at"`
}

// Dispute is a decision that one side does not accept.
type Dispute struct {
	ID       ident.Dispute        `json:"id"`
	Return   ident.Return         `json:"return"`
	Decision ident.Decision       `json:"decision"`
	By       fact.Party           `json:"by"`
	State    returns.DisputeState `json:"state" enum:"open,asked,upheld,rejected" doc:"open: the shop is to answer; asked: the shopper is."`
	OpenedAt civil.Instant        `json:"opened_at"`
	AnswerBy civil.Instant        `json:"answer_by" doc:"Exclusive, of whoever is to answer; silence is resolved by rule."`
	Settled  civil.Instant        `json:"settled_at,omitzero"`
	ByRule   bool                 `json:"by_rule" doc:"Settled by its deadline."`
	Settler  flow.Actor           `json:"settler,omitempty" doc:"The second person."`
	Said     []Said               `json:"said"`
}

func showDispute(d returns.Dispute) Dispute {
	return Dispute{
		ID: d.ID, Return: d.Return, Decision: d.Decision, By: d.By, State: d.State, OpenedAt: d.Opened, AnswerBy: d.AnswerBy,
		Settled: d.Settled, ByRule: d.ByRule, Settler: d.Settler, Said: mapped(d.Said, func(s returns.Said) Said {
			return Said{Statement{s.By, s.Words, s.Photos}, s.Actor, s.At}
		}),
	}
}

// photos checks those that the statement names.
func (s Statement) photos(tx *db.Tx, m ident.Merchant) error {
	l := album{tx: tx, m: m}
	l.check("photos", s.Photos)
	return l.err()
}

type contestIn struct {
	ID   ident.Return `path:"id"`
	Body Statement
}

func contestReturn(_ *API, tx *flow.Tx, c call, in *contestIn) (reply[Dispute], error) {
	if err := in.Body.photos(tx.Tx, c.Merchant); err != nil {
		return reply[Dispute]{}, err
	}
	d, err := returns.Contest(tx, c.Merchant, in.ID, returns.Statement(in.Body))
	return created(showDispute(d)), err
}

type answerDisputeIn struct {
	ID   ident.Dispute `path:"id"`
	Body Statement
}

func answerDispute(_ *API, tx *flow.Tx, c call, in *answerDisputeIn) (reply[Dispute], error) {
	if err := in.Body.photos(tx.Tx, c.Merchant); err != nil {
		return reply[Dispute]{}, err
	}
	d, err := returns.Answer(tx, c.Merchant, in.ID, returns.Statement(in.Body))
	return created(showDispute(d)), err
}

// Settling is the second person's word on a dispute.
type Settling struct {
	Upheld bool    `json:"upheld" doc:"What the shopper said stands."`
	Words  string  `json:"words"`
	Ruling *Ruling `json:"ruling,omitempty" doc:"When it is upheld: what is owed beyond what was decided. None for a return that was declined before it was sent: it may come back."`
}

type settleIn struct {
	ID   ident.Dispute `path:"id"`
	Body Settling
}

func settleDispute(_ *API, tx *flow.Tx, c call, in *settleIn) (reply[Dispute], error) {
	b := in.Body
	var ruling returns.Ruling
	if b.Ruling != nil {
		if err := grounded(tx.Tx, c.Merchant, b.Ruling.Reasons); err != nil {
			return reply[Dispute]{}, named(err, "reasons", "ruling.reasons")
		}
		ruling = b.Ruling.ruling()
	}
	d, err := returns.Settle(tx, c.Merchant, in.ID, b.Upheld, ruling, b.Words)
	return ok(showDispute(d)), named(err, "outcome", "ruling.outcome", "reasons", "ruling.reasons", "lines", "ruling.lines")
}
