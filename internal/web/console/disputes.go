package console

import (
	"net/http"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/photo"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

func disputesRoutes(c Config) []ui.Route {
	return []ui.Route{
		{Method: http.MethodGet, Path: "/console/disputes", Access: ui.BySession, Needs: readOrders, Summary: "Disputes that are not settled, the most urgent first, or all", Serve: c.disputes},
		{Method: http.MethodGet, Path: "/console/disputes/{id}", Access: ui.BySession, Needs: readOrders, Summary: "A dispute with all that was said, to answer or to settle", Serve: c.dispute},
		{Method: http.MethodPost, Path: "/console/disputes/{id}/answer", Access: ui.BySession, Needs: placeOrders, Files: maxUpload, Summary: "Answer in a dispute, in words and photos", Serve: c.answerDispute},
		{Method: http.MethodPost, Path: "/console/disputes/{id}/settle", Access: ui.BySession, Needs: giveBack, Summary: "Reckon what settling a dispute comes to, or settle it, as the second person", Serve: c.settleDispute},
	}
}

func disputePath(id ident.Dispute) string { return "/console/disputes/" + string(id) }

func (c Config) disputes(r *http.Request) (a ui.Answer, err error) {
	p := newDesk(r, lang.T(ui.Reader(r), "dispute_desk.title", nil))
	all, after := r.URL.Query().Get("show") == "all", ident.Dispute(r.URL.Query().Get("after"))
	p.Choices = []choice{
		{"/console/disputes", lang.T(p.Locale, "dispute_desk.show_open", nil), !all},
		{"/console/disputes?show=all", lang.T(p.Locale, "dispute_desk.show_all", nil), all},
	}
	p.Empty = lang.T(p.Locale, "dispute_desk.none", nil)
	err = c.see(r, func(tx *db.Tx, v visit) error {
		if err := p.tabs(tx, v, "/console/disputes"); err != nil {
			return err
		}
		list, err := readDisputes(tx, v.Merchant, all, after)
		if err != nil {
			return err
		}
		if len(list) > pageSize {
			list = list[:pageSize]
			p.More = "/console/disputes?after=" + string(list[pageSize-1].ID)
			if all {
				p.More += "&show=all"
			}
		}
		p.Rows, err = disputeRows(tx, v.Merchant, reading(r, tx.Now), list)
		return err
	})
	return ui.Answer{Page: deskView(p)}, err
}

func readDisputes(tx *db.Tx, m ident.Merchant, all bool, after ident.Dispute) ([]returns.Dispute, error) {
	if all {
		return returns.NewestDisputes(tx, m, after, pageSize+1)
	}
	var last returns.Dispute
	if after != "" {
		var err error
		if last, err = returns.DisputeOf(tx, m, after); absent(err) != nil {
			return nil, err
		}
	}
	return returns.OpenDisputes(tx, m, last, pageSize+1)
}

// disputeRows puts disputes into rows: whose turn it is, and until when.
func disputeRows(tx *db.Tx, m ident.Merchant, rd ui.Reading, all []returns.Dispute) (rows []deskRow, err error) {
	ids := make([]ident.Return, len(all))
	for i, d := range all {
		ids[i] = d.Return
	}
	of, err := returns.Many(tx, m, ids)
	if err != nil {
		return nil, err
	}
	backs := make([]returns.Return, len(all))
	for i, d := range all {
		backs[i] = of[d.Return]
	}
	rows, err = returnRows(tx, m, rd, backs)
	for i, d := range all {
		rows[i].Path = disputePath(d.ID)
		rows[i].Tone, rows[i].Badge, rows[i].Due = disputeState(at(rd, of[d.Return].Zone), d)
		rows[i].Small = rd.T("dispute_desk.opened", map[string]any{"When": rd.When(d.Opened, fact.Minute)})
	}
	return rows, err
}

// disputeState is whose turn it is in a dispute, and what silence would do.
func disputeState(rd ui.Reading, d returns.Dispute) (t ui.Tone, badge, due string) {
	args := map[string]any{"Due": rd.Due(d.AnswerBy)}
	switch d.State {
	case returns.DisputeOpen:
		return ui.Care, rd.T("dispute_desk.state_open", nil), rd.T("dispute_desk.due_open", args)
	case returns.DisputeAsked:
		return ui.Calm, rd.T("dispute_desk.state_asked", nil), rd.T("dispute_desk.due_asked", args)
	case returns.Upheld:
		t, badge = ui.Mute, rd.T("dispute_desk.state_upheld", nil)
	default:
		t, badge = ui.Mute, rd.T("dispute_desk.state_rejected", nil)
	}
	if d.ByRule {
		return t, badge, rd.T("dispute_desk.by_rule", nil)
	}
	return t, badge, ""
}

// quarrels are the disputes about a return, on its page.
func (b *sentback) quarrels(v visit) (out []block) {
	for _, d := range b.disputes {
		k := b.quarrel(d)
		if d.Open() {
			k.Links = append(k.Links, pair{b.T("dispute_desk.to_dispute", nil), disputePath(d.ID)})
		}
		out = append(out, k)
	}
	return out
}

func (b *sentback) quarrel(d returns.Dispute) block {
	k := block{ID: string(d.ID), Title: b.T("dispute_desk.opened_title", map[string]any{"When": b.When(d.Opened, fact.ADay)})}
	var due string
	if k.Tone, k.Badge, due = disputeState(b.Reading, d); due != "" {
		k.Says = append(k.Says, due)
	}
	if d.Settled != 0 && !d.ByRule {
		k.Notes = append(k.Notes, b.T("dispute_desk.settled_by", map[string]any{"Who": b.actor(d.Settler), "When": b.When(d.Settled, fact.Minute)}))
	}
	return k
}

// sayings are what was said in a dispute, the first first.
func (b *sentback) sayings(d returns.Dispute) (out []block) {
	for _, s := range d.Said {
		who := b.T("dispute_desk.said_shop", map[string]any{"Who": b.actor(s.Actor), "When": b.When(s.At, fact.Minute)})
		if s.By == fact.ByShopper {
			who = b.T("dispute_desk.said_shopper", map[string]any{"Who": b.who.Name, "When": b.When(s.At, fact.Minute)})
		}
		out = append(out, block{Title: who, Quote: s.Words, Photos: b.pictures(s.Photos)})
	}
	return out
}

// disputePage is a dispute before it is HTML.
type disputePage struct {
	formPage
	State  block
	Said   []block
	Answer *deed
}

func (c Config) dispute(r *http.Request) (a ui.Answer, err error) {
	return c.disputeShown(r, func(p *disputePage, b *sentback, d returns.Dispute, lines []fact.RefundLine, full returns.Foreseen) {
		p.settling(b, d, lines, settled{ruled: proposed(full, 0), verdict: "upheld"}, nil)
	})
}

// disputeShown shows a dispute; more is what the page is about beside it.
func (c Config) disputeShown(r *http.Request, more func(*disputePage, *sentback, returns.Dispute, []fact.RefundLine, returns.Foreseen)) (a ui.Answer, err error) {
	var p disputePage
	err = c.readDispute(r, func(tx *db.Tx, v visit, b *sentback, d returns.Dispute) error {
		p = b.disputePage(r, v, d)
		if p.State.Badge == "" || !b.maySettle(v, d) {
			return nil
		}
		lines, err := b.givable(tx, v)
		if err != nil {
			return err
		}
		full, err := returns.Foresee(tx, v.Merchant, b.back.ID, flow.ByStaff(v.Staff.ID), returns.Ruling{Outcome: fact.InFull})
		if err != nil {
			return err
		}
		more(&p, b, d, lines, full)
		return nil
	})
	return ui.Answer{Page: disputeView(p)}, err
}

func (c Config) readDispute(r *http.Request, show func(*db.Tx, visit, *sentback, returns.Dispute) error) error {
	return c.see(r, func(tx *db.Tx, v visit) error {
		d, err := returns.DisputeOf(tx, v.Merchant, ident.Dispute(r.PathValue("id")))
		if err != nil {
			return err
		}
		b, err := readSentback(tx, v.Merchant, d.Return, reading(r, tx.Now))
		if err != nil {
			return err
		}
		return show(tx, v, b, d)
	})
}

// maySettle reports whether this reader may be the second person.
func (b *sentback) maySettle(v visit, d returns.Dispute) bool {
	who := flow.ByStaff(v.Staff.ID)
	return d.Open() && v.may(merchant.GiveBack) && !b.back.HadAHand(who, b.found, b.rulings)
}

// disputePage is what both sides said, what was decided, and the answer.
func (b *sentback) disputePage(r *http.Request, v visit, d returns.Dispute) disputePage {
	p := disputePage{formPage: b.formPage(r, b.T("dispute_desk.one_title", map[string]any{"Reference": b.order.Reference})), State: b.quarrel(d), Said: b.sayings(d)}
	p.Back = pair{b.T("dispute_desk.to_list", nil), "/console/disputes"}
	p.State.Title = b.order.Reference
	p.State.Path = returnPath(b.back.ID)
	p.State.Links = []pair{{b.T("returns_desk.to_file", nil), returnPath(b.back.ID) + "/file"}}
	for _, k := range b.decisions(v) {
		k.Deeds = nil
		p.Blocks = append(p.Blocks, k)
	}
	p.Blocks = append(p.Blocks, b.evidence()...)
	if !d.Open() {
		return p
	}
	if v.may(merchant.PlaceOrders) {
		p.Answer = &deed{
			Path: disputePath(d.ID) + "/answer", Button: b.T("dispute_desk.answer", nil), Files: true, How: b.T("dispute_desk.answer_how", nil),
			Keep: []pair{{"seen", number(len(d.Said))}}, Fields: []input{
				{ID: "answer", Name: "words", Kind: "area", Label: b.T("dispute_desk.words", nil), Needed: true},
				{Name: "photos", Kind: "files", Label: b.T("warehouse.photos", nil)},
			},
		}
	}
	if v.may(merchant.GiveBack) && !b.maySettle(v, d) {
		p.Intro = append(p.Intro, b.T("dispute_desk.not_you", nil))
	}
	return p
}

// settled is what somebody typed to settle a dispute.
type settled struct {
	ruled
	verdict, words string // upheld or rejected, and why
}

func settledOf(r *http.Request, lines []fact.RefundLine) settled {
	return settled{ruledOf(r, lines), r.PostFormValue("verdict"), strings.TrimSpace(r.PostFormValue("words"))}
}

// settling is the form of the second person.
func (p *disputePage) settling(b *sentback, d returns.Dispute, lines []fact.RefundLine, in settled, wrong map[string]string) {
	verdict := input{Name: "verdict", Kind: "select", Label: b.T("dispute_desk.verdict", nil), Options: []option{
		{"upheld", b.T("dispute_desk.upheld", nil), in.verdict == "upheld"}, {"rejected", b.T("dispute_desk.rejected", nil), in.verdict == "rejected"},
	}}
	words := input{Name: "words", Kind: "area", Label: b.T("dispute_desk.why", nil), Hint: b.T("dispute_desk.why_how", nil), Value: in.words, Fault: wrong["words"], Needed: true}
	p.Legend = b.T("dispute_desk.settle_legend", nil)
	p.Form = &deed{
		Path: disputePath(d.ID) + "/settle", Button: b.T("decide.reckon", nil), Name: "do", Value: "look", How: b.T("dispute_desk.settle_how", nil),
		Lead: []input{verdict, words, b.outcomes(in.ruled, wrong)}, Fields: []input{b.mainReason(in.ruled, wrong)}, Groups: b.lineGroups(lines, in.ruled, wrong),
	}
}

// answerDispute answers in a dispute. The same words sent twice are said once.
func (c Config) answerDispute(r *http.Request) (ui.Answer, error) {
	id, words := ident.Dispute(r.PathValue("id")), strings.TrimSpace(r.PostFormValue("words"))
	photos, err := ui.Develop(r.Context(), c.darkroom, "photos", ui.Uploads(r, "photos"))
	if err == nil {
		err = c.act(r, func(tx *flow.Tx, v visit) error { return answerOnce(tx, v, id, words, photos) })
	}
	if !denied(err) {
		return ui.Answer{To: disputePath(id) + "?done=answered"}, err
	}
	var p disputePage
	seen := c.readDispute(r, func(_ *db.Tx, v visit, b *sentback, d returns.Dispute) error {
		p = b.disputePage(r, v, d)
		if p.Answer != nil {
			p.Answer.Fields[0].Value, p.Answer.Fields[0].Fault = words, misdone(b.Locale, err)
		}
		p.Wrong, p.Done = misdone(b.Locale, err), ""
		return nil
	})
	return ui.Answer{Status: http.StatusUnprocessableEntity, Page: disputeView(p)}, seen
}

func answerOnce(tx *flow.Tx, v visit, id ident.Dispute, words string, photos []photo.Photo) error {
	d, err := returns.DisputeOf(tx.Tx, v.Merchant, id)
	if err != nil {
		return err
	}
	if n := len(d.Said); n > 0 && d.Said[n-1].Actor == tx.By() && d.Said[n-1].Words == words {
		return nil
	}
	s := returns.Statement{By: fact.ByMerchant, Words: words}
	if s.Photos, err = blob.PutPhotos(tx, v.Merchant, photos); err != nil {
		return err
	}
	_, err = returns.Answer(tx, v.Merchant, id, s)
	return err
}

// settleDispute reckons what was typed and shows it, or settles the dispute.
func (c Config) settleDispute(r *http.Request) (a ui.Answer, err error) {
	var wrong error
	if r.PostFormValue("do") == "settle" {
		if wrong = c.settleOnce(r); !denied(wrong) {
			return ui.Answer{To: disputePath(ident.Dispute(r.PathValue("id"))) + "?done=settled"}, wrong
		}
	}
	var p disputePage
	err = c.readDispute(r, func(tx *db.Tx, v visit, b *sentback, d returns.Dispute) error {
		p = b.disputePage(r, v, d)
		if !b.maySettle(v, d) {
			p.Wrong = misdone(b.Locale, notSecond(wrong, d))
			return nil
		}
		lines, err := b.givable(tx, v)
		if err != nil {
			return err
		}
		in := settledOf(r, lines)
		if wrong == nil {
			wrong = p.reckoned(tx, v, b, d, lines, in)
		}
		words, rest := map[string]string{}, ""
		if denied(wrong) {
			say, _ := in.ruling(lines, b.order.Currency)
			words, rest = rulingFaults(b.Locale, wrong, say)
		} else if wrong != nil {
			return wrong
		}
		p.Wrong, p.Done = rest, ""
		p.settling(b, d, lines, in, words)
		return nil
	})
	if wrong != nil || p.Wrong != "" {
		a.Status = http.StatusUnprocessableEntity
	}
	a.Page = disputeView(p)
	return a, err
}

// notSecond is why somebody may not settle a dispute, when nothing else was wrong.
func notSecond(wrong error, d returns.Dispute) error {
	switch {
	case wrong != nil:
		return wrong
	case !d.Open():
		return fault.New(fault.Conflict, "dispute_settled", "dispute")
	}
	return fault.New(fault.Forbidden, "second_person", "return")
}

// reckoned shows what settling comes to, with the button that settles.
func (p *disputePage) reckoned(tx *db.Tx, v visit, b *sentback, d returns.Dispute, lines []fact.RefundLine, in settled) error {
	if in.words == "" {
		return fault.New(fault.Invalid, "field_required", "words")
	}
	say := deed{
		Path: disputePath(d.ID) + "/settle", Button: b.T("dispute_desk.settle", nil), Name: "do", Value: "settle",
		Keep: append(in.keep(lines), pair{"verdict", in.verdict}, pair{"words", in.words}),
	}
	if in.verdict != "upheld" {
		p.Sums = []block{{ID: "sums", Title: b.T("dispute_desk.stays", nil), Deeds: []deed{say}}}
		return nil
	}
	if b.back.NeverSent() {
		p.Sums = []block{{ID: "sums", Title: b.T("dispute_desk.readmitted", nil), Deeds: []deed{say}}}
		return nil
	}
	ruling, err := in.ruling(lines, b.order.Currency)
	if err != nil {
		return err
	}
	f, err := returns.Foresee(tx, v.Merchant, b.back.ID, flow.ByStaff(v.Staff.ID), ruling)
	if err != nil {
		return err
	}
	f.Why = "" // whoever settles is the second person
	p.Sums = []block{b.foreseenBlock(f, say)}
	return nil
}

// settleOnce settles a dispute, once by one person.
func (c Config) settleOnce(r *http.Request) error {
	id := ident.Dispute(r.PathValue("id"))
	return c.act(r, func(tx *flow.Tx, v visit) error {
		d, err := returns.DisputeOf(tx.Tx, v.Merchant, id)
		if err != nil || !d.Open() && d.Settler == tx.By() && !d.ByRule {
			return err
		}
		b, err := readSentback(tx.Tx, v.Merchant, d.Return, reading(r, tx.Now))
		if err != nil {
			return err
		}
		lines, err := b.givable(tx.Tx, v)
		if err != nil {
			return err
		}
		in := settledOf(r, lines)
		if in.verdict != "upheld" && in.verdict != "rejected" {
			return fault.New(fault.Invalid, "unknown_value", "verdict", "value", in.verdict)
		}
		say, err := in.ruling(lines, b.order.Currency)
		if in.verdict == "upheld" && err != nil {
			return err
		}
		_, err = returns.Settle(tx, v.Merchant, id, in.verdict == "upheld", say, in.words)
		return err
	})
}
