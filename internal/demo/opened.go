package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/returns"
)

// found is what a warehouse finds in a parcel.
type content int

const (
	asSaid  content = iota
	worn            // used more than to try it
	broken          // though nobody said so
	another         // article than was sold
	lacking         // one unit of what was announced
	oneMore         // than was announced
)

// judgement is a finding in the words of the API.
type judgement struct {
	Line      ident.Line        `json:"line,omitempty"`
	Condition returns.Condition `json:"condition,omitempty"`
	Outcome   returns.Disposal  `json:"outcome"`
	Note      string            `json:"note,omitempty"`
}

// contentOf is what is in the parcel of a return, the same whenever it is asked for.
func (w *World) contentOf(s *shop, g goods) content {
	return draw(w.dice(s, "return/content", g.Number), w.opt.Conduct.Boxes)
}

// inspect opens a parcel, and takes a photo of what is not as it should be.
func (w *World) inspect(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var g goods
	if err := e.decode(&g); err != nil {
		return nil, err
	}
	r, err := s.back(ctx, g.Return)
	if err != nil {
		return nil, err
	}
	d := w.dice(s, "return/inspect", g.Number)
	what := w.contentOf(s, g)
	if len(r.Decisions) == 0 {
		body, err := json.Marshal(map[string]any{"findings": what.findings(d, r.Items)})
		if err != nil {
			return nil, err
		}
		err = s.depot.do(ctx, request{method: "POST", path: "/returns/" + string(g.Return) + "/inspect", once: e.id, body: body}, nil)
		if err != nil {
			return nil, allow(err, 409, 422) // somebody was there before, or it is not
		}
	}
	if what == worn || what == broken || what == another {
		if g.Photo, err = s.photo(ctx, s.desk, d); err != nil {
			return nil, err
		}
	}
	p := planner{shop: s}
	p.plan(toDecide, g.key(), s.atWork(e.due.Add(d.between(20*time.Minute, w.opt.Conduct.Bench))), g)
	return p.entries, p.err
}

// findings are what the warehouse says, unit by unit.
func (c content) findings(d dice, items []sentBack) (all []judgement) {
	for _, i := range items {
		for range i.Units {
			all = append(all, judgement{Line: i.Line, Condition: returns.Opened, Outcome: returns.Restock})
		}
		if i.Condition == returns.Broken {
			all[len(all)-1].Condition, all[len(all)-1].Outcome = returns.Broken, returns.Recycle
		}
	}
	last := &all[len(all)-1]
	switch c {
	case worn:
		last.Condition, last.Outcome, last.Note = returns.Used, returns.SecondHand, "Traces d'usage"
	case broken:
		last.Condition, last.Outcome, last.Note = returns.Broken, one(d, []returns.Disposal{returns.Refurbish, returns.Recycle}), "Abîmé"
	case another:
		last.Condition, last.Outcome, last.Note = returns.Wrong, returns.SecondHand, "Un autre article"
	case lacking:
		last.Condition, last.Outcome, last.Note = returns.Absent, returns.Recycle, "Absent du colis"
	case oneMore:
		all = append(all, judgement{Line: last.Line, Condition: returns.Unopened, Outcome: returns.Restock, Note: "Un de plus qu'annoncé"})
	}
	return all
}

// ruled is a decision as the API answers it.
type ruled struct {
	ID      ident.Decision        `json:"id"`
	State   returns.DecisionState `json:"state"`
	Outcome fact.Outcome          `json:"outcome"`
	Amount  amount                `json:"amount"`
	Lines   []payback             `json:"lines"`
}

// payback is money for units of a line.
type payback struct {
	Line   ident.Line `json:"line"`
	Units  int        `json:"units"`
	Amount amount     `json:"amount"`
}

// because is a reason of a decision.
type because struct {
	Line   ident.Line   `json:"line"`
	Code   string       `json:"code"`
	Note   string       `json:"note,omitempty"`
	Photos []ident.Blob `json:"photos,omitempty"`
}

// ruling is a decision to make.
type ruling struct {
	Outcome fact.Outcome `json:"outcome"`
	Reasons []because    `json:"reasons,omitempty"`
	Lines   []payback    `json:"lines,omitempty"`
}

