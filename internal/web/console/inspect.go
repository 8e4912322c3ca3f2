package console

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// maxExtra is for how many units that nobody announced a page has fields.
const maxExtra = 3

func (c Config) inspect(r *http.Request) (a ui.Answer, err error) {
	var p formPage
	err = c.readBack(r, func(_ *db.Tx, _ visit, b *sentback) error {
		p = b.inspectPage(r, inspection{seen: number(len(b.found))}, nil)
		return nil
	})
	return ui.Answer{Page: formView(p)}, err
}

// inspectAgain shows the form as it was typed, with what is wrong with it.
func (c Config) inspectAgain(r *http.Request, in inspection, at []int, wrong error) (ui.Answer, error) {
	var p formPage
	err := c.readBack(r, func(_ *db.Tx, _ visit, b *sentback) error {
		words, rest := findingFaults(b.Reading, wrong, at)
		in.seen = number(len(b.found))
		p = b.inspectPage(r, in, words)
		p.Wrong, p.Done = cmp.Or(rest, b.T("warehouse.look_below", nil)), ""
		return nil
	})
	return ui.Answer{Status: http.StatusUnprocessableEntity, Page: formView(p)}, err
}

// findingFaults puts the paths of the room into the fields of the form: at is the
// number that each finding has there.
func findingFaults(rd ui.Reading, err error, at []int) (words map[string]string, rest string) {
	words = map[string]string{}
	for _, f := range fault.All(err) {
		field, said := f.Field, misdone(rd.Locale, f)
		for i, n := range at {
			if name, is := strings.CutPrefix(f.Field, "findings["+number(i)+"]."); is {
				field = name + ":" + number(n)
			}
		}
		switch {
		case f.Code == "field_required" && f.Field == "findings":
			rest = rd.T("warehouse.nothing_said", nil)
		case strings.Contains(field, ":"), field == "grams":
			words[field] = said
		case rest == "":
			rest = said
		}
	}
	return words, rest
}

// inspectPage is what was announced beside what is in the box. It names no price:
// whoever inspects does not decide.
func (b *sentback) inspectPage(r *http.Request, in inspection, wrong map[string]string) formPage {
	p := b.formPage(r, b.T("warehouse.inspect_title", map[string]any{"Reference": b.order.Reference}))
	p.Back = pair{b.T("warehouse.to_scan", nil), "/console/reception"}
	said := b.box() // what was announced comes first, on a telephone too
	p.Sums, p.Blocks = said[:1], said[1:]
	switch b.back.State {
	case returns.Held:
		p.Intro = []string{b.T("warehouse.held", nil)}
		return p
	case returns.Decided, returns.Closed:
		p.Intro = []string{b.T("warehouse.decided", nil)}
		return p
	case returns.Received:
	default:
		p.Intro = []string{b.T("warehouse.not_in", map[string]any{"State": returnBadge(b.Reading, b.back.State)})}
	}
	p.Legend = b.T("warehouse.legend", nil)
	p.Form = &deed{
		Path: receptionPath(b.back.ID), Button: b.T("warehouse.write", nil), How: b.T("warehouse.how", nil), Files: true, Keep: []pair{{"seen", in.seen}},
		Groups: b.unitGroups(in, wrong), Fields: []input{{Name: "grams", Label: b.T("warehouse.grams", nil), Value: in.grams, Fault: wrong["grams"]}},
	}
	return p
}

// box is what was announced, and what was found so far.
func (b *sentback) box() []block {
	said := block{Title: b.T("decide.announced", nil)}
	out := []block{}
	for _, i := range b.items {
		said.Facts = append(said.Facts, pair{b.T("returns_desk.item", map[string]any{"Units": i.Units, "Name": b.line(i.Line).Name}), reasonOf(b.Reading, b.conditions, i)})
		if i.Comment != "" {
			said.Says = append(said.Says, i.Comment)
		}
		said.Photos = append(said.Photos, b.pictures(i.Photos)...)
	}
	out = append(out, said)
	for _, f := range b.findings() {
		f.Title = b.T("decide.found", map[string]any{"Name": f.Title})
		out = append(out, f)
	}
	return out
}

// unitGroups are the fields of each unit that is still to be found, then of a few
// that nobody announced.
func (b *sentback) unitGroups(in inspection, wrong map[string]string) (out []group) {
	for n, line := range b.toFind() {
		out = append(out, b.unitGroup(n, line, in.unit(n), wrong))
	}
	for n := len(out); n < len(b.toFind())+b.extra(in); n++ {
		g := b.unitGroup(n, "", in.unit(n), wrong)
		g.Title, g.Text = b.T("warehouse.extra", nil), b.T("warehouse.extra_how", nil)
		which := input{Name: "line:" + number(n), Kind: "select", Label: b.T("warehouse.which", nil), Options: []option{{"", b.T("warehouse.other_article", nil), in.unit(n).line == ""}}}
		for _, l := range b.lines {
			if l.Kind == order.Goods {
				which.Options = append(which.Options, option{string(l.ID), l.Name, in.unit(n).line == l.ID})
			}
		}
		g.Fields = append([]input{which}, g.Fields[1:]...)
		out = append(out, g)
	}
	return out
}

// extra is for how many unannounced units there are fields: one, and one more
// than were typed.
func (b *sentback) extra(in inspection) int {
	n := 1
	for i := range maxExtra {
		if in.unit(len(b.toFind())+i).outcome != "" {
			n = min(maxExtra, i+2)
		}
	}
	return n
}

func (in inspection) unit(n int) inspected {
	if n >= len(in.units) {
		return inspected{}
	}
	return in.units[n]
}

// toFind are the lines of the announced units that nobody has found yet.
func (b *sentback) toFind() (lines []ident.Line) {
	left := map[ident.Line]int{}
	for _, f := range b.found {
		left[f.Line]--
	}
	for _, i := range b.items {
		left[i.Line] += i.Units
		for range left[i.Line] {
			if len(lines) < maxUnits {
				lines = append(lines, i.Line)
			}
		}
		left[i.Line] = 0
	}
	return lines
}

func (b *sentback) unitGroup(n int, line ident.Line, in inspected, wrong map[string]string) group {
	at := ":" + number(n)
	condition := input{Name: "condition" + at, Kind: "select", Label: b.T("warehouse.condition", nil), Fault: wrong["condition"+at]}
	for _, c := range returns.Looks {
		condition.Options = append(condition.Options, option{string(c), looksWords(b.Reading, c), string(c) == in.condition})
	}
	outcome := input{Name: "outcome" + at, Kind: "select", Label: b.T("warehouse.outcome", nil), Fault: wrong["outcome"+at], Options: []option{{"", b.T("warehouse.not_yet", nil), in.outcome == ""}}}
	for _, d := range returns.Disposals {
		outcome.Options = append(outcome.Options, option{string(d), disposalWords(b.Reading, d), string(d) == in.outcome})
	}
	return group{Title: b.T("warehouse.unit", map[string]any{"Number": n + 1, "Name": b.line(line).Name}), Fields: []input{
		{Name: "line" + at, Kind: "hidden", Value: string(line)},
		condition, outcome,
		{Name: "ground" + at, Label: b.T("warehouse.ground", nil), Hint: b.T("warehouse.ground_how", nil), Value: in.ground, Fault: wrong["ground"+at]},
		{Name: "note" + at, Kind: "area", Label: b.T("returns_desk.note", nil), Value: in.note, Fault: wrong["note"+at]},
		{Name: "photos" + at, Kind: "files", Label: b.T("warehouse.photos", nil), Fault: wrong["photos"+at]},
	}}
}
