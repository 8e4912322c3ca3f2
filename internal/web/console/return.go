package console

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// returnPage is a return before it is HTML.
type returnPage struct {
	ui.Frame
	Back        pair // the way back to the list
	Badge       string
	Tone        ui.Tone
	Done, Wrong string
	Next        string // what is due, and by when
	Head        block  // who, what for, how
	Doubts      []block
	Goods       []block
	Way         []block
	Found       []block
	Rulings     []block
	Money       []block
	Disputes    []block
	Clocks      []block
	Timeline    []moment
}

func (c Config) sendback(r *http.Request) (a ui.Answer, err error) { return c.sendbackPage(r, "") }

// sendbackPage shows a return, and what was refused when something was.
func (c Config) sendbackPage(r *http.Request, wrong string) (a ui.Answer, err error) {
	var p returnPage
	err = c.readBack(r, func(_ *db.Tx, v visit, b *sentback) error {
		p = b.page(newDesk(r, b.T("returns_desk.one_title", map[string]any{"Reference": b.order.Reference})).Frame, v)
		return nil
	})
	p.Done, p.Wrong = done(r, p.Locale), wrong
	if wrong != "" {
		a.Status, p.Done = http.StatusUnprocessableEntity, ""
	}
	a.Page = returnView(p)
	return a, err
}

func (b *sentback) page(f ui.Frame, v visit) returnPage {
	p := returnPage{
		Frame: f, Back: pair{b.T("returns_desk.to_list", nil), "/console/returns"}, Badge: returnBadge(b.Reading, b.back.State),
		Tone: returnTone(b.back, b.Now), Next: nextOf(b.Reading, b.back), Head: b.head(v), Doubts: b.doubts(), Goods: b.goodsBack(),
		Way: slices.Concat(b.protests(v), b.claim(), b.way()), Found: b.findings(), Rulings: b.decisions(v), Money: b.money(v), Disputes: b.quarrels(v), Clocks: b.clocks(),
		Timeline: b.story(),
	}
	if slices.ContainsFunc(b.rulings, waitsForSecond) {
		p.Tone, p.Badge = ui.Care, b.T("returns_desk.state_second", nil)
	}
	return p
}

// head is who asked for what, and what this reader may do about it now.
func (b *sentback) head(v visit) block {
	h := block{
		Facts: []pair{
			{b.T("console.bought_by", nil), cmp.Or(b.who.Name, b.who.Email)},
			{b.T("returns_desk.asked", nil), b.T("returns_desk.asked_by", map[string]any{"When": b.When(b.back.Asked, fact.Minute), "Who": b.actor(b.back.AskedBy)})},
			{b.T("returns_desk.ground", nil), groundOf(b.Reading, b.back.Ground)},
			{b.T("returns_desk.route", nil), routeWords(b.Reading, b.back.Route)},
			{b.T("returns_desk.settlement", nil), settlementWords(b.Reading, b.back.Settlement)},
			{b.T("returns_desk.paid_for", nil), lang.Amount(b.Locale, b.back.Value)},
		},
		Links: []pair{{b.T("returns_desk.to_order", map[string]any{"Reference": b.order.Reference}), orderPath(b.order.ID)}},
	}
	h.Facts = append(h.Facts, b.letPass()...)
	if b.back.Fee.Minor > 0 {
		h.Facts = append(h.Facts, pair{b.T("returns_desk.fee", nil), lang.Amount(b.Locale, b.back.Fee)})
	}
	if from, _, ok := b.back.Fetched(); ok {
		h.Facts = append(h.Facts, pair{b.T("returns_desk.pickup", nil), b.When(from, fact.ADay)})
	}
	if b.back.Insured.Minor > 0 {
		h.Facts = append(h.Facts, pair{b.T("returns_desk.insured", nil), lang.Amount(b.Locale, b.back.Insured)})
	}
	if b.back.Premium.Minor > 0 {
		h.Facts = append(h.Facts, pair{b.T("returns_desk.premium", nil), lang.Amount(b.Locale, b.back.Premium)})
	}
	if b.back.Late {
		h.Notes = append(h.Notes, b.T("returns_desk.came_late", nil))
	}
	if b.back.Withdrawal != "" {
		h.Links = append(h.Links, pair{b.T("returns_desk.to_withdrawal", nil), withdrawalPath(b.back.Withdrawal)})
	}
	if b.back.Exchanged != "" {
		h.Links = append(h.Links, pair{b.T("returns_desk.to_exchange", nil), orderPath(b.back.Exchanged)})
	}
	h.Deeds = b.deeds(v)
	h.Links = append(h.Links, b.ways(v)...)
	return h
}

