package shopper

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// changePage is what can be changed about a delivery before it is HTML.
type changePage struct {
	ui.Frame
	Back      string
	Form      string
	Key       string
	Prove     string // leads to where the hand is given; empty: it is
	Due       string // what is promised now
	Wrong     []wrong
	Asked     []changed // what was asked for, the last first
	Offers    []changeOffer
	Not       []notRow
	None      string // why nothing can be changed here; empty: something can
	Page      string // the button that leads to where the carrier takes changes itself; empty: nowhere
	PageForm  string
	Elsewhere string // address of that page, once it was asked for
	Carrier   string
	Check     *doorCheck // the other address, to be agreed to; nil: none was typed
	Cancel    string     // path of the page on which an order that is not packed is taken back; empty: it is
	Ask       string     // path of the page to write to a person
	Times     string
}

// changed is a change that was asked for.
type changed struct {
	Tone        ui.Tone
	Badge, What string
	Texts       []string
	ID          string
}

// changeOffer is one change that may be asked for.
type changeOffer struct {
	What, Name, Until, How string
	Field                  string // name of the choice: slot, day, point
	Picks                  []pick
	Points                 []pointRow
	Words                  string // label of the box for words; empty: there is none
	Door                   *doorForm
	Texts                  []string // what follows from it
	Other                  bool     // another person may be named, who is told too
	Around, Where          string   // where points are looked for
	Open                   bool     // shown at once
	Send                   string
}

func (c changing) changePage() changePage {
	args := map[string]any{"Shop": c.brand.Shown, "Carrier": c.can.Connection.Name}
	p := changePage{
		Frame: c.frame(c.T("change.title", nil)), Back: c.back(), Form: c.beside("changer"), Key: rand.Text(), Carrier: c.can.Connection.Name,
		Ask: c.beside("ecrire"), Times: c.T("order_page.times", map[string]any{"Zone": lang.Zone(c.Locale, c.Zone.String())}),
	}
	p.Look = backLook
	if c.delivery.ID != "" && c.delivery.State == fact.Open {
		p.Due = c.T("change.due", map[string]any{"Due": c.due(c.delivery)})
	}
	if !c.trusted {
		p.Prove = c.toProve("changer")
	}
	for _, x := range slices.Backward(c.asked) {
		p.Asked = append(p.Asked, c.outcome(x))
	}
	waits := slices.ContainsFunc(c.asked, func(x lastmile.Change) bool { return x.State == lastmile.ChangeAsked })
	switch {
	case waits:
		p.None = c.T("change.waits_first", nil)
	default:
		c.offers(&p)
	}
	if c.can.Page != "" {
		p.Page, p.PageForm = c.T("change.elsewhere_button", args), "changer/ailleurs"+query(c.chosen)
	}
	return p
}

// offers is what may be asked for, and what not.
func (c changing) offers(p *changePage) {
	if c.can.Why != "" {
		p.None = c.whyNot(c.can.Why)
	}
	for _, o := range c.can.Offers {
		if row, ok := c.offerRow(o); ok {
			p.Offers = append(p.Offers, row)
		}
	}
	for _, n := range c.can.Not {
		p.Not = append(p.Not, notRow{Name: c.ChangeName(n.What), Why: c.whyNot(n.Why)})
	}
	if c.cancellable() {
		p.Cancel = c.beside("cancel")
	}
}

// retype opens the form of another address with what was typed.
func (p *changePage) retype(a orders.Address, other string) {
	for i, o := range p.Offers {
		if o.Door != nil {
			o.Door.Typed, o.Door.Other = a, other
			p.Offers[i].Open = true
		}
	}
}

func (d *lived) whyNot(why lastmile.WhyNot) string {
	return d.T(map[lastmile.WhyNot]string{
		lastmile.NotOver:    "change.not_over",
		lastmile.NotSettled: "change.not_settled",
		lastmile.NotPacked:  "change.not_unpacked",
		lastmile.NotAlone:   "change.not_several",
		lastmile.NotPoint:   "change.not_collected",
		lastmile.NotCarrier: "change.not_carrier",
		lastmile.NotHere:    "change.not_here",
		lastmile.NotOut:     "change.not_out",
		lastmile.NotLate:    "change.not_late",
		lastmile.NotRoom:    "change.not_room",
		lastmile.NoPoints:   "change.not_points",
		lastmile.NotLawful:  "change.not_excluded",
	}[why], nil)
}

