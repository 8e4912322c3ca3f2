package api

import (
	"strings"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/returns"
)

// Return is units of an order on their way back, or meant to be.
type Return struct {
	ID         ident.Return     `json:"id"`
	Order      ident.Order      `json:"order"`
	Shopper    ident.Shopper    `json:"shopper"`
	State      returns.State    `json:"state" enum:"held,accepted,ready,deposited,received,decided,closed,cancelled,expired,lost"`
	Ground     fact.Ground      `json:"ground" enum:"policy,withdrawal,conformity,resolution,claim" doc:"By what right: the shop's own offer, a withdrawal, a fault that the seller answers for, a contract resolved because nothing came, or goods that a decision on a claim gives back."`
	Route      fact.Route       `json:"route" enum:"relay,post,store,pickup,keep,own_way,recalled"`
	Settlement fact.Settlement  `json:"settlement" enum:"refund,credit,exchange"`
	Units      int              `json:"units"`
	Value      money.Amount     `json:"value" doc:"What was captured for them."`
	Fee        money.Amount     `json:"fee" doc:"Of the way back, taken from what is refunded."`
	Insured    money.Amount     `json:"insured" doc:"Cover on the way."`
	Premium    money.Amount     `json:"premium" doc:"Of the cover, where the shopper bought more than is included; taken from what is refunded once a label was made."`
	Claim      *money.Amount    `json:"claim,omitempty" doc:"What the carrier owes at most for a parcel that was given up for lost."`
	Late       bool             `json:"late" doc:"A reason is that it arrived late."`
	Legal      bool             `json:"legal" doc:"Asked for while the shopper could withdraw: the law's clock runs beside the shop's."`
	Zone       string           `json:"zone" doc:"By whose clocks its days end."`
	Carrier    ident.Connection `json:"carrier,omitempty" doc:"Over whom its label is made."`
	Pickup     *civil.Day       `json:"pickup,omitempty" doc:"On which it is fetched at the door."`
	MissedAt   civil.Instant    `json:"pickup_missed_at,omitzero" doc:"When nobody had come by the end of that day: another one may be chosen."`
	Point      ident.Point      `json:"point,omitempty" doc:"Chosen to leave it at."`
	Parcel     ident.Parcel     `json:"parcel,omitempty" doc:"Once there is a label: it is followed like any other."`
	Code       string           `json:"code,omitempty" doc:"To show at a store's counter."`
	Withdrawal ident.Withdrawal `json:"withdrawal,omitempty" doc:"The statement it follows from."`
	Why        string           `json:"why,omitempty" doc:"Why a person looks first, or why it was let back in."`
	StockSKU   string           `json:"stock_sku,omitempty" doc:"Wanted in exchange."`
	Stock      returns.Stock    `json:"stock,omitempty" enum:"asked,there,none,silent" doc:"Whether an exchange has its goods; the shop is asked."`
	Exchanged  ident.Order      `json:"exchanged,omitempty" doc:"The order that goes out for it."`
	AskedAt    civil.Instant    `json:"asked_at"`
	LookBy     civil.Instant    `json:"look_by,omitzero" doc:"While it is held: accepted when nobody looked. Once deposited: given up for lost. Exclusive, as all that follow."`
	DepositBy  civil.Instant    `json:"deposit_by,omitzero"`
	Deposited  civil.Instant    `json:"deposited_at,omitzero"`
	ReceiveBy  civil.Instant    `json:"receive_by,omitzero"`
	Received   civil.Instant    `json:"received_at,omitzero"`
	ProcessBy  civil.Instant    `json:"process_by,omitzero" doc:"The shop's own deadline."`
	RefundBy   civil.Instant    `json:"refund_by,omitzero" doc:"The earlier of that one and the law's."`
	ContestBy  civil.Instant    `json:"contest_by,omitzero"`
	StockBy    civil.Instant    `json:"stock_by,omitzero" doc:"Without an answer by then the exchange becomes a refund."`
}

