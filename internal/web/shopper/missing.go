package shopper

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// lackPage is the page on which a shopper says what is missing or damaged, and
// reads what follows from it.
type lackPage struct {
	ui.Frame
	Back   string // path of the order's page
	Form   string // path of this one
	Said   string // what was declared so far; empty: nothing
	After  string // the last declaration of the shopper's, as the form knows it
	Follow []string
	Given  []string
	Fields []field
	Wrong  []wrong
	Broken bool   // chosen: damaged rather than missing
	Mail   string // a person to write to; empty: none
	Write  string
}

// field is a line of the order that may be missing.
type field struct {
	ID    string
	Name  string // of the article
	Words string
	Most  int
	Value string
	Wrong string // what is wrong with the value; empty: nothing
}

// wrong is what is wrong with a form, and where.
type wrong struct{ Field, Words string }

// missing shows what was declared, what followed, and the form for more.
func (s *site) missing(r *http.Request) (a ui.Answer, err error) {
	err = s.read(r, func(tx *db.Tx, link ident.Link) error {
		d, left, err := readLack(tx, link, wanted(r))
		if err != nil {
			return err
		}
		a.Page = missingPage(d.lackPage(left))
		return nil
	})
	return a, err
}

// readLack reads the order of a link that lives, and how much of it may be missing.
func readLack(tx *db.Tx, link ident.Link, loc lang.Locale) (*lived, map[ident.Line]int, error) {
	d, err := readLiving(tx, link, loc)
	if err != nil {
		return nil, nil, err
	}
	left, err := orders.Missable(tx, d.shop.ID, d.order.ID)
	return d, left, err
}

// readLiving is readOrder for pages that act. A link that has died acts on
// nothing: the fault is link_over.
func readLiving(tx *db.Tx, link ident.Link, loc lang.Locale) (*lived, error) {
	d, err := readOrder(tx, link, loc)
	if err == nil && d.expired() {
		err = fault.New(fault.NotFound, "link_over", "")
	}
	return d, err
}

// declare writes down what is missing, in the shopper's name, and leads back to
// the page that says what follows.
func (s *site) declare(r *http.Request) (a ui.Answer, err error) {
	var d *lived
	var left map[ident.Line]int
	err = s.read(r, func(tx *db.Tx, link ident.Link) (err error) {
		d, left, err = readLack(tx, link, wanted(r))
		return err
	})
	if err != nil {
		return a, err
	}
	said, err := d.declared(r)
	if err == nil {
		err = s.flow.One(r.Context(), by, d.shop.ID, func(tx *flow.Tx) error {
			_, err := orders.DeclareMissing(tx, d.shop.ID, said)
			return err
		})
	}
	if fault.KindOf(err) != fault.Invalid {
		return ui.Answer{To: d.beside("missing")}, err
	}
	p := d.lackPage(left)
	p.refill(d, r, fault.All(err))
	return ui.Answer{Status: http.StatusUnprocessableEntity, Page: missingPage(p)}, nil
}

// declared reads the form. The faults are field_required, and parameter_invalid
// for what is no number.
func (d *lived) declared(r *http.Request) (orders.Missing, error) {
	said := orders.Missing{
		Order: d.order.ID, By: fact.ByShopper, Units: map[ident.Line]int{}, Damaged: r.PostFormValue("what") == "damaged",
		After: ident.Shortage(r.PostFormValue("after")),
	}
	var faults fault.List
	for _, l := range d.lines {
		text := r.PostFormValue(unitsField(l.ID))
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			faults.Add(fault.Invalid, "parameter_invalid", unitsField(l.ID), "value", shortly(text))
			continue
		}
		if n != 0 {
			said.Units[l.ID] = n
		}
	}
	if len(said.Units) == 0 && len(faults) == 0 {
		faults.Add(fault.Invalid, "nothing_missing", "units")
	}
	return said, faults.Err()
}

// unitsField is the name of a line's number in the form, and its path in faults.
func unitsField(l ident.Line) string { return fmt.Sprintf("units[%s]", l) }

// shortly is what was typed, as far as a sentence can hold it.
func shortly(text string) string {
	const enough = 20
	if r := []rune(text); len(r) > enough {
		return string(r[:enough]) + "…"
	}
	return text
}

// lackPage puts into words what is missing and what follows.
func (d *lived) lackPage(left map[ident.Line]int) lackPage {
	args := map[string]any{"Reference": d.order.Reference, "Shop": d.brand.Shown}
	p := lackPage{
		Frame: d.frame(d.T("tracking_page.missing_title", args)), Back: d.back(), Form: d.beside("missing"),
		Mail: d.mailTo(d.T("order_page.order", args)), Write: d.T("tracking_page.write", args),
	}
	if len(d.shortages) > 0 {
		p.Said = d.lack()
		var h headline
		d.repair(&h)
		p.Given, p.Follow = h.Repaired, h.Texts
	}
	for _, s := range d.shortages {
		if s.By == fact.ByShopper {
			p.After = string(s.ID)
		}
	}
	for _, l := range d.lines {
		if most := left[l.ID]; most > 0 {
			p.Fields = append(p.Fields, field{
				ID: unitsField(l.ID), Name: l.Name, Most: most, Value: "0",
				Words: d.T("tracking_page.missing_of", map[string]any{"Name": l.Name, "Units": most}),
			})
		}
	}
	return p
}

// refill puts back what was typed, with what is wrong about it.
func (p *lackPage) refill(d *lived, r *http.Request, faults fault.List) {
	p.Broken = r.PostFormValue("what") == "damaged"
	for i := range p.Fields {
		p.Fields[i].Value = shortly(r.PostFormValue(p.Fields[i].ID))
	}
	for _, f := range faults {
		w := wrong{Words: lang.Fault(d.Locale, f)}
		for i := range p.Fields {
			x := &p.Fields[i]
			if x.ID == f.Field {
				w.Words = d.T("tracking_page.missing_number", map[string]any{"Name": x.Name, "Units": x.Most})
			}
			if x.ID == f.Field || f.Field == "units" && i == 0 {
				w.Field, x.Wrong = x.ID, w.Words
			}
		}
		p.Wrong = append(p.Wrong, w)
	}
}
