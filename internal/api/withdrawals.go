package api

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
)

// NewWithdrawal is a consumer's statement that they withdraw from the contract.
// Nothing but the three texts may be asked of them.
type NewWithdrawal struct {
	Name     string   `json:"name"`
	Contract string   `json:"contract" doc:"What identifies it, as they wrote it."`
	Email    string   `json:"email" doc:"Where the acknowledgement goes."`
	Units    []Packed `json:"units,omitempty" maxItems:"1000" doc:"All of the order when left out."`
}

// Withdrawal is a statement as it was received. It is never changed.
type Withdrawal struct {
	ID            ident.Withdrawal `json:"id"`
	Order         ident.Order      `json:"order,omitempty"`
	Statement     string           `json:"statement" doc:"The whole of it, with the instant."`
	Hash          string           `json:"hash" doc:"SHA-256 of the statement, in hexadecimal."`
	SentAt        civil.Instant    `json:"sent_at"`
	InTime        bool             `json:"in_time"`
	Until         civil.Instant    `json:"until,omitzero" doc:"Until when it could be sent, exclusive; left out while no time runs."`
	Notice        ident.Policy     `json:"notice,omitempty" doc:"What the shopper had been told of the right."`
	Units         int              `json:"units" doc:"Withdrawn from, those that the law leaves out not counted."`
	Lines         []Renounced      `json:"lines"`
	Return        ident.Return     `json:"return,omitempty" doc:"Opened for it; none when nothing was sent."`
	SendBackBy    civil.Instant    `json:"send_back_by,omitzero" doc:"Exclusive, as those that follow."`
	RefundBy      civil.Instant    `json:"refund_by"`
	AcknowledgeBy civil.Instant    `json:"acknowledge_by"`
	Acknowledged  civil.Instant    `json:"acknowledged_at,omitzero"`
}

// Renounced is units of a line withdrawn from.
type Renounced struct {
	Line     ident.Line `json:"line"`
	Units    int        `json:"units"`
	Excluded string     `json:"excluded,omitempty" doc:"Why the law leaves the line out, as told before the purchase."`
}

func showWithdrawal(w returns.Withdrawal) Withdrawal {
	return Withdrawal{
		ID: w.ID, Order: w.Order, Statement: w.Statement, Hash: w.Hash, SentAt: w.Sent, InTime: w.InTime, Until: w.Until, Notice: w.Notice,
		Units: w.Units, Lines: mapped(w.Lines, func(l returns.Renounced) Renounced { return Renounced(l) }), Return: w.Return,
		SendBackBy: w.SendBackBy, RefundBy: w.RefundBy, AcknowledgeBy: w.AcknowledgeBy, Acknowledged: w.Acknowledged,
	}
}

type withdrawIn struct {
	ID   ident.Order `path:"id"`
	Body NewWithdrawal
}

// withdraw goes by the request's own key and words for ever; without a key, by
// what the statement says.
func withdraw(_ *API, tx *flow.Tx, c call, in *withdrawIn) (reply[Withdrawal], error) {
	b := in.Body
	packed := NewParcel{Units: b.Units}
	units, err := packed.units()
	if err != nil {
		return reply[Withdrawal]{}, err
	}
	wanted := returns.Renouncing{Order: in.ID, Name: b.Name, Contract: b.Contract, Email: b.Email, Units: units}
	if c.key != "" {
		wanted.Key = ident.Hash(c.key + "\n" + c.print)
	}
	w, fresh, err := returns.Withdraw(tx, c.Merchant, wanted)
	return freshly(fresh, showWithdrawal(w)), named(err, packed.paths()...)
}

type withdrawalPath struct {
	ID ident.Withdrawal `path:"id"`
}

func getWithdrawal(_ *API, tx *db.Tx, c call, in *withdrawalPath) (Withdrawal, error) {
	w, err := returns.GetWithdrawal(tx, c.Merchant, in.ID)
	return showWithdrawal(w), err
}

// Notice is what a shop tells consumers of their right to withdraw.
type Notice struct {
	ID    ident.Policy `json:"id,omitempty" doc:"Of this version: the proof of having told, for orders placed from now on."`
	Words string       `json:"words" doc:"As they read before they buy."`
}

type noticeIn struct{ Body Notice }

func setNotice(_ *API, tx *flow.Tx, c call, in *noticeIn) (reply[Notice], error) {
	id, err := returns.SetNotice(tx, c.Merchant, in.Body.Words)
	return ok(Notice{id, in.Body.Words}), named(err, "source", "words")
}
