package shopper

import (
	"net/http"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// askPage is where a shopper says what comes back, and why.
type askPage struct {
	ui.Frame
	Back       string // path of the order's page
	Form       string // path of the next one
	Key        string
	Conditions []string
	Lines      []askLine
	None       string // why nothing can come back here now; empty: something can
	Wrong      []wrong
	Instead    string // path of the form to withdraw; empty: the time is over
	Until      string
}

// askLine is a line of the order on the form.
type askLine struct {
	Line       ident.Line
	Name       string
	Words      string // name, and how many may come back
	Says       []string
	Most       int
	Units      string
	Reasons    []pick
	Conditions []pick
	Comment    string
	Kept       string   // how many photos are there already; empty: none
	Handed     []hidden // those photos
	Wrong      map[string]string
}

// pick is a value that may be chosen.
type pick struct {
	Value, Words string
	Chosen       bool
}

// askBack shows what may come back. It changes nothing.
func (s *site) askBack(r *http.Request) (ui.Answer, error) {
	d, err := s.returning(r)
	if err != nil {
		return ui.Answer{}, err
	}
	return ui.Answer{Page: backAsk(s.askPage(d, backWish{}))}, nil
}

// askAgain shows it with what was typed, to be changed.
func (s *site) askAgain(r *http.Request) (ui.Answer, error) {
	d, err := s.returning(r)
	if err != nil {
		return ui.Answer{}, err
	}
	w, _, err := s.wish(r, d)
	if err != nil {
		return ui.Answer{}, err
	}
	return ui.Answer{Page: backAsk(s.askPage(d, w))}, nil
}

// askWrong shows what is wrong with what was typed.
func (s *site) askWrong(d returning, w backWish, faults fault.List) ui.Answer {
	p := s.askPage(d, w)
	return ui.Answer{Status: mark(d, w, &p, faults), Page: backAsk(p)}
}

// mark notes on the page what is wrong, and gives the answer's status.
func mark(d returning, w backWish, p *askPage, faults fault.List) int {
	status := http.StatusUnprocessableEntity
	for _, f := range faults {
		field := w.at(f.Field)
		named := *f
		// People know the field by its name, and not by its path.
		named.Field, _, _ = strings.Cut(f.Field[strings.LastIndex(f.Field, ".")+1:], "[")
		words := d.sentence(&named)
		if field == "items" {
			words = d.T("back.nothing", nil)
		}
		if f.Kind == fault.TooMany {
			status = http.StatusTooManyRequests
		}
		p.Wrong = append(p.Wrong, wrong{p.anchor(field), p.named(field, words)})
	}
	return status
}

// anchor notes a fault at its field, and gives the field's id when there is one.
func (p *askPage) anchor(field string) string {
	for i := range p.Lines {
		l := &p.Lines[i]
		if !strings.HasSuffix(field, "["+string(l.Line)+"]") {
			continue
		}
		l.Wrong[strings.TrimSuffix(field, "["+string(l.Line)+"]")] = "wrong"
		return field
	}
	if field == "items" && len(p.Lines) > 0 {
		return ofLine("units", p.Lines[0].Line)
	}
	return ""
}

// named is a sentence with the article it is about, and kept at its field.
func (p *askPage) named(field, words string) string {
	for _, l := range p.Lines {
		name, ok := strings.CutSuffix(field, "["+string(l.Line)+"]")
		if !ok {
			continue
		}
		// The sentence of the room names the path of the field; people know the article.
		l.Wrong[name] = words
		return l.Name + " : " + words
	}
	return words
}

// askPage puts into words what may come back, with what was typed so far.
func (s *site) askPage(d returning, w backWish) askPage {
	args := map[string]any{"Reference": d.order.Reference, "Shop": d.brand.Shown}
	p := askPage{
		Frame: d.frame(d.T("back.title", args)), Back: d.home(), Form: d.to("retour/voies"), Key: w.key,
		Conditions: d.terms(),
	}
	for _, r := range d.rights {
		if r.Left > 0 && r.Possession != 0 {
			p.Lines = append(p.Lines, s.askLine(d, r, w))
		}
	}
	if len(p.Lines) == 0 {
		p.None = d.T("back.nothing_left", nil)
		if !slices.ContainsFunc(d.rights, func(r returns.Right) bool { return r.Possession != 0 }) {
			p.None = d.T("back.not_yet", nil)
		}
	}
	if until, ok := d.withdrawable(); ok {
		p.Instead = d.to("retractation")
		if until != 0 {
			p.Until = d.T("withdraw.open_until", map[string]any{"Due": d.Due(until)})
		}
	}
	return p
}

// terms are the conditions, said before anything is asked for.
func (d returning) terms() (all []string) {
	for _, r := range d.rights {
		args := map[string]any{"Name": r.Name, "Due": "", "Why": ""}
		switch {
		case r.Excluded != "":
			args["Why"] = d.excluded(r.Excluded)
			all = append(all, d.T("back.term_excluded", args))
		case r.Possession == 0:
			all = append(all, d.T("back.term_later", args))
		case d.Now < r.Until:
			args["Due"] = d.Due(r.Until)
			all = append(all, d.T("back.term_until", args))
		default:
			args["Due"] = d.Due(r.Until)
			all = append(all, d.T("back.term_over", args))
		}
	}
	days := d.conditions
	return append(all,
		d.T("back.term_deposit", map[string]any{"Days": days.DepositDays}),
		d.T("back.term_process", map[string]any{"Days": days.ProcessDays}),
		d.T("back.term_faults", nil))
}

// askLine is one line on the form.
func (s *site) askLine(d returning, r returns.Right, w backWish) askLine {
	l := askLine{
		Line: r.Line, Name: r.Name, Most: r.Left, Units: "0", Wrong: map[string]string{},
		Words: d.T("back.how_many", map[string]any{"Name": r.Name, "Units": r.Left}),
	}
	var said wished
	for _, i := range w.items {
		if i.line == r.Line {
			said = i
		}
	}
	if said.typed != "" {
		l.Units = shortly(said.typed)
	}
	l.Comment = said.comment
	if r.Excluded != "" || d.Now >= r.Until {
		l.Says = append(l.Says, d.T("back.only_faults", nil))
	}
	if r.Deposit {
		l.Reasons = []pick{{string(returns.Packaging), d.taxon(returns.Packaging), true}}
		l.Says = append(l.Says, d.T("back.deposit_back", nil))
		return l
	}
	l.Reasons = append(l.Reasons, pick{"", d.T("back.choose_reason", nil), said.reason == ""})
	for _, reason := range d.can.Reasons {
		words := d.reason(reason)
		if reason.Photo {
			words = d.T("back.with_photo", map[string]any{"Reason": words})
		}
		l.Reasons = append(l.Reasons, pick{reason.Code, words, said.reason == reason.Code})
	}
	for _, c := range looks {
		l.Conditions = append(l.Conditions, pick{string(c), d.condition(c), said.condition == c})
	}
	for _, id := range said.photos {
		l.Handed = append(l.Handed, hidden{ofLine("photo", r.Line), s.handOn(d.order.ID, id)})
	}
	if n := len(said.photos); n > 0 {
		l.Kept = d.T("back.photos_kept", map[string]any{"Photos": n})
	}
	return l
}