// offerRow is an offer with its choices; false when there is nothing to choose.
func (c changing) offerRow(o lastmile.ChangeOffer) (row changeOffer, ok bool) {
	row = changeOffer{What: string(o.What), Name: c.ChangeName(o.What), How: c.T("change.answer_within", map[string]any{"Long": o.Within}), Send: c.T("change.send", nil)}
	row.Until = c.T("change.until_there", nil)
	if !o.Until.IsZero() {
		row.Until = c.T("change.until", map[string]any{"When": c.When(o.Until, fact.Minute)})
	}
	if len(o.Closed) > 0 {
		days := make([]string, len(o.Closed))
		for i, day := range o.Closed {
			days[i] = c.Day(day)
		}
		row.Texts = append(row.Texts, c.T("change.closed_days", map[string]any{"Days": strings.Join(days, ", ")}))
	}
	switch o.What {
	case fact.Readdress:
		row.Door, row.How, row.Send = &doorForm{Typed: orders.Address{Name: c.order.Ship.Name}, Email: c.T("change.door_other", nil)}, "", c.T("change.door_see", nil)
		for _, a := range c.book {
			row.Door.Known = append(row.Door.Known, pick{doorMark(a), inLine(a), false})
		}
		if o.AtOnce && o.Until.IsZero() {
			row.Until = c.T("change.until_packed", nil)
		}
		return row, true
	case fact.CallBack:
		goods := c.order.Value
		goods.Minor -= c.order.Delivery.Minor
		args := map[string]any{"Shop": c.brand.Shown, "Carrier": c.can.Connection.Name, "Amount": goods}
		row.Texts = append(row.Texts, c.T("change.cancel_what", args), c.T("change.cancel_money", args), c.T("change.cancel_else", args))
		row.Send = c.T("change.cancel_send", nil)
		return row, true
	case fact.LeaveSafe:
		row.Words = c.T("change.safe_place_words", nil)
		return row, true
	case fact.ToNeighbour:
		row.Words, row.Other = c.T("change.neighbour_words", nil), true
		return row, true
	case fact.Redirect:
		row.Field, row.Around, row.Where, row.Other, row.Open = "point", c.around, c.where, true, c.around != ""
		row.How = c.T("change.redirect_how", map[string]any{"Day": c.Day(o.Days[0]), "Long": o.Within})
		for i, f := range c.near {
			row.Points = append(row.Points, c.changePoint(f, i == 0))
		}
		return row, c.where != ""
	}
	row.Field = "day"
	for i, day := range o.Days {
		row.Picks = append(row.Picks, pick{day.String(), c.Day(day), i == 0})
	}
	for i, s := range o.Slots {
		row.Field = "slot"
		value := fmt.Sprintf("%d-%d", int64(s.From), int64(s.Until))
		row.Picks = append(row.Picks, pick{value, lang.Slot(c.Locale, s.From.In(c.Zone), s.Until.In(c.Zone)), i == 0})
	}
	return row, true
}

func (c changing) changePoint(f relay.Found, first bool) pointRow {
	there := c.Reading
	if zone, err := civil.Zone(f.Zone); err == nil {
		there.Zone = zone
	}
	_, open := there.Opening(f.Opens)
	if !f.Hours.Said() {
		open = c.T("locator.state_unsaid", nil)
	}
	return pointRow{
		Value: string(f.ID), Name: f.Name, Address: f.Address(), Distance: ui.Far(c.Locale, f.Metres, f.Located == relay.Exact), Open: open, Chosen: first,
	}
}