// decide says what is owed: for most all of it, for some a part, for a few
// nothing.
func (w *World) decide(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var g goods
	if err := e.decode(&g); err != nil {
		return nil, err
	}
	r, err := s.back(ctx, g.Return)
	if err != nil {
		return nil, err
	}
	if len(r.Decisions) > 0 { // by somebody else, or by us before the demo died
		return w.decided(s, g, r.Decisions[len(r.Decisions)-1], e.due)
	}
	in := ruling{Outcome: fact.InFull}
	if r.Route != fact.BackNotNeeded {
		if in, err = w.judge(ctx, s, g, r); err != nil {
			return nil, err
		}
	}
	body, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	var d ruled
	err = s.desk.do(ctx, request{method: "POST", path: "/returns/" + string(g.Return) + "/decide", once: e.id, body: body}, &d)
	if err != nil {
		return nil, allow(err, 403, 409, 422)
	}
	return w.decided(s, g, d, e.due)
}

// judge is what is owed for what was found.
func (w *World) judge(ctx context.Context, s *shop, g goods, r parceled) (ruling, error) {
	last := r.Items[len(r.Items)-1]
	why := because{Line: last.Line}
	if g.Photo != "" {
		why.Photos = []ident.Blob{g.Photo}
	}
	owed := 0.0 // share of the price of the last unit
	switch w.contentOf(s, g) {
	case worn:
		why.Code, why.Note, owed = "used", "L'article porte des traces d'usage : 60 % sont remboursés.", 0.6
	case broken:
		if last.Condition == returns.Broken {
			return ruling{Outcome: fact.InFull}, nil
		}
		why.Code, why.Note, owed = "damaged", "L'article est revenu abîmé : la moitié est remboursée.", 0.5
	case another:
		why.Code, why.Note = "wrong_article", "Ce n'est pas l'article vendu."
	case lacking:
		why.Code, why.Note = "missing", "Une unité annoncée n'était pas dans le colis."
	default:
		return ruling{Outcome: fact.InFull}, nil
	}
	prices, err := s.prices(ctx, g.Order)
	if err != nil {
		return ruling{}, err
	}
	in := ruling{Outcome: fact.InPart, Reasons: []because{why}}
	for i, item := range r.Items {
		pay := payback{item.Line, item.Units, euros(prices[item.Line] * int64(item.Units))}
		if i == len(r.Items)-1 {
			pay.Amount = euros(prices[item.Line]*int64(item.Units-1) + int64(owed*float64(prices[item.Line])))
		}
		if pay.Amount.Minor > 0 {
			in.Lines = append(in.Lines, pay)
		}
	}
	if len(in.Lines) == 0 {
		in.Outcome = fact.Refused
	}
	return in, nil
}

// prices are what one unit of each line was paid.
func (s *shop) prices(ctx context.Context, id ident.Order) (map[ident.Line]int64, error) {
	var o struct {
		Lines []struct {
			ID       ident.Line `json:"id"`
			Units    int        `json:"units"`
			Captured amount     `json:"captured"`
		} `json:"lines"`
	}
	err := s.selling.do(ctx, request{method: "GET", path: "/orders/" + string(id)}, &o)
	out := map[ident.Line]int64{}
	for _, l := range o.Lines {
		out[l.ID] = l.Captured.Minor / int64(max(1, l.Units))
	}
	return out, err
}

// decided plans what follows from a decision.
func (w *World) decided(s *shop, g goods, r ruled, now civil.Instant) ([]entry, error) {
	d := w.dice(s, "return/after", g.Number)
	p := planner{shop: s}
	g.Again = 0
	if r.State == returns.Waiting {
		g.Decision = r.ID
		p.plan(toConfirm, g.key(), s.atWork(now.Add(d.between(time.Hour, 20*time.Hour))), g)
		return p.entries, p.err
	}
	if r.Amount.Minor > 0 {
		w.payLater(&p, d, g, now)
	}
	if r.Outcome != fact.InFull && !g.Person && d.chance(w.opt.Conduct.Contests) {
		p.plan(toContest, g.key(), now.Add(d.between(3*time.Hour, 6*24*time.Hour)), g)
	}
	return p.entries, p.err
}

