package round

import (
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// frame is around every page of a round.
func frame(r *http.Request, c drive, title string) ui.Frame {
	f := ui.Frame{Locale: ui.Reader(r), Title: title, Brand: c.shop.Name, Private: true, Inside: true, Look: look}
	f.Scripts = kit.Scripts()
	return f
}

// todayPage is a courier's round of the day.
type todayPage struct {
	ui.Frame
	Shift  ident.Shift
	Day    string
	Who    string // who drives
	Left   string // how many stops are left
	Slots  []slotPart
	Nobody bool // no stop at all
}

// slotPart is the stops of one slot.
type slotPart struct {
	Title string
	Stops []stopRow
}

// stopRow is one stop in the list.
type stopRow struct {
	ID             ident.Stop
	Path           string
	Name, Address  string
	Numbers        []string
	Promise        string
	Tone           ui.Tone
	State          string
	Next           bool // the first that is left to do
	Early          string
	EarlyTone      ui.Tone
	Postcode, City string
}

func (s *site) today(r *http.Request) (ui.Answer, error) {
	var p todayPage
	c := driveOf(r)
	err := s.Flow.Read(r.Context(), func(tx *db.Tx) error {
		stops, err := lastmile.RoundOf(tx, c.Shift.Merchant, c.Shift.Member, c.today(tx.Now))
		if err != nil {
			return err
		}
		all, err := doors(tx, c.Shift.Merchant, stops)
		p = todayOf(r, c, c.reading(r, tx.Now), all)
		return err
	})
	return ui.Answer{Page: todayView(p)}, err
}

func todayOf(r *http.Request, c drive, read ui.Reading, all []door) todayPage {
	p := todayPage{Frame: frame(r, c, read.T("round.today_title", nil)), Shift: c.Shift.ID, Nobody: len(all) == 0}
	p.Day, p.Who = read.Day(read.Now.Day(c.zone)), read.T("round.who", map[string]any{"Name": c.Shift.Name})
	left := 0
	for _, d := range all {
		title := d.slot(read)
		if n := len(p.Slots); n == 0 || p.Slots[n-1].Title != title {
			p.Slots = append(p.Slots, slotPart{Title: title})
		}
		row := d.row(read)
		if !d.over() {
			row.Next = left == 0
			left++
		}
		last := &p.Slots[len(p.Slots)-1]
		last.Stops = append(last.Stops, row)
	}
	p.Left = lang.N(read.Locale, "round.left", left, nil)
	return p
}

// slot is the order's place in words: "14:00 – 16:00".
func (d door) slot(read ui.Reading) string {
	b := d.Booking
	switch {
	case b.ID == "":
		return read.T("round.no_slot", nil)
	case b.From.Day(read.Zone) != d.Day:
		return lang.Slot(read.Locale, b.From.In(read.Zone), b.Until.In(read.Zone))
	}
	return lang.Clock(read.Locale, b.From.In(read.Zone)) + " – " + lang.Clock(read.Locale, b.Until.In(read.Zone))
}

func (d door) row(read ui.Reading) stopRow {
	st, early := d.standing(read), d.earlyCard(read)
	row := stopRow{
		ID: d.ID, Path: stopPath(d.ID), Name: d.order.Ship.Name, Address: d.order.Ship.Street, Postcode: d.order.Ship.Postcode, City: d.order.Ship.City,
		Numbers: d.numbers(), Promise: d.promiseIn(read), Tone: st.tone, State: st.words, Early: early.Words, EarlyTone: early.Tone,
	}
	return row
}

func (d door) numbers() (all []string) {
	for _, p := range d.parcels {
		all = append(all, p.Number)
	}
	return all
}

// said is a state in words.
type said struct {
	tone  ui.Tone
	words string
}

// standing is where the stop stands.
func (d door) standing(read ui.Reading) said {
	last, visited := d.last()
	switch {
	case d.order.State == order.Cancelled:
		return said{ui.Mute, read.T("round.cancelled", nil)}
	case visited && (last.Act != lastmile.Delivered || d.over()):
		return outcome(read, last)
	case len(d.parcels) == 0:
		return said{ui.Care, read.T("round.unpacked", nil)}
	case d.over():
		return said{ui.Good, read.T("round.over", nil)}
	}
	return said{ui.Calm, read.T("round.to_do", nil)}
}

// outcome is what came of a visit, in words.
func outcome(read ui.Reading, v lastmile.Visit) said {
	args := map[string]any{"Clock": lang.Clock(read.Locale, v.At().In(read.Zone))}
	switch v.Outcome {
	case lastmile.VisitKept:
		return said{ui.Care, read.T("device.later", nil)}
	case lastmile.VisitAgain:
		return said{ui.Good, read.T("round.again", nil)}
	case lastmile.VisitRefused:
		return said{ui.Bad, refusal(read, v.Refusal)}
	}
	switch v.Act {
	case lastmile.Delivered:
		return said{ui.Good, read.T("round.delivered", args)}
	case lastmile.Failed:
		args["Why"] = read.Reason(v.Reason)
		return said{ui.Bad, read.T("round.failed", args)}
	case lastmile.Late:
		args["Clock"] = lang.Clock(read.Locale, v.Expected.In(read.Zone))
		return said{ui.Care, read.T("round.late", args)}
	}
	return said{ui.Calm, read.T("round.going", args)}
}

// refusal is why what was said has no effect, and what to do.
func refusal(read ui.Reading, code string) string {
	switch code {
	case "visit_outside_shift":
		return read.T("round.no_outside_shift", nil)
	case "stop_without_parcel":
		return read.T("round.no_parcel", nil)
	case "stop_over":
		return read.T("round.no_over", nil)
	}
	return read.T("round.no_other", nil)
}

// promiseIn is the promise in one sentence.
func (d door) promiseIn(read ui.Reading) string {
	c := d.promised
	if c.ID == "" {
		return read.T("round.promise_none", nil)
	}
	due := read.Due(c.Until)
	if c.Owed == fact.DeliverInSlot {
		due = lang.Slot(read.Locale, c.From.In(read.Zone), c.Until.In(read.Zone))
	}
	args := map[string]any{"Due": due}
	switch {
	case c.State == fact.Kept:
		return read.T("round.promise_kept", args)
	case c.State == fact.Broken && c.Last.Reason == promise.Early:
		return read.T("round.promise_early", args)
	case c.State == fact.Broken:
		return read.T("round.promise_broken", args)
	case c.State != fact.Open:
		return read.T("round.promise_over", args)
	case read.Now >= c.Until:
		return read.T("round.promise_late", args)
	case !c.Consented.IsZero() && c.Consented < c.From:
		args["Clock"] = lang.Clock(read.Locale, c.Consented.In(read.Zone))
		return read.T("round.promise_consented", args)
	}
	return read.T("round.promise_open", args)
}

// stopPage is one stop, before it is HTML.
type stopPage struct {
	ui.Frame
	stopRow
	Shift        ident.Shift
	Client       string // the name of what is said next: pressed twice, it is one
	Slot         string
	Extra        string
	Map          string // the address as other programs of a telephone take it
	Phone        string // only on the day, while something is left to do
	Tel          string
	Lines        []string
	Lacks        []string
	Handling     string // where it is to be left, or with whom; empty: as at any door
	Over         bool
	Unpacked     bool // nothing is announced yet
	Now          civil.Instant
	Free         civil.Instant // when handing over breaks nothing; 0: at any time
	TooEarly     bool
	Warning      string // what handing over now would break
	MayAsk       bool
	AskAt        string // suggested
	EarlyState   lastmile.EarlyState
	History      []said
	Reasons      []choice
	Hands        []choice
	Locked       bool // the shopper's code opens nothing any more
	Act          lastmile.Act
	Clock        string
	SignedBy     string
	Wrong        map[string]string // by field
	WrongOverall string
}

type choice struct {
	Value, Words string
	Chosen       bool
}

func (s *site) stop(r *http.Request) (ui.Answer, error) {
	d := deed{}
	d.Stop = ident.Stop(r.PathValue("stop"))
	return s.stopPage(r, d, nil)
}

// stopPage shows a stop, with what was wrong with what was typed.
func (s *site) stopPage(r *http.Request, typed deed, wrong error) (ui.Answer, error) {
	var p stopPage
	c := driveOf(r)
	err := s.Flow.Read(r.Context(), func(tx *db.Tx) error {
		st, err := c.stopOf(tx, string(typed.Stop))
		if err != nil {
			return err
		}
		d, err := doorOf(tx, c.Shift.Merchant, st)
		if err != nil {
			return err
		}
		lines, err := order.Lines(tx, c.Shift.Merchant, st.Order)
		p = stopOf(r, c, c.reading(r, tx.Now), d, lines)
		return err
	})
	if err != nil {
		return ui.Answer{}, err
	}
	status := http.StatusOK
	if wrong != nil {
		status = http.StatusUnprocessableEntity
		p.refused(typed, wrong)
	}
	return ui.Answer{Status: status, Page: stopView(p)}, nil
}

// refused shows what was typed again, with what was wrong beside it.
func (p *stopPage) refused(typed deed, wrong error) {
	p.Act, p.Clock, p.SignedBy, p.Wrong = typed.Act, typed.clock, typed.SignedBy, map[string]string{}
	for _, f := range fault.All(wrong) {
		if p.WrongOverall == "" {
			p.WrongOverall = lang.Fault(p.Locale, f)
		}
		p.Wrong[f.Field] = lang.Fault(p.Locale, f)
	}
	for i := range p.Reasons {
		p.Reasons[i].Chosen = p.Reasons[i].Value == string(typed.Reason)
	}
	for i := range p.Hands {
		p.Hands[i].Chosen = p.Hands[i].Value == string(typed.Place)
	}
}