// ways are the pages on which this reader goes on with the return.
func (b *sentback) ways(v visit) (out []pair) {
	comes := slices.Contains([]returns.State{returns.Accepted, returns.Ready, returns.Deposited, returns.Received, returns.Cancelled, returns.Expired, returns.Lost}, b.back.State)
	if comes && b.back.Route != fact.BackNotNeeded && v.may(merchant.ShipParcels) {
		out = append(out, pair{b.T("returns_desk.to_inspect", nil), receptionPath(b.back.ID)})
	}
	if b.mayDecide() && v.may(merchant.GiveBack) {
		out = append(out, pair{b.T("returns_desk.to_decide", nil), returnPath(b.back.ID) + "/decide"})
	}
	if len(b.rulings) > 0 {
		out = append(out, pair{b.T("returns_desk.to_file", nil), returnPath(b.back.ID) + "/file"})
	}
	return out
}

// mayDecide reports whether something can be said of the return now.
func (b *sentback) mayDecide() bool {
	if slices.ContainsFunc(b.rulings, waitsForSecond) {
		return false
	}
	switch b.back.State {
	case returns.Received:
		return len(b.found) > 0
	case returns.Lost:
		return true
	case returns.Accepted:
		return b.back.Route == fact.BackNotNeeded || b.back.Route == fact.BackRecalled
	}
	return false
}

// deeds are what this reader may do about the return in its state.
func (b *sentback) deeds(v visit) (out []deed) {
	path := returnPath(b.back.ID)
	if b.back.State == returns.Held && v.may(merchant.GiveBack) {
		out = append(out,
			deed{
				Path: path + "/approve", Button: b.T("returns_desk.approve", nil),
				Fields: []input{{Name: "reason", Kind: "area", Label: b.T("returns_desk.approve_why", nil), Needed: true}},
			},
			deed{
				Path: path + "/decline", Button: b.T("returns_desk.decline", nil), Style: "danger", Fold: b.T("returns_desk.decline_fold", nil),
				How: b.T("returns_desk.decline_how", nil), Fields: []input{b.reasonField("code", "", false), {Name: "note", Kind: "area", Label: b.T("returns_desk.note", nil), Needed: true}},
			})
	}
	if b.back.Stock == returns.StockAsked && v.may(merchant.PlaceOrders) {
		out = append(out, deed{
			Path: path + "/stock", Button: b.T("returns_desk.in_stock", nil), Name: "there", Value: "yes", Other: b.T("returns_desk.out_of_stock", nil), OtherName: "no",
			How: b.T("returns_desk.stock_how", map[string]any{"SKU": cmp.Or(b.back.StockSKU, "–"), "Due": b.Due(b.back.StockBy)}),
		})
	}
	if b.back.State == returns.Deposited && v.may(merchant.ShipParcels) {
		out = append(out, deed{Path: path + "/lost", Button: b.T("returns_desk.lose", nil), Style: "danger", Fold: b.T("returns_desk.lose_fold", nil), How: b.T("returns_desk.lose_how", nil)})
	}
	if slices.Contains([]returns.State{returns.Held, returns.Accepted, returns.Ready}, b.back.State) && v.may(merchant.PlaceOrders) {
		out = append(out, deed{Path: path + "/cancel", Button: b.T("returns_desk.cancel", nil), Style: "danger", Fold: b.T("returns_desk.cancel_fold", nil), How: b.T("returns_desk.cancel_how", nil)})
	}
	return out
}

// reasonField is the choice of a reason for a decision.
func (b *sentback) reasonField(name, chosen string, optional bool) input {
	in := input{Name: name, Kind: "select", Label: b.T("returns_desk.reason", nil)}
	if optional {
		in.Options = append(in.Options, option{"", b.T("returns_desk.no_reason", nil), chosen == ""})
	}
	for _, code := range rulingReasons {
		in.Options = append(in.Options, option{code, rulingWords(b.Reading, code), code == chosen})
	}
	return in
}

// doubts are what somebody should look at: evidence, and no verdict.
func (b *sentback) doubts() (out []block) {
	if len(b.back.Doubts) == 0 && b.back.State != returns.Held {
		return nil
	}
	main := block{Title: b.T("returns_desk.doubts", nil)}
	if b.back.State == returns.Held {
		main.Says = append(main.Says, b.T("returns_desk.held_why", map[string]any{"Rule": b.heldWhy()}))
	}
	for _, d := range b.back.Doubts {
		main.Facts = append(main.Facts, pair{b.T("returns_desk.points", map[string]any{"Points": d.Points}), doubtWords(b.Reading, d.Code)})
	}
	if len(b.back.Doubts) > 0 {
		main.Notes = append(main.Notes, b.T("returns_desk.doubts_mean", nil))
	}
	return []block{main}
}