// payLater plans that the shop pays what was decided: soon, or very late.
func (w *World) payLater(p *planner, d dice, g goods, now civil.Instant) {
	at := now.Add(d.between(2*time.Hour, 50*time.Hour))
	if d.chance(w.opt.Conduct.Tardy) {
		at = now.Add(d.between(12*24*time.Hour, 24*24*time.Hour))
	}
	p.plan(toRepay, fmt.Sprintf("%s/%d", g.key(), now), p.atWork(at), g)
}

// seen is what a second person writes who agrees.
const seen = `{"reason":"Vu : le dossier et les photos concordent."}`

// allow lets a held return pass, or does not.
func (w *World) allow(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var g goods
	if err := e.decode(&g); err != nil {
		return nil, err
	}
	d := w.dice(s, "return/allow", g.Number)
	path := "/returns/" + string(g.Return)
	if d.chance(declines) {
		body, err := json.Marshal(map[string]any{"reasons": []map[string]any{{"code": "late", "note": "Nous ne reprenons pas cet article."}}})
		if err != nil {
			return nil, err
		}
		var r ruled
		if err := s.chief.do(ctx, request{method: "POST", path: path + "/decline", once: e.id, body: body}, &r); err != nil {
			return nil, allow(err, 403, 409, 422)
		}
		return w.decided(s, g, r, e.due)
	}
	var r returned
	if err := s.chief.do(ctx, request{method: "POST", path: path + "/approve", once: e.id, body: []byte(seen)}, &r); err != nil {
		return nil, allow(err, 403, 409, 422)
	}
	return w.proceed(s, r, g, e.due)
}

// declines is the share of held returns that somebody says no to.
const declines = 0.25

// confirm is the second person's yes.
func (w *World) confirm(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var g goods
	if err := e.decode(&g); err != nil {
		return nil, err
	}
	var d ruled
	err := s.chief.do(ctx, request{method: "POST", path: "/decisions/" + string(g.Decision) + "/confirm", once: e.id, body: []byte(seen)}, &d)
	if err != nil {
		return nil, allow(err, 403, 409, 422)
	}
	return w.decided(s, g, d, e.due)
}

// repay is the shop that pays what it was asked to, and says so.
func (w *World) repay(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var g goods
	if err := e.decode(&g); err != nil {
		return nil, err
	}
	var all struct {
		Items []struct {
			ID    ident.Refund  `json:"id"`
			State payment.State `json:"state"`
		} `json:"items"`
	}
	if err := s.desk.do(ctx, request{method: "GET", path: "/refunds?order=" + string(g.Order)}, &all); err != nil {
		return nil, err
	}
	p := planner{shop: s}
	for _, r := range all.Items {
		switch {
		case r.State == payment.Asked:
			arrives, err := s.paid(ctx, r.ID)
			if err != nil {
				return nil, err
			}
			w.seek(&p, g, r.ID, arrives)
		case slices.Contains([]payment.State{payment.Ordered, payment.Sent}, r.State):
			if next, ok := g.again(5); ok && len(p.entries) == 0 {
				p.plan(toRepay, fmt.Sprintf("%s/%d", next.key(), e.due), e.due.Add(time.Hour), next)
			}
		}
	}
	return p.entries, p.err
}

// paid confirms a refund under the number of a transfer, and answers by when the
// banks should have booked it.
func (s *shop) paid(ctx context.Context, id ident.Refund) (arrives civil.Day, err error) {
	body, err := json.Marshal(map[string]any{"reference": "VIR-" + string(id[max(0, len(id)-10):])})
	if err != nil {
		return 0, err
	}
	var done struct {
		Arrives civil.Day `json:"arrives_by"`
	}
	err = s.desk.do(ctx, request{method: "POST", path: "/refunds/" + string(id) + "/confirm", once: "paid/" + string(id), body: body}, &done)
	return done.Arrives, allow(err, 409)
}