// ReturnDetail is a return with all that came of it.
type ReturnDetail struct {
	Return
	Doubts    []Doubt          `json:"doubts" doc:"What somebody should look at. They hold a return, and never refuse it."`
	Items     []ReturnItem     `json:"items"`
	Labels    []Label          `json:"labels" doc:"The first asked for first."`
	Proof     *Proof           `json:"proof,omitempty" doc:"Of the deposit."`
	Findings  []Finding        `json:"findings" doc:"Of the warehouse, one a unit."`
	Decisions []Decision       `json:"decisions" doc:"The first first."`
	Disputes  []Dispute        `json:"disputes"`
	Seconds   []SecondWord     `json:"seconds" doc:"Of second persons, the first first."`
	Promises  []Commitment     `json:"promises" doc:"About the return, its parcel, its withdrawal and its decisions."`
	Refunds   []Refund         `json:"refunds"`
	Law       *ReturnLaw       `json:"law,omitempty" doc:"Where the law's clock runs."`
	Surcharge *ReturnSurcharge `json:"surcharge,omitempty" doc:"Of a refund that is late by law."`
	Protest   *CarrierProtest  `json:"protest,omitempty" doc:"To the carrier, where articles arrived damaged."`
}

// SecondWord is what a second person said of a held return, or of a decision that
// waited.
type SecondWord struct {
	Decision ident.Decision     `json:"decision,omitempty" doc:"None: of the held return."`
	Verb     returns.SecondVerb `json:"verb" enum:"approve,confirm,drop"`
	By       flow.Actor         `json:"by"`
	Reason   string             `json:"reason"`
	At       civil.Instant      `json:"at"`
}

// Doubt is one thing that somebody should look at.
type Doubt struct {
	Code   string `json:"code"`
	Points int    `json:"points" doc:"A hundred together hold a return for a person."`
}

// ReturnItem is units of one line that come back.
type ReturnItem struct {
	Line      ident.Line        `json:"line"`
	Units     int               `json:"units"`
	Reason    string            `json:"reason,omitempty" doc:"Of the shop's list; none is needed to withdraw."`
	Taxon     returns.Taxon     `json:"taxon" doc:"The word under which the reasons of all shops are counted."`
	Comment   string            `json:"comment,omitempty"`
	Condition returns.Condition `json:"condition,omitempty" enum:"unopened,opened,used,damaged,wrong_article,missing" doc:"As the shopper says."`
	Photos    []ident.Blob      `json:"photos"`
}

// Label is a label of a return, in one format.
type Label struct {
	ID      ident.Label         `json:"id"`
	Format  carrier.LabelFormat `json:"format" enum:"pdf_a4,pdf_10x15,zpl,qr"`
	State   returns.LabelState  `json:"state" enum:"asked,ready,failed,void,used"`
	Number  string              `json:"number,omitempty" doc:"Of the parcel, as the carrier knows it."`
	Code    string              `json:"code,omitempty" doc:"The text inside a QR code."`
	Until   civil.Instant       `json:"until,omitzero" doc:"Until when the carrier takes it, exclusive."`
	Refusal string              `json:"refusal,omitempty" doc:"Why it failed, in the carrier's words."`
	AskedAt civil.Instant       `json:"asked_at"`
}

// ReturnLaw is when the law wants a refund.
type ReturnLaw struct {
	Due      civil.Instant `json:"due,omitzero" doc:"Exclusive; left out while it may be withheld."`
	Alarm    civil.Instant `json:"alarm" doc:"Fourteen days after the statement, whatever holds it back."`
	Withheld bool          `json:"withheld" doc:"Neither the goods nor a proof that they were sent are there."`
}

// ReturnSurcharge is what the law adds to a late refund, today.
type ReturnSurcharge struct {
	DaysLate int           `json:"days_late"`
	Band     string        `json:"band" doc:"Of days of delay."`
	Known    bool          `json:"known" doc:"False when the band is the legal rate and nobody set it."`
	Sums     money.Amount  `json:"sums" doc:"Due and unpaid."`
	Added    *money.Amount `json:"added,omitempty" doc:"While the rate is known."`
	Booked   money.Amount  `json:"booked" doc:"So far."`
}