func (b *sentback) heldWhy() string {
	return worded(b.Reading, map[string]string{"doubt": "returns_desk.held_doubt", "suspicion": "returns_desk.held_doubt"}, b.back.Why)
}

func (b *sentback) goodsBack() (out []block) {
	for _, i := range b.items {
		g := block{
			Title: b.T("returns_desk.item", map[string]any{"Units": i.Units, "Name": b.line(i.Line).Name}),
			Says:  []string{reasonOf(b.Reading, b.conditions, i)}, Quote: i.Comment, Photos: b.pictures(i.Photos),
		}
		if i.Condition != returns.Untold {
			g.Notes = append(g.Notes, b.T("returns_desk.shopper_says", map[string]any{"Condition": looksWords(b.Reading, i.Condition)}))
		}
		out = append(out, g)
	}
	return out
}

func (b *sentback) pictures(ids []ident.Blob) (out []picture) {
	for n, id := range ids {
		out = append(out, picture{returnPath(b.back.ID) + "/photo/" + string(id), b.T("returns_desk.photo", map[string]any{"Number": n + 1})})
	}
	return out
}

// way is how it comes back: labels, the point, the proof of deposit, the carrier's scans.
func (b *sentback) way() (out []block) {
	if len(b.labels) > 0 {
		l := block{Title: b.T("returns_desk.labels", nil)}
		for _, label := range b.labels {
			l.Says = append(l.Says, labelWords(b.Reading, label))
			if label.Refusal != "" {
				l.Notes = append(l.Notes, b.T("returns_desk.label_refused", map[string]any{"Text": label.Refusal}))
			}
		}
		out = append(out, l)
	}
	if b.point.ID != "" {
		out = append(out, block{Title: b.T("returns_desk.point", nil), Says: []string{b.point.Name, b.point.Address()}})
	}
	if b.proof.ID != "" {
		out = append(out, b.proofBlock())
	}
	if p := b.comesIn(); p.ID != "" {
		box := b.lived.parcel(p)
		out = append(out, block{Title: box.Title, Tone: box.Tone, Badge: box.Status, Says: []string{box.Carried}, Notes: append([]string{box.News}, box.Disputes...)})
	}
	return out
}

func (b *sentback) proofBlock() block {
	p := block{
		Title: b.T("returns_desk.proof", nil), Tone: ui.Good, Badge: b.T("returns_desk.proof_whole", nil),
		Facts: []pair{
			{b.T("returns_desk.proof_number", nil), b.proof.Number},
			{b.T("returns_desk.proof_at", nil), b.When(b.proof.At, fact.Minute)},
			{b.T("returns_desk.proof_source", nil), worded(b.Reading, map[string]string{
				string(returns.AtCounter): "returns_desk.source_counter", string(returns.AtStore): "returns_desk.source_store",
				string(returns.ByScan): "returns_desk.source_carrier", string(returns.ByReceipt): "returns_desk.source_receipt",
			}, string(b.proof.Source))},
		},
		Notes: []string{b.T("returns_desk.proof_hash", map[string]any{"Hash": b.proof.Hash, "Sequence": b.proof.Sequence})},
	}
	if b.proof.Place != "" {
		p.Facts = append(p.Facts, pair{b.T("returns_desk.proof_place", nil), b.proof.Place})
	}
	if b.proof.Clerk != "" {
		p.Facts = append(p.Facts, pair{b.T("returns_desk.proof_clerk", nil), b.proof.Clerk})
	}
	if !b.whole {
		p.Tone, p.Badge = ui.Bad, b.T("returns_desk.proof_broken", nil)
		p.Says = append(p.Says, b.T("returns_desk.proof_broken_text", nil))
	}
	return p
}

func (b *sentback) findings() (out []block) {
	for _, f := range b.found {
		out = append(out, b.finding(f))
	}
	return out
}

func (b *sentback) finding(f returns.Finding) block {
	g := block{
		Title: cmp.Or(b.line(f.Line).Name, b.T("warehouse.other_article", nil)), Quote: f.Note, Photos: b.pictures(f.Photos),
		Says:  []string{b.T("warehouse.finding", map[string]any{"Condition": looksWords(b.Reading, f.Condition), "Outcome": disposalWords(b.Reading, f.Outcome)})},
		Notes: []string{b.T("warehouse.found_by", map[string]any{"Who": b.actor(f.Inspector), "When": b.When(f.At, fact.Minute)})},
	}
	if f.Ground != "" {
		g.Says = append(g.Says, b.T("warehouse.legal_ground", map[string]any{"Ground": f.Ground}))
	}
	if f.Surplus {
		g.Tone, g.Badge = ui.Care, b.T("warehouse.surplus", nil)
	}
	return g
}

