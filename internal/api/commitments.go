package api

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/remedy"
)

// Commitment is something owed to a shopper by an instant.
type Commitment struct {
	ID          ident.Commitment `json:"id"`
	Order       ident.Order      `json:"order"`
	Owed        fact.Owed        `json:"owed" enum:"deliver_by,deliver_in_slot,complete,refund_by,acknowledge_by" doc:"In hand by 'until'; handed over inside the slot; beside one of these, every unit there and undamaged; about a return, its parcel back (deliver_by), its money sent, its withdrawal acknowledged."`
	About       string           `json:"about,omitempty" doc:"The return, the withdrawal or the decision it is about; left out for what is owed on the way out."`
	From        civil.Instant    `json:"from,omitzero" doc:"First instant of the window shown."`
	Until       civil.Instant    `json:"until" doc:"Exclusive: a day ends at the first instant of the next."`
	Consented   civil.Instant    `json:"consented,omitzero" doc:"From when the shopper lets the courier come before the slot."`
	ContestedAt civil.Instant    `json:"contested_at,omitzero" doc:"Since when the shopper contests a scan that the last verdict rests on: it counts in no measure until that is decided."`
	Zone        string           `json:"zone" doc:"Of the destination."`
	State       fact.State       `json:"state" enum:"open,kept,broken,amended,void"`
	Origin      promise.Origin   `json:"origin" enum:"quote,rule,law"`
	Confidence  float64          `json:"confidence,omitempty" doc:"Probability of being kept, as stated with the quote."`
	Text        string           `json:"text" doc:"The words the shopper read."`
	MadeAt      civil.Instant    `json:"made_at"`
	ToldAt      civil.Instant    `json:"told_at,omitzero" doc:"When the shopper was first told about the trouble, before the deadline."`
	Predecessor ident.Commitment `json:"predecessor,omitempty"`
	Successor   ident.Commitment `json:"successor,omitempty" doc:"The one the shopper chose instead."`
}

// CommitmentDetail is a commitment with all that came of it.
type CommitmentDetail struct {
	Commitment
	Verdicts []Verdict `json:"verdicts" doc:"The judgement, then its corrections; the last one counts."`
	Warnings []Warning `json:"warnings"`
	Remedy   *Remedy   `json:"remedy,omitempty"`
}

// Verdict is a ruling as it was written down.
type Verdict struct {
	ID        ident.Verdict `json:"id"`
	At        civil.Instant `json:"at"`
	State     fact.State    `json:"state" enum:"kept,broken,void"`
	Reason    string        `json:"reason" doc:"The rule that decided."`
	LateBy    int           `json:"late_by_seconds,omitempty" doc:"At least so much."`
	LateKnown bool          `json:"late_known" doc:"It arrived: late_by_seconds grows no more."`
	EarlyBy   int           `json:"early_by_seconds,omitempty" doc:"Before the slot, at least so much."`
	Missing   int           `json:"missing_units,omitempty" doc:"What a complete order lacks."`
	Lines     int           `json:"missing_lines,omitempty" doc:"Over how many lines."`
	Liable    fact.Party    `json:"liable"`
	Trust     fact.Trust    `json:"trust"`
	Told      bool          `json:"told" doc:"The shopper had been told before the deadline."`
	Evidence  []ident.Event `json:"evidence"`
}

// Warning is a risk that somebody was warned of.
type Warning struct {
	ID          ident.Warning `json:"id"`
	At          civil.Instant `json:"at"`
	Cause       string        `json:"cause"`
	Probability float64       `json:"probability" doc:"Of missing the deadline."`
}

// Remedy is the consequence of one broken commitment.
type Remedy struct {
	ID         ident.Remedy     `json:"id"`
	Commitment ident.Commitment `json:"commitment"`
	State      remedy.State     `json:"state" enum:"waiting,granted,refused"`
	Reason     string           `json:"reason,omitempty" doc:"Why it is refused."`
	Next       civil.Instant    `json:"next,omitzero" doc:"While waiting: when the policy's next threshold is crossed."`
	DecidedAt  civil.Instant    `json:"decided_at,omitzero"`
	Grants     []Given          `json:"grants"`
}

// Given is one line of a granted remedy.
type Given struct {
	Rule   string       `json:"rule"`
	Kind   remedy.Kind  `json:"kind" enum:"delivery,goods"`
	Amount money.Amount `json:"amount"`
}

type commitmentsIn struct {
	Paging
	State fact.State `query:"state" enum:"open,kept,broken,amended,void" doc:"All when left out."`
}

