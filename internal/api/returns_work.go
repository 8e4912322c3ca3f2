package api

import (
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/returns"
)

type cancelReturnIn struct {
	ID   ident.Return `path:"id"`
	Body Cancellation
}

func cancelReturn(_ *API, tx *flow.Tx, c call, in *cancelReturnIn) (reply[Return], error) {
	r, err := returns.Cancel(tx, c.Merchant, in.ID, in.Body.By)
	return ok(showReturn(r)), err
}

// Reasoning is why a second person lets something pass, or does not.
type Reasoning struct {
	Reason string `json:"reason"`
}

type approveIn struct {
	ID   ident.Return `path:"id"`
	Body Reasoning
}

func approveReturn(_ *API, tx *flow.Tx, c call, in *approveIn) (reply[Return], error) {
	r, err := returns.Approve(tx, c.Merchant, in.ID, in.Body.Reason)
	return ok(showReturn(r)), err
}

// Declining is why a held return may not come back.
type Declining struct {
	Reasons []Because `json:"reasons" maxItems:"100"`
}

// Because is one reason of a decision.
type Because struct {
	Line   ident.Line   `json:"line,omitempty"`
	Code   string       `json:"code"`
	Note   string       `json:"note,omitempty"`
	Photos []ident.Blob `json:"photos,omitempty" maxItems:"10"`
}

type declineIn struct {
	ID   ident.Return `path:"id"`
	Body Declining
}

func declineReturn(_ *API, tx *flow.Tx, c call, in *declineIn) (reply[Decision], error) {
	if err := grounded(tx.Tx, c.Merchant, in.Body.Reasons); err != nil {
		return reply[Decision]{}, err
	}
	d, err := returns.Decline(tx, c.Merchant, in.ID, reasons(in.Body.Reasons))
	return created(showDecision(d)), err
}

func reasons(bs []Because) []returns.Because {
	return mapped(bs, func(b Because) returns.Because { return returns.Because(b) })
}

// grounded checks the photos of reasons.
func grounded(tx *db.Tx, m ident.Merchant, bs []Because) error {
	l := album{tx: tx, m: m}
	for i, b := range bs {
		l.check(fmt.Sprintf("reasons[%d].photos", i), b.Photos)
	}
	return l.err()
}

// NewDeposit is a parcel left at a counter.
type NewDeposit struct {
	Source returns.Source `json:"source" enum:"counter,store,receipt" doc:"Who says so: a relay point, a store of the shop's own, the receipt that the shopper shows."`
	Number string         `json:"number,omitempty" doc:"On the label."`
	Point  ident.Point    `json:"point,omitempty"`
	Place  string         `json:"place" doc:"As it is printed on the proof."`
	Clerk  string         `json:"clerk,omitempty" doc:"Likewise."`
	Device string         `json:"device,omitempty"`
	At     civil.Instant  `json:"at,omitzero" doc:"By the counter's clock; now when left out."`
}

// Proof is the proof of a deposit. Each holds the hash of the one before it.
type Proof struct {
	ID       ident.Deposit  `json:"id"`
	Number   string         `json:"number" doc:"That people read out."`
	Return   ident.Return   `json:"return"`
	Parcel   ident.Parcel   `json:"parcel,omitempty"`
	Source   returns.Source `json:"source" enum:"counter,store,carrier,receipt"`
	Point    ident.Point    `json:"point,omitempty"`
	Place    string         `json:"place"`
	Clerk    string         `json:"clerk,omitempty"`
	Device   string         `json:"device,omitempty"`
	At       civil.Instant  `json:"at"`
	Recorded civil.Instant  `json:"recorded_at"`
	Was      string         `json:"was,omitempty" doc:"Hash of the proof before it."`
	Hash     string         `json:"hash"`
}

func showProof(p returns.Proof) Proof {
	return Proof{
		ID: p.ID, Number: p.Number, Return: p.Return, Parcel: p.Parcel, Source: p.Source, Point: p.Point, Place: p.Place, Clerk: p.Clerk,
		Device: p.Device, At: p.At, Recorded: p.Recorded, Was: p.Was, Hash: p.Hash,
	}
}

type depositIn struct {
	ID   ident.Return `path:"id"`
	Body NewDeposit
}

