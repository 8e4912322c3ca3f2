package console

import (
	"net/http"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// ruled is what somebody typed into the form of a decision.
type ruled struct {
	outcome    fact.Outcome
	code, note string
	lines      map[ident.Line]ruledLine
	seen       string // how many decisions the form knows of
}

// ruledLine is what they typed for one line.
type ruledLine struct{ units, amount, code string }

// ruledOf reads the form; lines are those it may name.
func ruledOf(r *http.Request, lines []fact.RefundLine) ruled {
	in := ruled{
		outcome: fact.Outcome(r.PostFormValue("outcome")), code: r.PostFormValue("code"), note: strings.TrimSpace(r.PostFormValue("note")),
		seen: r.PostFormValue("seen"), lines: map[ident.Line]ruledLine{},
	}
	for _, l := range lines {
		in.lines[l.Line] = ruledLine{
			units: strings.TrimSpace(r.PostFormValue("units:" + string(l.Line))), amount: strings.TrimSpace(r.PostFormValue("amount:" + string(l.Line))),
			code: r.PostFormValue("code:" + string(l.Line)),
		}
	}
	return in
}

// ruling is what was typed, as the room takes it. The faults are at the fields of
// the form.
func (in ruled) ruling(lines []fact.RefundLine, cur money.Currency) (returns.Ruling, error) {
	out := returns.Ruling{Outcome: in.outcome}
	var faults fault.List
	if in.code != "" {
		out.Reasons = append(out.Reasons, returns.Because{Code: in.code})
	}
	for _, l := range lines {
		typed := in.lines[l.Line]
		if typed.code != "" {
			out.Reasons = append(out.Reasons, returns.Because{Line: l.Line, Code: typed.code})
		}
		if in.outcome != fact.InPart {
			continue
		}
		paid, wanted := typed.paid(&faults, l.Line, cur)
		if wanted {
			out.Lines = append(out.Lines, paid)
		}
	}
	if in.outcome == fact.InFull {
		out.Reasons = nil
	} else if len(out.Reasons) > 0 {
		out.Reasons[0].Note = in.note
	}
	return out, faults.Err()
}

// paid is what was typed for one line; false when nothing was.
func (t ruledLine) paid(faults *fault.List, line ident.Line, cur money.Currency) (l fact.RefundLine, wanted bool) {
	l.Line, l.Amount = line, money.Of(0, cur)
	if t.amount != "" {
		a, err := money.Parse(t.amount, cur)
		for _, f := range fault.All(err) {
			f.Field = "amount:" + string(line)
			*faults = append(*faults, f)
		}
		l.Amount = a
	}
	units, ok := wholeNumber(t.units)
	if !ok {
		faults.Add(fault.Invalid, "number_expected", "units:"+string(line), "value", t.units)
	}
	l.Units = units
	return l, l.Amount.Minor != 0 || l.Units != 0
}

// rulingFaults puts the paths of the room into the fields of the form.
func rulingFaults(loc lang.Locale, err error, in returns.Ruling) (words map[string]string, rest string) {
	words = map[string]string{}
	for _, f := range fault.All(err) {
		at := f.Field
		for i, l := range in.Lines {
			at = strings.Replace(at, "lines["+number(i)+"].", "", 1)
			if at != f.Field {
				at += ":" + string(l.Line)
				break
			}
		}
		said := misdone(loc, f)
		switch {
		case strings.HasPrefix(at, "amount:"), strings.HasPrefix(at, "units:"), at == "outcome", at == "words":
			words[at] = said
		case f.Code == "reason_required", strings.HasPrefix(at, "reasons["):
			words["code"] = said
		case rest == "":
			rest = said
		}
	}
	return words, rest
}

// outcomes is the choice between all, a part and nothing.
func (b *sentback) outcomes(in ruled, wrong map[string]string) input {
	f := input{Name: "outcome", Kind: "select", Label: b.T("decide.outcome", nil), Fault: wrong["outcome"]}
	for _, o := range []struct {
		outcome fact.Outcome
		words   string
	}{{fact.InFull, "decide.full"}, {fact.InPart, "decide.partial"}, {fact.Refused, "decide.refused"}} {
		f.Options = append(f.Options, option{string(o.outcome), b.T(o.words, nil), o.outcome == in.outcome})
	}
	return f
}

// lineGroups are the fields of each line that may be paid for.
func (b *sentback) lineGroups(lines []fact.RefundLine, in ruled, wrong map[string]string) (out []group) {
	for _, l := range lines {
		id, typed, bought := string(l.Line), in.lines[l.Line], b.line(l.Line)
		g := group{Title: bought.Name, Text: b.T("decide.left", map[string]any{"Amount": l.Amount})}
		if bought.Kind == order.Delivery {
			g.Title = b.T("console.delivery", nil)
		} else {
			g.Fields = append(g.Fields, input{Name: "units:" + id, Label: b.T("decide.units", map[string]any{"Left": l.Units}), Value: typed.units, Fault: wrong["units:"+id]})
		}
		g.Fields = append(g.Fields, input{Name: "amount:" + id, Label: b.T("decide.amount", map[string]any{"Currency": string(l.Amount.Currency)}), Value: typed.amount, Fault: wrong["amount:"+id]})
		if bought.Kind != order.Delivery {
			why := b.reasonField("code:"+id, typed.code, true)
			why.Label = b.T("decide.line_reason", nil)
			g.Fields = append(g.Fields, why)
		}
		out = append(out, g)
	}
	return out
}

// keep are the typed values, to be handed on to the button that does it.
func (in ruled) keep(lines []fact.RefundLine) []pair {
	out := []pair{{"outcome", string(in.outcome)}, {"code", in.code}, {"note", in.note}, {"seen", in.seen}}
	for _, l := range lines {
		id, typed := string(l.Line), in.lines[l.Line]
		out = append(out, pair{"units:" + id, typed.units}, pair{"amount:" + id, typed.amount}, pair{"code:" + id, typed.code})
	}
	return out
}

// givable are the lines a decision about the return may name: those that come
// back, and the delivery.
func (b *sentback) givable(tx *db.Tx, v visit) (out []fact.RefundLine, err error) {
	all, err := returns.Givable(tx, v.Merchant, b.back.ID)
	for _, l := range all {
		if b.line(l.Line).Kind == order.Delivery {
			if l.Amount.Minor > 0 {
				out = append(out, l)
			}
			continue
		}
		for _, i := range b.items {
			if i.Line == l.Line {
				out = append(out, l)
				break
			}
		}
	}
	return out, err
}

// proposed is a form filled in with all that is owed in full.
func proposed(full returns.Foreseen, seen int) ruled {
	in := ruled{outcome: fact.InFull, seen: number(seen), lines: map[ident.Line]ruledLine{}}
	for _, l := range full.Lines {
		in.lines[l.Line] = ruledLine{units: number(l.Units), amount: typedAmount(l.Amount)}
	}
	return in
}

// typedAmount is an amount as people type it.
func typedAmount(a money.Amount) string { return strings.Replace(a.Decimal(), ".", ",", 1) }

// same reports whether a decision is the one that was typed: sent twice, it is
// said once.
func (b *sentback) same(d returns.Decision, in returns.Ruling) bool {
	if d.Outcome != in.Outcome || in.Outcome == fact.InPart && len(d.Lines) != len(in.Lines) {
		return false
	}
	if in.Outcome != fact.InPart {
		return true
	}
	for i, l := range in.Lines {
		if d.Lines[i] != l {
			return false
		}
	}
	return true
}

// foreseenBlock is what a ruling comes to, with the button that says it.
func (b *sentback) foreseenBlock(f returns.Foreseen, d deed) block {
	k := block{
		ID: "sums", Title: b.T("decide.comes_to", map[string]any{"Amount": f.Amount}), Facts: b.paidLines(f.Lines, f.Withheld), Deeds: []deed{d},
	}
	if b.back.Fee.Minor > 0 && len(f.Withheld) == 0 {
		k.Notes = append(k.Notes, b.T("decide.fee_taken", map[string]any{"Fee": b.back.Fee}))
	}
	if f.Why != "" {
		k.Says = append(k.Says, b.T("decide.needs_second", map[string]any{"Why": secondWords(b.Reading, f.Why)}))
	}
	return k
}

// formPage is a page about a return with a form on it.
type formPage struct {
	ui.Frame
	Back        pair
	Done, Wrong string
	Intro       []string
	Blocks      []block // what one looks at
	Sums        []block // what it comes to
	Form        *deed
	Legend      string
}