func showReturn(r returns.Return) Return {
	out := Return{
		ID: r.ID, Order: r.Order, Shopper: r.Shopper, State: r.State, Ground: r.Ground, Route: r.Route, Settlement: r.Settlement,
		Units: r.Units, Value: r.Value, Fee: r.Fee, Insured: r.Insured, Premium: r.Premium, Late: r.Late, Legal: r.Legal, Zone: r.Zone, Carrier: r.Connection,
		Pickup: optional(r.Pickup), MissedAt: r.MissedAt, Point: r.Point, Parcel: r.Parcel, Code: r.Code, Withdrawal: r.Withdrawal, Why: r.Why, StockSKU: r.StockSKU, Stock: r.Stock,
		Exchanged: r.Exchanged, AskedAt: r.Asked, LookBy: r.LookBy, DepositBy: r.DepositBy, Deposited: r.Deposited, ReceiveBy: r.ReceiveBy,
		Received: r.Received, ProcessBy: r.ProcessBy, RefundBy: r.RefundBy, ContestBy: r.ContestBy, StockBy: r.StockBy,
	}
	if claim, lost := r.Claim(); lost {
		out.Claim = &claim
	}
	return out
}

type returnsIn struct {
	Paging
	State returns.State `query:"state" required:"true" enum:"held,accepted,ready,deposited,received,decided,closed,cancelled,expired,lost"`
}

func listReturns(_ *API, tx *db.Tx, c call, in *returnsIn) (List[Return], error) {
	last, err := after[ident.Return](in.Paging)
	if err != nil {
		return List[Return]{}, err
	}
	all, err := returns.In(tx, c.Merchant, in.State, last, in.Limit+1)
	return listed(all, in.Limit, func(r returns.Return) ident.Return { return r.ID }, showReturn), err
}

func returnsOfOrder(_ *API, tx *db.Tx, c call, in *orderPath) (List[Return], error) {
	if _, err := order.Get(tx, c.Merchant, in.ID); err != nil {
		return List[Return]{}, err
	}
	of, err := returns.OfOrders(tx, c.Merchant, []ident.Order{in.ID})
	return whole(of[in.ID], showReturn), err
}

type returnPath struct {
	ID ident.Return `path:"id"`
}

func getReturn(_ *API, tx *db.Tx, c call, in *returnPath) (ReturnDetail, error) {
	f := returnFile{tx: tx, m: c.Merchant}
	err := f.read(in.ID)
	return f.out, err
}

// returnFile puts the detail of a return together.
type returnFile struct {
	tx  *db.Tx
	m   ident.Merchant
	r   returns.Return
	out ReturnDetail
}