// outcome is what became of a change, in words.
func (c changing) outcome(x lastmile.Change) changed {
	args := map[string]any{
		"Carrier": c.carriers[x.Connection].Name, "Until": c.When(x.AnswerBy, fact.Minute), "Asked": c.When(x.Asked, fact.Minute), "Shop": c.brand.Shown,
	}
	out := changed{ID: string(x.ID), What: c.wantedWords(x)}
	switch x.State {
	case lastmile.ChangeAccepted:
		out.Tone, out.Badge, out.Texts = ui.Good, c.T("change.badge_accepted", nil), []string{c.acceptedWords(x, args)}
	case lastmile.ChangeRefused:
		out.Tone, out.Badge, out.Texts = ui.Bad, c.T("change.badge_refused", nil), []string{c.refusedWords(x), c.T("change.as_before", nil)}
	case lastmile.ChangeUnanswered:
		out.Tone, out.Badge, out.Texts = ui.Care, c.T("change.badge_unanswered", nil), []string{c.T("change.unanswered", args), c.T("change.as_before", nil)}
	case lastmile.ChangeAsked:
		if !x.Agreed.IsZero() {
			out.Tone, out.Badge, out.Texts = ui.Care, c.T("change.badge_asked", nil), []string{c.T("regroup.waits_others", args), c.T("change.as_before", nil)}
			return out
		}
		out.Tone, out.Badge, out.Texts = ui.Care, c.T("change.badge_asked", nil), []string{c.T("change.asked", args), c.T("change.as_before", nil)}
	}
	if x.What == fact.CallBack && (x.State == lastmile.ChangeRefused || x.State == lastmile.ChangeUnanswered) {
		out.Texts = append(out.Texts, c.T("change.cancel_after", nil))
	}
	return out
}

// acceptedWords is what holds now.
func (c changing) acceptedWords(x lastmile.Change, args map[string]any) string {
	switch {
	case x.What == fact.CallBack && c.refund != 0:
		args["Due"] = c.Due(c.refund)
		return c.T("change.cancelled", args)
	case x.AtOnce():
		return c.T("change.accepted_at_once", args)
	}
	return c.T("change.accepted", args)
}

// wantedWords is what was asked for: "Un autre créneau : mardi 3 mars, 14:00–16:00".
func (c changing) wantedWords(x lastmile.Change) string {
	how := x.Words
	switch {
	case x.Wanted.Point != "":
		how = c.points[x.Wanted.Point].Name
	case x.What == fact.Readdress:
		how = c.doorIn(x.To)
	}
	return c.ChangeWanted(x.What, x.Wanted, how)
}

func (c changing) refusedWords(x lastmile.Change) string {
	if x.Said != "" {
		return c.T("change.refused_said", map[string]any{"Carrier": c.carriers[x.Connection].Name, "Words": x.Said})
	}
	return c.ChangeReason(x.Reason, c.carriers[x.Connection].Name)
}

// changeChoice is the way to the page, from the order's; false when nothing about
// the delivery can be changed, and nothing was.
func (d *lived) changeChoice() (choice, bool) {
	if d.order.State == orders.Cancelled {
		return choice{}, false
	}
	for _, x := range d.wished {
		if x.State == lastmile.ChangeAsked {
			d.changesAt(x.AnswerBy)
			return choice{d.T("change.title", nil), d.T("change.choice_asked", map[string]any{"Until": d.When(x.AnswerBy, fact.Minute)}), d.below("changer")}, true
		}
	}
	if d.mutable.Page != "" {
		return choice{d.T("change.title", nil), d.T("change.choice_page", map[string]any{"Carrier": d.mutable.Connection.Name}), d.below("changer")}, true
	}
	var until civil.Instant
	for _, o := range d.mutable.Offers {
		until = max(until, o.Until)
		d.changesAt(o.Until)
	}
	switch {
	case len(d.mutable.Offers) == 0:
		return choice{}, false
	case until.IsZero():
		return choice{d.T("change.title", nil), d.T("change.until_there", nil), d.below("changer")}, true
	}
	return choice{d.T("change.title", nil), d.T("change.until", map[string]any{"When": d.When(until, fact.Minute)}), d.below("changer")}, true
}