func listCommitments(_ *API, tx *db.Tx, c call, in *commitmentsIn) (List[Commitment], error) {
	last, err := after[ident.Commitment](in.Paging)
	if err != nil {
		return List[Commitment]{}, err
	}
	page := promise.Page{State: in.State, After: last, Limit: in.Limit + 1}
	all, err := promise.List(tx, c.Merchant, page)
	return listed(all, in.Limit, func(x promise.Commitment) ident.Commitment { return x.ID }, showCommitment), err
}

type commitmentPath struct {
	ID ident.Commitment `path:"id"`
}

func getCommitment(_ *API, tx *db.Tx, c call, in *commitmentPath) (d CommitmentDetail, err error) {
	x, err := promise.Get(tx, c.Merchant, in.ID)
	if err != nil {
		return d, err
	}
	verdicts, err := promise.Verdicts(tx, c.Merchant, x.ID)
	if err != nil {
		return d, err
	}
	warnings, err := promise.Warnings(tx, c.Merchant, []ident.Commitment{x.ID})
	if err != nil {
		return d, err
	}
	d = CommitmentDetail{
		Commitment: showCommitment(x), Verdicts: mapped(verdicts, showVerdict), Warnings: mapped(warnings[x.ID], showWarning),
	}
	remedies, err := remediesOf(tx, c.Merchant, x.Order)
	for _, r := range remedies {
		if r.Commitment == x.ID {
			d.Remedy = &r
		}
	}
	return d, err
}

// Amendment is another day that the shopper chose.
type Amendment struct {
	Day     civil.Day  `json:"day"`
	AskedBy fact.Party `json:"asked_by" enum:"shopper" doc:"Only the shopper's own choice moves a date."`
}

type amendIn struct {
	ID   ident.Commitment `path:"id"`
	Body Amendment
}

func amendCommitment(_ *API, tx *flow.Tx, c call, in *amendIn) (reply[Commitment], error) {
	old, err := promise.Get(tx.Tx, c.Merchant, in.ID)
	if err != nil {
		return reply[Commitment]{}, err
	}
	zone, err := civil.Zone(old.Zone)
	if err != nil {
		return reply[Commitment]{}, err
	}
	day := in.Body.Day
	if day == (old.Until - 1).Day(zone) {
		return reply[Commitment]{}, fault.New(fault.Invalid, "amend_same_day", "day")
	}
	next, err := promise.Amend(tx, c.Merchant, in.ID, promise.Amendment{
		From: day.Start(zone), Until: day.End(zone), By: in.Body.AskedBy,
		Shown: dayWords(old, day), Locale: old.Locale,
	})
	return created(showCommitment(next)), named(err, "until", "day", "by", "asked_by")
}

func showCommitment(c promise.Commitment) Commitment {
	return Commitment{
		ID: c.ID, Order: c.Order, About: c.About, Owed: c.Owed, From: c.From, Until: c.Until, Consented: c.Consented, ContestedAt: c.Contested, Zone: c.Zone, State: c.State, Origin: c.Origin,
		Confidence: c.Confidence, Text: c.Shown, MadeAt: c.Made, ToldAt: c.ToldAt,
		Predecessor: c.Predecessor, Successor: c.Successor,
	}
}

func showVerdict(v promise.Verdict) Verdict {
	return Verdict{
		ID: v.ID, At: v.At, State: v.State, Reason: v.Reason, LateBy: seconds(v.LateBy), LateKnown: v.LateKnown,
		EarlyBy: seconds(v.EarlyBy), Missing: v.MissingUnits, Lines: v.MissingLines,
		Liable: v.Liable, Trust: v.Trust, Told: v.Told, Evidence: append([]ident.Event{}, v.Evidence...),
	}
}

func showWarning(w promise.Warning) Warning { return Warning{w.ID, w.At, w.Cause, w.Probability} }

// remediesOf reads the remedies of an order.
func remediesOf(tx *db.Tx, m ident.Merchant, id ident.Order) ([]Remedy, error) {
	of, err := remedy.OfOrders(tx, m, []ident.Order{id})
	return mapped(of[id], showRemedy), err
}

func showRemedy(r remedy.Remedy) Remedy {
	out := Remedy{
		ID: r.ID, Commitment: r.Commitment, State: r.State, Reason: r.Reason, DecidedAt: r.Decided,
		Grants: mapped(r.Grants, func(g remedy.Grant) Given { return Given{g.Rule, g.Kind, g.Amount} }),
	}
	if r.State == remedy.Waiting {
		out.Next = r.Next
	}
	return out
}