// decisions are what was decided, by whom and why.
func (b *sentback) decisions(v visit) (out []block) {
	for _, d := range b.rulings {
		out = append(out, b.decision(d, v))
	}
	return out
}

func (b *sentback) decision(d returns.Decision, v visit) block {
	args := map[string]any{"Amount": d.Amount}
	k := block{ID: string(d.ID), Notes: []string{b.T("returns_desk.decided_by", map[string]any{"Who": b.actor(d.By), "When": b.When(d.At, fact.Minute)})}}
	switch {
	case d.Outcome == fact.InFull && d.Sequence > 1:
		k.Title, k.Tone, k.Badge = b.T("returns_desk.decided_rest", args), ui.Good, b.T("returns_desk.outcome_full", nil)
	case d.Outcome == fact.InFull:
		k.Title, k.Tone, k.Badge = b.T("returns_desk.decided_full", args), ui.Good, b.T("returns_desk.outcome_full", nil)
	case d.Outcome == fact.InPart:
		k.Title, k.Tone, k.Badge = b.T("returns_desk.decided_part", args), ui.Care, b.T("returns_desk.outcome_partial", nil)
	default:
		k.Title, k.Tone, k.Badge = b.T("returns_desk.decided_refused", nil), ui.Bad, b.T("returns_desk.outcome_refused", nil)
	}
	k.Facts = b.paidLines(d.Lines, d.Withheld)
	for _, why := range d.Reasons {
		words := rulingWords(b.Reading, why.Code)
		if name := b.line(why.Line).Name; name != "" {
			words = b.T("returns_desk.because", map[string]any{"Name": name, "Why": words})
		}
		k.Says = append(k.Says, words)
		if why.Note != "" {
			k.Says = append(k.Says, why.Note)
		}
		k.Photos = append(k.Photos, b.pictures(why.Photos)...)
	}
	switch {
	case d.State == returns.Waiting:
		k.Tone, k.Badge = ui.Care, b.T("returns_desk.state_second", nil)
		k.Says = append(k.Says, secondWords(b.Reading, d.Why))
		k.Deeds = b.secondDeeds(d, v)
	case d.State == returns.Dropped:
		k.Tone, k.Badge = ui.Mute, b.T("returns_desk.dropped", nil)
		k.Notes = append(k.Notes, b.T("returns_desk.dropped_by", map[string]any{"Who": b.actor(d.Second)}))
	case d.Second != "":
		k.Notes = append(k.Notes, b.T("returns_desk.second_by", map[string]any{"Who": b.actor(d.Second), "When": b.When(d.FinalAt, fact.Minute)}))
	}
	for _, w := range b.seconds {
		if w.Decision == d.ID {
			k.Says = append(k.Says, b.T("returns_desk.second_why", map[string]any{"Words": w.Reason}))
		}
	}
	return k
}

// letPass is who let the held return pass, and why.
func (b *sentback) letPass() (out []pair) {
	for _, w := range b.seconds {
		if w.Verb == returns.LetPass {
			args := map[string]any{"Who": b.actor(w.By), "When": b.When(w.At, fact.Minute), "Words": w.Reason}
			out = append(out, pair{b.T("returns_desk.let_pass", nil), b.T("returns_desk.let_pass_by", args)})
		}
	}
	return out
}

// paidLines are the sums of a decision, line by line, and what is kept of them.
func (b *sentback) paidLines(lines []fact.RefundLine, kept []fact.Withheld) (out []pair) {
	for _, l := range returns.Gross(lines, kept) {
		bought := b.line(l.Line)
		words := b.T("returns_desk.item", map[string]any{"Units": l.Units, "Name": bought.Name})
		if bought.Kind == order.Delivery {
			words = b.T("console.delivery", nil)
		}
		out = append(out, pair{words, lang.Amount(b.Locale, l.Amount)})
	}
	for _, w := range kept {
		words := b.T("returns_desk.kept_way", nil)
		if w.Charge == fact.ChargeCover {
			words = b.T("returns_desk.kept_cover", nil)
		}
		w.Amount.Minor = -w.Amount.Minor
		out = append(out, pair{words, lang.Amount(b.Locale, w.Amount)})
	}
	return out
}