// seek plans that a shopper looks for the money in vain, and hears a day later
// that it is there.
func (w *World) seek(p *planner, g goods, id ident.Refund, arrives civil.Day) {
	d := w.dice(p.shop, "return/money", g.Number)
	if g.Person || arrives <= 0 || !d.chance(w.opt.Conduct.Misses) {
		return
	}
	path, said := "/refunds/"+string(id)+"/missed", local(arrives+1, hour(9)).Add(d.between(0, 30*time.Hour))
	p.plan(toMiss, string(id), said, errand{Path: path, Body: map[string]any{}, Allow: []int{404, 409, 422}})
	p.plan(toMiss, string(id)+"/answer", p.atWork(said.Add(d.between(2*time.Hour, 30*time.Hour))), errand{
		Path: path + "/answer", Body: map[string]any{"outcome": payment.Found}, Allow: []int{404, 409, 422},
	})
}

// complaints are what shoppers say against a decision.
var complaints = []string{
	"L'article était intact quand je l'ai emballé ; il a dû être abîmé en chemin.",
	"Je l'ai essayé une fois, chez moi, rien de plus.",
	"Tout était dans le carton : la photo du colis ouvert est jointe à ma demande.",
}

// contest is a shopper who does not accept what was decided.
func (w *World) contest(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var g goods
	if err := e.decode(&g); err != nil {
		return nil, err
	}
	d := w.dice(s, "return/contest", g.Number)
	body, err := json.Marshal(map[string]any{"by": fact.ByShopper, "words": one(d, complaints)})
	if err != nil {
		return nil, err
	}
	var said struct {
		ID ident.Dispute `json:"id"`
	}
	err = s.selling.do(ctx, request{method: "POST", path: "/returns/" + string(g.Return) + "/contest", once: e.id, body: body}, &said)
	if err != nil {
		return nil, allow(err, 409, 422)
	}
	g.Dispute = said.ID
	p := planner{shop: s}
	if d.chance(0.8) {
		p.plan(toSettle, g.key(), s.atWork(e.due.Add(d.between(20*time.Hour, 5*24*time.Hour))), g)
	}
	// Where nobody answers, a rule does; what it says is paid too.
	p.plan(toRepay, g.key()+"/rule", s.atWork(e.due.Add(9*24*time.Hour)), g)
	return p.entries, p.err
}

// settle is the second person's word: half of the time the shopper is right.
func (w *World) settle(ctx context.Context, s *shop, e entry) ([]entry, error) {
	var g goods
	if err := e.decode(&g); err != nil {
		return nil, err
	}
	d := w.dice(s, "return/settle", g.Number)
	body := map[string]any{"upheld": false, "words": "Les photos de l'entrepôt montrent l'article tel qu'il est arrivé ; la décision reste."}
	if d.chance(0.5) {
		more, err := s.remainder(ctx, g)
		if err != nil {
			return nil, err
		}
		body = map[string]any{"upheld": true, "words": "Vous avez raison : le reste vous est remboursé."}
		if len(more.Lines) > 0 {
			body["ruling"] = more
		}
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	err = s.arbiter.do(ctx, request{method: "POST", path: "/disputes/" + string(g.Dispute) + "/settle", once: e.id, body: raw}, nil)
	if err != nil {
		return nil, allow(err, 403, 409, 422)
	}
	r, err := s.back(ctx, g.Return)
	if err != nil || r.State == returns.Accepted { // declined before it was sent: now it may come
		next, more := w.proceed(s, r.returned, g, e.due)
		return next, errors.Join(err, more)
	}
	p := planner{shop: s}
	w.payLater(&p, d, g, e.due)
	return p.entries, p.err
}

// remainder is what was paid for the goods of a return and not given back.
func (s *shop) remainder(ctx context.Context, g goods) (ruling, error) {
	r, err := s.back(ctx, g.Return)
	if err != nil {
		return ruling{}, err
	}
	prices, err := s.prices(ctx, g.Order)
	if err != nil {
		return ruling{}, err
	}
	given := map[ident.Line]int64{}
	for _, d := range r.Decisions {
		for _, l := range d.Lines {
			given[l.Line] += l.Amount.Minor
		}
	}
	in := ruling{Outcome: fact.InPart, Reasons: []because{{Line: r.Items[0].Line, Code: "other", Note: "Après contestation."}}}
	for _, i := range r.Items {
		if left := prices[i.Line]*int64(i.Units) - given[i.Line]; left > 0 {
			in.Lines = append(in.Lines, payback{Line: i.Line, Units: 0, Amount: euros(left)})
		}
	}
	return in, nil
}