func (f *returnFile) read(id ident.Return) (err error) {
	if f.r, err = returns.Get(f.tx, f.m, id); err != nil {
		return err
	}
	f.out.Return = showReturn(f.r)
	f.out.Doubts = mapped(f.r.Doubts, func(d returns.Doubt) Doubt { return Doubt(d) })
	for _, part := range []func() error{f.written, f.promises, f.refunds, f.law, f.protest} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

func (f *returnFile) written() error {
	w, err := returns.RecordOf(f.tx, f.m, f.r.ID)
	f.out.Items, f.out.Labels, f.out.Findings = mapped(w.Items, showItem), mapped(w.Labels, showLabel), mapped(w.Findings, showFinding)
	f.out.Decisions, f.out.Disputes = mapped(w.Decisions, showDecision), mapped(w.Disputes, showDispute)
	f.out.Seconds = mapped(w.Seconds, func(w returns.Word) SecondWord { return SecondWord(w) })
	if w.Proof.ID != "" {
		shown := showProof(w.Proof)
		f.out.Proof = &shown
	}
	return err
}

// promises are those about the return and what belongs to it.
func (f *returnFile) promises() error {
	about := map[string]bool{string(f.r.ID): true}
	for _, id := range []string{string(f.r.Withdrawal), string(f.r.Parcel)} {
		about[id] = id != ""
	}
	for _, d := range f.out.Decisions {
		about[string(d.ID)] = true
	}
	of, err := promise.OfOrders(f.tx, f.m, []ident.Order{f.r.Order})
	f.out.Promises = []Commitment{}
	for _, owed := range of[f.r.Order] {
		if about[owed.About] || strings.HasPrefix(owed.About, string(f.r.ID)+"/") { // of a pick-up
			f.out.Promises = append(f.out.Promises, showCommitment(owed))
		}
	}
	return err
}

func (f *returnFile) refunds() error {
	mine, _, err := payment.OfReturn(f.tx, f.m, f.r.Order, f.r.ID)
	if err != nil {
		return err
	}
	f.out.Refunds, err = showRefunds(f.tx, f.m, mine)
	return err
}

func (f *returnFile) law() error {
	clock, err := f.r.Law(f.tx, f.m)
	if err != nil || clock.Alarm == 0 {
		return err
	}
	f.out.Law = &ReturnLaw{clock.Due, clock.Alarm, clock.Withheld}
	zone, err := civil.Zone(f.r.Zone)
	if err != nil {
		return err
	}
	s, err := returns.SurchargeOf(f.tx, f.m, f.r, f.tx.Now.Day(zone))
	if err != nil || s.DaysLate == 0 {
		return err
	}
	f.out.Surcharge = &ReturnSurcharge{DaysLate: s.DaysLate, Band: s.Band.Code, Known: s.Band.Known, Sums: s.Sums, Booked: s.Booked}
	if s.Band.Known {
		f.out.Surcharge.Added = &s.Added
	}
	return nil
}

func showItem(i returns.Item) ReturnItem {
	return ReturnItem{i.Line, i.Units, i.Reason, i.Taxon, i.Comment, i.Condition, append([]ident.Blob{}, i.Photos...)}
}

func showLabel(l returns.Label) Label {
	return Label{l.ID, l.Format, l.State, l.Number, l.Code, l.Until, l.Refusal, l.Asked}
}

// NewLabel is the form in which a label is wanted.
type NewLabel struct {
	Format carrier.LabelFormat `json:"format" enum:"pdf_a4,pdf_10x15,zpl,qr" doc:"qr needs no printer: the code is shown at the counter."`
}

type labelIn struct {
	ID   ident.Return `path:"id"`
	Body NewLabel
}

// askReturnLabel answers at once: the carrier is asked afterwards.
func askReturnLabel(_ *API, tx *flow.Tx, c call, in *labelIn) (reply[Label], error) {
	l, err := returns.AskLabel(tx, c.Merchant, in.ID, in.Body.Format)
	return accepted(showLabel(l)), err
}

type labelPath struct {
	ID     ident.Return        `path:"id"`
	Format carrier.LabelFormat `query:"format" enum:"pdf_a4,pdf_10x15,zpl,qr" doc:"The first that was made when left out."`
}

// returnLabel is the document of a label. The faults are not_found,
// label_being_made, label_refused and label_void.
func returnLabel(_ *API, tx *db.Tx, c call, in *labelPath) (blob.Blob, error) {
	if _, err := returns.Get(tx, c.Merchant, in.ID); err != nil {
		return blob.Blob{}, err
	}
	of, err := returns.Labels(tx, c.Merchant, []ident.Return{in.ID})
	if err != nil {
		return blob.Blob{}, err
	}
	refused := fault.New(fault.NotFound, "not_found", "label")
	for _, l := range of[in.ID] {
		if in.Format != "" && l.Format != in.Format {
			continue
		}
		switch l.State {
		case returns.LabelReady, returns.LabelUsed:
			return blob.Get(tx, c.Merchant, l.Document)
		case returns.LabelAsked:
			refused = fault.New(fault.Conflict, "label_being_made", "label")
		case returns.LabelVoid:
			refused = fault.New(fault.Conflict, "label_void", "label")
		case returns.LabelFailed:
			refused = fault.New(fault.Conflict, "label_refused", "label", "text", strings.TrimSpace(l.Refusal))
		}
	}
	return blob.Blob{}, refused
}