// claim is what the carrier is to be asked for when it lost the parcel.
func (b *sentback) claim() []block {
	owed, lost := b.back.Claim()
	p := b.comesIn()
	args := map[string]any{"Amount": owed, "Number": p.Number, "Carrier": b.carriers[p.Connection].Name}
	switch {
	case !lost:
		return nil
	case owed.Minor == 0:
		return []block{{Title: b.T("returns_desk.claim", nil), Says: []string{b.T("returns_desk.claim_none", args)}}}
	}
	return []block{{Title: b.T("returns_desk.claim", nil), Tone: ui.Care, Badge: lang.Amount(b.Locale, owed), Says: []string{b.T("returns_desk.claim_text", args)}}}
}

// protests is what the carrier of damaged articles is to be told, and until when.
func (b *sentback) protests(v visit) []block {
	p := b.protest
	if p.Return == "" {
		return nil
	}
	k := block{Title: b.T("protest.title", nil), Says: []string{b.T("protest.text", nil)}, Facts: []pair{
		{b.T("protest.by", nil), b.Due(p.By)}, {b.T("protest.unchecked_by", nil), b.Due(p.UncheckedBy)}, {b.T("protest.action_by", nil), b.Due(p.ActionBy)},
	}}
	switch {
	case p.Sent != 0:
		k.Tone, k.Badge = ui.Good, b.T("protest.sent", nil)
		k.Notes = append(k.Notes, b.T("protest.sent_by", map[string]any{"Who": b.actor(p.SentBy), "When": b.When(p.Sent, fact.Minute), "Reference": p.Reference}))
	case b.Now >= p.UncheckedBy:
		k.Tone, k.Badge = ui.Mute, b.T("protest.over", nil)
	default:
		k.Tone, k.Badge = ui.Care, b.T("protest.waits", nil)
		if v.may(merchant.ShipParcels) {
			k.Deeds = []deed{{
				Path: returnPath(p.Return) + "/protest", Button: b.T("protest.send", nil),
				Fields: []input{{Name: "reference", Label: b.T("protest.reference", nil), Needed: true}},
			}}
		}
	}
	return []block{k}
}

// money is what was ordered and paid.
func (b *sentback) money(v visit) (out []block) {
	for _, r := range b.refunds {
		out = append(out, refundBlock(b.Reading, r, b.claims[r.ID], v))
	}
	return out
}

// clocks are the deadlines about the return, and whether they were kept.
func (b *sentback) clocks() []block {
	k := block{}
	add := func(key string, until bool, words string) {
		if until {
			k.Facts = append(k.Facts, pair{b.T(key, nil), words})
		}
	}
	add("returns_desk.clock_own", b.back.ProcessBy != 0, b.Due(max(b.back.ProcessBy, 1)))
	add("returns_desk.clock_law", b.law.Due != 0, b.Due(max(b.law.Due, 1)))
	add("returns_desk.clock_withheld", b.law.Withheld, b.Due(max(b.law.Alarm, 1)))
	add("returns_desk.clock_refund", b.back.RefundBy != 0, b.Due(max(b.back.RefundBy, 1)))
	add("returns_desk.clock_contest", b.back.ContestBy != 0, b.Due(max(b.back.ContestBy, 1)))
	for _, c := range b.duties {
		_, state := stateWords(b.Reading, c, false)
		owed := owedWords(b.Reading, c.Owed)
		if c.About == b.back.Window() {
			owed = b.T("returns_desk.pickup", nil)
		}
		k.Notes = append(k.Notes, b.T("returns_desk.duty", map[string]any{"Owed": owed, "Due": b.Due(c.Until), "State": state}))
	}
	if b.late.DaysLate > 0 && b.late.Sums.Minor > 0 && b.back.Ground == fact.ByWithdrawal {
		k.Says = append(k.Says, b.surcharge())
	}
	if len(k.Facts)+len(k.Notes) == 0 {
		return nil
	}
	return []block{k}
}

// surcharge is what the law adds to a refund that is late.
func (b *sentback) surcharge() string {
	if !b.late.Band.Known {
		return b.T("returns_desk.uplift_unset", map[string]any{"Days": b.late.DaysLate})
	}
	return b.T("returns_desk.uplift", map[string]any{"Days": b.late.DaysLate, "Added": b.late.Added, "Booked": b.late.Booked})
}

// story is what happened about the return, the newest first.
func (b *sentback) story() (out []moment) {
	for _, m := range slices.Backward(b.facts) {
		if returnOf(m.Body) == b.back.ID {
			out = append(out, b.happened(m))
		}
	}
	return out
}
