package console

import (
	"net/http"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

func decideRoutes(c Config) []ui.Route {
	return []ui.Route{
		{Method: http.MethodGet, Path: "/console/returns/{id}/decide", Access: ui.BySession, Needs: giveBack, Summary: "What is owed for a return, with the sums", Serve: c.decide},
		{Method: http.MethodPost, Path: "/console/returns/{id}/decide", Access: ui.BySession, Needs: giveBack, Summary: "Reckon a decision, or say it", Serve: c.sayDecision},
		{Method: http.MethodGet, Path: "/console/decisions", Access: ui.BySession, Needs: giveBack, Summary: "Decisions that wait for a second person", Serve: c.decisions},
		{Method: http.MethodPost, Path: "/console/decisions/{id}/confirm", Access: ui.BySession, Needs: giveBack, Summary: "Let a decision pass, as the second person", Serve: c.confirmDecision},
		{Method: http.MethodPost, Path: "/console/decisions/{id}/drop", Access: ui.BySession, Needs: giveBack, Summary: "Drop a decision, as the second person", Serve: c.dropDecision},
	}
}

func (c Config) decide(r *http.Request) (a ui.Answer, err error) {
	var p formPage
	err = c.readBack(r, func(tx *db.Tx, v visit, b *sentback) error {
		lines, err := b.givable(tx, v)
		if err != nil {
			return err
		}
		full, err := returns.Foresee(tx, v.Merchant, b.back.ID, flow.ByStaff(v.Staff.ID), returns.Ruling{Outcome: fact.InFull})
		if err != nil {
			return err
		}
		p = b.decidePage(r, lines, proposed(full, len(b.rulings)), nil)
		return nil
	})
	return ui.Answer{Page: formView(p)}, err
}

// decidePage is the form of a decision beside what came back. One that can not be
// decided says why.
func (b *sentback) decidePage(r *http.Request, lines []fact.RefundLine, in ruled, wrong map[string]string) formPage {
	p := b.formPage(r, b.T("decide.title", map[string]any{"Reference": b.order.Reference}))
	p.Blocks = b.evidence()
	switch {
	case slices.ContainsFunc(b.rulings, waitsForSecond):
		p.Intro = append(p.Intro, b.T("decide.waits", nil))
	case !b.mayDecide() && b.back.State == returns.Received:
		p.Intro = append(p.Intro, b.T("decide.not_inspected", nil))
	case !b.mayDecide():
		p.Intro = append(p.Intro, b.T("decide.not_now", map[string]any{"State": returnBadge(b.Reading, b.back.State)}))
	default:
		p.Legend = b.T("decide.legend", nil)
		p.Form = &deed{
			Path: returnPath(b.back.ID) + "/decide", Button: b.T("decide.reckon", nil), Name: "do", Value: "look", How: b.T("decide.how", nil),
			Keep: []pair{{"seen", in.seen}}, Lead: []input{b.outcomes(in, wrong)}, Fields: []input{b.mainReason(in, wrong), b.mainNote(in)}, Groups: b.lineGroups(lines, in, wrong),
		}
	}
	return p
}

func (b *sentback) mainReason(in ruled, wrong map[string]string) input {
	f := b.reasonField("code", in.code, true)
	f.Hint, f.Fault = b.T("decide.reason_how", nil), wrong["code"]
	return f
}

func (b *sentback) mainNote(in ruled) input {
	return input{Name: "note", Kind: "area", Label: b.T("returns_desk.note", nil), Hint: b.T("decide.note_how", nil), Value: in.note}
}

// formPage is a page about the return.
func (b *sentback) formPage(r *http.Request, title string) formPage {
	return formPage{
		Frame: newDesk(r, title).Frame, Back: pair{b.T("returns_desk.to_return", map[string]any{"Reference": b.order.Reference}), returnPath(b.back.ID)},
		Done: done(r, b.Locale),
	}
}

// evidence is what a decision goes by: what was announced, and what was found.
func (b *sentback) evidence() []block { return append(b.box(), b.doubts()...) }

// sayDecision reckons what was typed and shows it, or says it.
func (c Config) sayDecision(r *http.Request) (a ui.Answer, err error) {
	id := ident.Return(r.PathValue("id"))
	var p formPage
	var wrong error
	err = c.readBack(r, func(tx *db.Tx, v visit, b *sentback) error {
		lines, err := b.givable(tx, v)
		if err != nil {
			return err
		}
		in := ruledOf(r, lines)
		say, err := in.ruling(lines, b.order.Currency)
		var f returns.Foreseen
		if err == nil {
			f, err = returns.Foresee(tx, v.Merchant, b.back.ID, flow.ByStaff(v.Staff.ID), say)
		}
		if denied(err) {
			words, rest := rulingFaults(b.Locale, err, say)
			wrong, p = err, b.decidePage(r, lines, in, words)
			p.Wrong = rest
			return nil
		}
		p = b.decidePage(r, lines, in, nil)
		if p.Form != nil {
			p.Sums = []block{b.foreseenBlock(f, deed{
				Path: returnPath(id) + "/decide", Button: b.T("decide.say", nil), Name: "do", Value: "decide", Keep: in.keep(lines),
			})}
		}
		return err
	})
	if err != nil {
		return a, err
	}
	if wrong == nil && r.PostFormValue("do") == "decide" {
		to, wrong := c.decided(r, id)
		if !denied(wrong) {
			return ui.Answer{To: to}, wrong
		}
		p.Wrong, p.Sums = misdone(p.Locale, wrong), nil
		return ui.Answer{Status: http.StatusUnprocessableEntity, Page: formView(p)}, nil
	}
	if wrong != nil {
		a.Status = http.StatusUnprocessableEntity
	}
	a.Page = formView(p)
	return a, nil
}

// decided says what was typed, once: the same again by the same person, from a
// page that did not know of it yet, is the first one.
func (c Config) decided(r *http.Request, id ident.Return) (to string, err error) {
	to = returnPath(id) + "?done=decided"
	err = c.act(r, func(tx *flow.Tx, v visit) error {
		b, err := readSentback(tx.Tx, v.Merchant, id, reading(r, tx.Now))
		if err != nil {
			return err
		}
		lines, err := b.givable(tx.Tx, v)
		if err != nil {
			return err
		}
		in := ruledOf(r, lines)
		say, err := in.ruling(lines, b.order.Currency)
		if err != nil {
			return err
		}
		if number(len(b.rulings)) != in.seen {
			last := b.rulings[max(0, len(b.rulings)-1):]
			if len(last) == 1 && last[0].By == tx.By() && b.same(last[0], say) {
				return nil
			}
			return fault.New(fault.Conflict, "return_state", "return", "state", string(b.back.State), "verb", "decide")
		}
		d, err := returns.Decide(tx, v.Merchant, id, say)
		if d.State == returns.Waiting {
			to = returnPath(id) + "?done=decided_waiting"
		}
		return err
	})
	return to, err
}

// secondDeeds are the yes and the no of the second person; whoever may not be one
// is told so instead.
func (b *sentback) secondDeeds(d returns.Decision, v visit) []deed {
	if !v.may(merchant.GiveBack) || b.back.HadAHand(flow.ByStaff(v.Staff.ID), b.found, []returns.Decision{d}) {
		return nil
	}
	path := "/console/decisions/" + string(d.ID)
	why := func(verb, label string) []input {
		return []input{{Name: "reason", ID: verb + "-" + string(d.ID), Kind: "area", Label: label, Needed: true}}
	}
	return []deed{
		{Path: path + "/confirm", Button: b.T("decide.confirm", map[string]any{"Amount": d.Amount}), Fields: why("confirm", b.T("decide.confirm_why", nil))},
		{Path: path + "/drop", Button: b.T("decide.drop", nil), Style: "danger", Fold: b.T("decide.drop_fold", nil), Fields: why("drop", b.T("decide.drop_why", nil))},
	}
}

// decisions lists those that wait for a second person.
func (c Config) decisions(r *http.Request) (ui.Answer, error) { return c.decisionsPage(r, "") }

func (c Config) decisionsPage(r *http.Request, wrong string) (a ui.Answer, err error) {
	p := newDesk(r, lang.T(ui.Reader(r), "decide.queue_title", nil))
	err = c.see(r, func(tx *db.Tx, v visit) error {
		if err := p.tabs(tx, v, "/console/decisions"); err != nil {
			return err
		}
		waiting, err := returns.WaitingDecisions(tx, v.Merchant, ident.Return(r.URL.Query().Get("after")), pageSize+1)
		if err != nil {
			return err
		}
		if len(waiting) > pageSize {
			waiting = waiting[:pageSize]
			p.More = "/console/decisions?after=" + string(waiting[pageSize-1].Return)
		}
		for _, d := range waiting {
			k, err := waitingBlock(tx, v, reading(r, tx.Now), d)
			if err != nil {
				return err
			}
			p.Blocks = append(p.Blocks, k)
		}
		return nil
	})
	p.Empty = lang.T(p.Locale, "decide.queue_empty", nil)
	if wrong != "" {
		p.Wrong, p.Done, a.Status = wrong, "", http.StatusUnprocessableEntity
	}
	a.Page = deskView(p)
	return a, err
}

// waitingBlock is a decision that waits, with what it goes by.
func waitingBlock(tx *db.Tx, v visit, rd ui.Reading, d returns.Decision) (block, error) {
	b, err := readSentback(tx, v.Merchant, d.Return, rd)
	if err != nil {
		return block{}, err
	}
	k := b.decision(d, v)
	k.Title = b.T("decide.queue_row", map[string]any{"Reference": b.order.Reference, "What": k.Title})
	k.Path = returnPath(d.Return)
	if len(k.Deeds) == 0 {
		k.Notes = append(k.Notes, b.T("decide.not_you", nil))
	}
	if next := nextOf(b.Reading, b.back); next != "" {
		k.Says = append(k.Says, next)
	}
	return k, nil
}

// onDecision runs the second person's word, and shows the queue again.
func (c Config) onDecision(r *http.Request, name string, settled returns.DecisionState, do func(*flow.Tx, ident.Merchant, ident.Decision, string) error) (ui.Answer, error) {
	id, reason := ident.Decision(r.PathValue("id")), r.PostFormValue("reason")
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		d, err := returns.DecisionOf(tx.Tx, v.Merchant, id)
		if err != nil || d.State == settled && d.Second == tx.By() {
			return err // said already, by this very person
		}
		return do(tx, v.Merchant, id, reason)
	})
	if denied(err) {
		return c.decisionsPage(r, misdone(ui.Reader(r), err))
	}
	return ui.Answer{To: "/console/decisions?done=" + name}, err
}

func (c Config) confirmDecision(r *http.Request) (ui.Answer, error) {
	return c.onDecision(r, "confirmed", returns.Final, func(tx *flow.Tx, m ident.Merchant, id ident.Decision, reason string) error {
		_, err := returns.Confirm(tx, m, id, reason)
		return err
	})
}

func (c Config) dropDecision(r *http.Request) (ui.Answer, error) {
	return c.onDecision(r, "dropped", returns.Dropped, returns.Drop)
}