func depositReturn(_ *API, tx *flow.Tx, c call, in *depositIn) (reply[Proof], error) {
	if err := seen(tx.Tx, c.Merchant, in.Body.Point); err != nil {
		return reply[Proof]{}, err
	}
	p, err := returns.Deposit(tx, c.Merchant, in.ID, returns.Left(in.Body))
	return freshly(p.Recorded == tx.Now, showProof(p)), err
}

// seen refuses a point that there is not, or another merchant's store. The fault
// is unknown_value.
func seen(tx *db.Tx, m ident.Merchant, id ident.Point) error {
	if id == "" {
		return nil
	}
	p, err := relay.Get(tx, id)
	if fault.KindOf(err) == fault.NotFound || err == nil && p.Owner() != "" && p.Owner() != m {
		return fault.New(fault.Invalid, "unknown_value", "point", "value", string(id))
	}
	return err
}

func receiveReturn(_ *API, tx *flow.Tx, c call, in *returnPath) (reply[Return], error) {
	r, err := returns.Receive(tx, c.Merchant, in.ID)
	return ok(showReturn(r)), err
}

// Inspection is what a warehouse found in one parcel.
type Inspection struct {
	Findings []NewFinding `json:"findings" maxItems:"500" doc:"One a unit, surplus ones too."`
	Grams    int          `json:"grams,omitempty" doc:"On the scale."`
}

// NewFinding is what is said of one unit that came back.
type NewFinding struct {
	Line      ident.Line        `json:"line,omitempty" doc:"Left out for an article that is not of this order."`
	Condition returns.Condition `json:"condition,omitempty" enum:"unopened,opened,used,damaged,wrong_article,missing"`
	Outcome   returns.Disposal  `json:"outcome" enum:"restock,refurbish,second_hand,donate,recycle,destroy"`
	Ground    string            `json:"ground,omitempty" doc:"In law, to destroy it."`
	Note      string            `json:"note,omitempty"`
	Photos    []ident.Blob      `json:"photos,omitempty" maxItems:"10"`
}

// Finding is one of them as it is kept.
type Finding struct {
	ID ident.Finding `json:"id"`
	NewFinding
	Surplus   bool          `json:"surplus" doc:"Nobody announced it."`
	Inspector flow.Actor    `json:"inspector"`
	At        civil.Instant `json:"at"`
}

func showFinding(f returns.Finding) Finding {
	return Finding{f.ID, NewFinding{f.Line, f.Condition, f.Outcome, f.Ground, f.Note, f.Photos}, f.Surplus, f.Inspector, f.At}
}

type inspectIn struct {
	ID   ident.Return `path:"id"`
	Body Inspection
}

func inspectReturn(_ *API, tx *flow.Tx, c call, in *inspectIn) (reply[Return], error) {
	l := album{tx: tx.Tx, m: c.Merchant}
	found := returns.Inspection{Grams: in.Body.Grams}
	for i, f := range in.Body.Findings {
		l.check(fmt.Sprintf("findings[%d].photos", i), f.Photos)
		found.Findings = append(found.Findings, returns.Finding{
			Line: f.Line, Condition: f.Condition, Outcome: f.Outcome, Ground: f.Ground, Note: f.Note, Photos: f.Photos,
		})
	}
	if err := l.err(); err != nil {
		return reply[Return]{}, err
	}
	r, err := returns.Inspect(tx, c.Merchant, in.ID, found)
	return ok(showReturn(r)), err
}

// Ruling is what somebody decides about a return.
type Ruling struct {
	Outcome fact.Outcome `json:"outcome" enum:"full,partial,refused"`
	Reasons []Because    `json:"reasons,omitempty" maxItems:"100" doc:"Needed unless it is full."`
	Lines   []PaidLine   `json:"lines,omitempty" maxItems:"1000" doc:"Of a partial one: what is paid, line by line."`
}

// PaidLine is money for units of one line.
type PaidLine struct {
	Line   ident.Line   `json:"line"`
	Units  int          `json:"units,omitempty" doc:"None on the line of delivery."`
	Amount money.Amount `json:"amount"`
}

func (r Ruling) ruling() returns.Ruling {
	return returns.Ruling{
		Outcome: r.Outcome, Reasons: reasons(r.Reasons), Lines: mapped(r.Lines, func(l PaidLine) fact.RefundLine { return fact.RefundLine(l) }),
	}
}

// Decision is what is owed for a return, and who said so.
type Decision struct {
	ID         ident.Decision        `json:"id"`
	Return     ident.Return          `json:"return"`
	Sequence   int                   `json:"sequence"`
	State      returns.DecisionState `json:"state" enum:"waiting,final,dropped"`
	Outcome    fact.Outcome          `json:"outcome" enum:"full,partial,refused"`
	Settlement fact.Settlement       `json:"settlement" enum:"refund,credit,exchange"`
	Reasons    []Because             `json:"reasons"`
	Amount     money.Amount          `json:"amount"`
	Lines      []PaidLine            `json:"lines"`
	Withheld   []Withheld            `json:"withheld" doc:"Kept of the lines, each sum by its name; the lines are less by it already."`
	Why        string                `json:"why,omitempty" doc:"Why a second person is needed."`
	By         flow.Actor            `json:"by"`
	At         civil.Instant         `json:"at"`
	Second     flow.Actor            `json:"second,omitempty" doc:"Who let it pass, or did not."`
	FinalAt    civil.Instant         `json:"final_at,omitzero"`
	RefundBy   civil.Instant         `json:"refund_by,omitzero" doc:"Exclusive."`
	PaidAt     civil.Instant         `json:"paid_at,omitzero"`
}

// Withheld is what is kept of one line.
type Withheld struct {
	Charge fact.Charge  `json:"charge" enum:"way_back,cover" doc:"The way back, or the cover that the shopper bought for it."`
	Line   ident.Line   `json:"line"`
	Amount money.Amount `json:"amount"`
}

func showDecision(d returns.Decision) Decision {
	return Decision{
		ID: d.ID, Return: d.Return, Sequence: d.Sequence, State: d.State, Outcome: d.Outcome, Settlement: d.Settlement,
		Reasons: mapped(d.Reasons, func(b returns.Because) Because { return Because(b) }), Amount: d.Amount,
		Lines: mapped(d.Lines, func(l fact.RefundLine) PaidLine { return PaidLine(l) }), Why: d.Why, By: d.By, At: d.At, Second: d.Second,
		Withheld: mapped(d.Withheld, func(w fact.Withheld) Withheld { return Withheld(w) }), FinalAt: d.FinalAt, RefundBy: d.RefundBy, PaidAt: d.Paid,
	}
}

type decideIn struct {
	ID   ident.Return `path:"id"`
	Body Ruling
}

func decideReturn(_ *API, tx *flow.Tx, c call, in *decideIn) (reply[Decision], error) {
	if err := grounded(tx.Tx, c.Merchant, in.Body.Reasons); err != nil {
		return reply[Decision]{}, err
	}
	d, err := returns.Decide(tx, c.Merchant, in.ID, in.Body.ruling())
	return created(showDecision(d)), err
}

type secondIn struct {
	ID   ident.Decision `path:"id"`
	Body Reasoning
}

func confirmDecision(_ *API, tx *flow.Tx, c call, in *secondIn) (reply[Decision], error) {
	d, err := returns.Confirm(tx, c.Merchant, in.ID, in.Body.Reason)
	return ok(showDecision(d)), err
}

func dropDecision(_ *API, tx *flow.Tx, c call, in *secondIn) (reply[nothing], error) {
	return done(), returns.Drop(tx, c.Merchant, in.ID, in.Body.Reason)
}

// StockAnswer is the shop's word on the goods an exchange needs.
type StockAnswer struct {
	There bool `json:"there"`
}

type stockIn struct {
	ID   ident.Return `path:"id"`
	Body StockAnswer
}

func answerStock(_ *API, tx *flow.Tx, c call, in *stockIn) (reply[Return], error) {
	r, err := returns.AnswerStock(tx, c.Merchant, in.ID, in.Body.There)
	return ok(showReturn(r)), err
}

// Exchange is the order that goes out for a return.
type Exchange struct {
	Order ident.Order `json:"order"`
}

type exchangeIn struct {
	ID   ident.Return `path:"id"`
	Body Exchange
}

func linkExchange(_ *API, tx *flow.Tx, c call, in *exchangeIn) (reply[Return], error) {
	_, err := order.Get(tx.Tx, c.Merchant, in.Body.Order)
	if fault.KindOf(err) == fault.NotFound {
		err = fault.New(fault.Invalid, "unknown_value", "order", "value", string(in.Body.Order))
	}
	if err != nil {
		return reply[Return]{}, err
	}
	if err := returns.Exchanged(tx, c.Merchant, in.ID, in.Body.Order); err != nil {
		return reply[Return]{}, err
	}
	r, err := returns.Get(tx.Tx, c.Merchant, in.ID)
	return ok(showReturn(r)), err
}
