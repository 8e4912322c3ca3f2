package counter

import (
	"crypto/rand"
	"net/http"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/counter"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// frame is around every page of a counter.
func frame(r *http.Request, v visit, title string) ui.Frame {
	loc := ui.Reader(r)
	f := ui.Frame{Locale: loc, Title: title, Brand: v.point.Name, Private: true, Inside: true, Look: look}
	if v.Shift.ID == "" {
		return f
	}
	for _, l := range []struct{ path, words string }{
		{"/comptoir/", lang.T(loc, "counter.nav_scan", nil)},
		{"/comptoir/colis", lang.T(loc, "counter.nav_shelf", nil)},
		{"/comptoir/apprendre", lang.T(loc, "counter.nav_learn", nil)},
	} {
		here := r.URL.Path == l.path || l.path != "/comptoir/" && strings.HasPrefix(r.URL.Path, l.path+"/")
		f.Nav = append(f.Nav, ui.Link{Path: l.path, Words: l.words, Here: here})
	}
	return f
}

// field is the one to scan into.
type field struct {
	Locale       lang.Locale
	Client       string // the name of the next scan: pressed twice, it is one
	Code         string // as typed, when it was refused
	Wrong        string
	Series       bool // a delivery is being put away
	First        bool // nothing stands above it that must be read first
	Shift        ident.Shift
	Place, Clerk string
}

func (v visit) field(r *http.Request) field {
	return field{Locale: ui.Reader(r), Client: rand.Text(), Shift: v.Shift.ID, Place: v.place(), Clerk: v.Shift.Name}
}

// started is the page to scan on.
type started struct {
	ui.Frame
	Field field
	Who   string // who is on shift, and until when
	Waits string // how many parcels wait here
}

func (s *site) start(r *http.Request) (ui.Answer, error) {
	return s.startPage(r, counter.Reading{}, nil)
}

// startPage shows the field, with what was wrong with what was typed.
func (s *site) startPage(r *http.Request, typed counter.Reading, wrong error) (ui.Answer, error) {
	v := visitOf(r)
	loc := ui.Reader(r)
	p := started{Frame: frame(r, v, lang.T(loc, "counter.scan_title", nil)), Field: v.field(r)}
	p.Scripts = kit.Scripts()
	p.Field.First = true
	p.Field.Code, p.Field.Series = typed.Code, typed.Wish == counter.WishArrival || r.URL.Query().Has("serie")
	err := s.Flow.Read(r.Context(), func(tx *db.Tx) error {
		ends := tx.Now.Add(v.Shift.Until.Sub(tx.Wall))
		p.Who = lang.T(loc, "counter.on_shift", map[string]any{"Name": v.Shift.Name, "When": v.reading(r, tx.Now).When(ends, fact.Minute)})
		all, err := waiting(tx, v)
		p.Waits = lang.T(loc, "counter.waits", map[string]any{"Count": len(all)})
		return err
	})
	status := http.StatusOK
	if wrong != nil {
		status, p.Field.Wrong = http.StatusUnprocessableEntity, lang.Fault(loc, fault.All(wrong)[0])
	}
	return ui.Answer{Status: status, Page: startView(p)}, err
}

// pair is a thing and its value.
type pair struct{ What, Value string }

// result is what came of a scan.
type result struct {
	ui.Frame
	Path   string
	Tone   ui.Tone
	Badge  string
	Says   string // what to do now
	Wrong  string // of the code that was typed last
	Facts  []pair
	Ask    counter.Outcome // what is asked; empty: nothing
	Passed bool            // the shopper's signed code was scanned
	Print  printing
	Proof  []pair
	Rate   bool
	Rated  bool
	Faces  []faceButton
	Field  field
}

// printing is where the label of a return stands that came without one.
type printing struct {
	Ready  bool
	Made   bool // it is being made
	Failed string
	Offer  bool
}

type faceButton struct {
	Face        counter.Face
	Sign, Words string
}

// shown is the page of a scan.
func (s *site) shown(r *http.Request) (ui.Answer, error) {
	v := visitOf(r)
	var p result
	err := s.Flow.Read(r.Context(), func(tx *db.Tx) error {
		c, err := counter.ScanOf(tx, v.Shift, ident.Scan(r.PathValue("scan")))
		if err != nil {
			return err
		}
		p, err = resultOf(tx, r, v, c)
		return err
	})
	return ui.Answer{Page: resultView(p)}, err
}

func resultOf(tx *db.Tx, r *http.Request, v visit, c counter.Scan) (p result, err error) {
	read := v.reading(r, tx.Now)
	t := toldOf(read, c.Result)
	p = result{Frame: frame(r, v, t.badge), Path: scanPath(c.ID), Tone: t.tone, Badge: t.badge, Says: t.says, Field: v.field(r), Passed: c.Passed}
	p.Scripts = kit.Scripts()
	p.Field.Series = c.Wish == counter.WishArrival
	if !c.Outcome.Done() {
		p.Ask = c.Outcome
	}
	if c.Outcome == counter.Foreign || c.Owner == "" {
		return p, nil // whatever it is, it is not this counter's
	}
	if err := p.about(tx, read, v, c); err != nil {
		return p, err
	}
	ended := c.Outcome == counter.Deposited || c.Outcome == counter.HandedOver
	p.Rate, p.Rated = ended && c.Face == "", ended && c.Face != ""
	p.Faces = faces(read.Locale)
	return p, nil
}

// about is whom and what the scan is about: no more than tells two parcels apart.
func (p *result) about(tx *db.Tx, read ui.Reading, v visit, c counter.Scan) error {
	if c.Return != "" {
		return p.ofReturn(tx, read, c)
	}
	parcel, err := parcelOf(tx, c.Owner, c.Parcel)
	if err != nil {
		return err
	}
	who, err := masked(tx, c.Owner, parcel.Order)
	p.Facts = []pair{{read.T("counter.who", nil), who}, {read.T("counter.number", nil), parcel.Number}}
	if err == nil && c.Refusal == "parcel_elsewhere" {
		return p.belongs(tx, read, v, c.Owner, parcel)
	}
	if err != nil || c.Hold == "" {
		return err
	}
	h, err := counter.HoldAt(tx, v.Shift, c.Owner, c.Hold)
	if fault.Is(err, "not_found") {
		return nil // it waits elsewhere by now
	}
	if err != nil {
		return err
	}
	if c.Outcome != counter.AskCode {
		return nil
	}
	if c.Passed {
		p.Tone, p.Badge, p.Says = ui.Good, read.T("counter.pass_right", nil), read.T("counter.pass_right_says", nil)
	}
	switch {
	case h.State == counter.Locked:
		p.Ask, p.Tone, p.Says = "", ui.Bad, read.T("counter.locked_says", nil)
	case h.State == counter.Handed:
		t := toldOf(read, counter.Result{Outcome: counter.Refused, Refusal: "parcel_collected"})
		p.Ask, p.Tone, p.Badge, p.Says = "", t.tone, t.badge, t.says
	case h.Tries > 0:
		p.Wrong = read.T("counter.code_wrong", map[string]any{"Count": counter.Tries - h.Tries})
	}
	return nil
}

// belongs names the point that the parcel's shopper chose, in place of the
// shopper's name: nobody here needs it.
func (p *result) belongs(tx *db.Tx, read ui.Reading, v visit, m ident.Merchant, parcel order.Parcel) error {
	at, err := counter.Elsewhere(tx, m, parcel, v.point.ID)
	if at.ID != "" {
		p.Facts = []pair{{read.T("counter.belongs", nil), at.Name + ", " + at.Address()}, {read.T("counter.number", nil), parcel.Number}}
	}
	return err
}

func (p *result) ofReturn(tx *db.Tx, read ui.Reading, c counter.Scan) error {
	b, err := returns.Get(tx, c.Owner, c.Return)
	if err != nil {
		return err
	}
	who, err := masked(tx, c.Owner, b.Order)
	if err != nil {
		return err
	}
	labels, err := returns.Labels(tx, c.Owner, []ident.Return{c.Return})
	if err != nil {
		return err
	}
	p.Facts = []pair{{read.T("counter.who", nil), who}}
	l := stuck(labels[c.Return], c.Label)
	if l.Number != "" {
		p.Facts = append(p.Facts, pair{read.T("counter.number", nil), l.Number})
	}
	if c.Outcome == counter.AskDeposit {
		p.Print, err = printed(tx, read, c, b, labels[c.Return])
		return err
	}
	if c.Proof == "" {
		return nil
	}
	proofs, err := returns.Proofs(tx, c.Owner, []ident.Return{c.Return})
	p.Proof = proofOf(read, proofs[c.Return])
	return err
}

// masked is whose order it is, as a clerk is told.
func masked(tx *db.Tx, m ident.Merchant, id ident.Order) (string, error) {
	o, err := order.Get(tx, m, id)
	return counter.Mask(o.Ship.Name), err
}

// told is what came of a scan, in words.
type told struct {
	tone        ui.Tone
	badge, says string
}

func toldOf(read ui.Reading, r counter.Result) told {
	switch r.Outcome {
	case counter.AskDeposit:
		return told{ui.Calm, read.T("counter.ask_deposit", nil), read.T("counter.ask_deposit_says", nil)}
	case counter.AskArrival:
		return told{ui.Calm, read.T("counter.ask_arrival", nil), read.T("counter.ask_arrival_says", nil)}
	case counter.AskCode:
		return told{ui.Calm, read.T("counter.ask_code", nil), read.T("counter.ask_code_says", nil)}
	case counter.Deposited:
		return told{ui.Good, read.T("counter.deposited", nil), read.T("counter.deposited_says", nil)}
	case counter.Held:
		return told{ui.Good, read.T("counter.held", nil), read.T("counter.held_says", nil)}
	case counter.HandedOver:
		return told{ui.Good, read.T("counter.handed", nil), read.T("counter.handed_says", nil)}
	case counter.Again:
		return told{ui.Care, read.T("counter.again", nil), read.T("counter.again_says", nil)}
	case counter.Refused:
		return told{ui.Bad, read.T("counter.refused", nil), refusal(read, r.Refusal)}
	case counter.Kept:
		return told{ui.Care, read.T("counter.kept", nil), read.T("counter.kept_says", nil)}
	}
	return told{ui.Bad, read.T("counter.foreign", nil), read.T("counter.foreign_says", nil)}
}

// refusal is why a scan was refused, and what to do, in a clerk's words.
func refusal(read ui.Reading, code string) string {
	key, ok := map[string]string{
		"deposit_back_dated": "counter.no_back_dated",
		"scan_outside_shift": "counter.no_outside_shift",
		"label_void":         "counter.no_label_void",
		"label_used":         "counter.no_label_used",
		"label_unknown":      "counter.no_label_unknown",
		"return_state":       "counter.no_return_state",
		"parcel_collected":   "counter.no_collected",
		"hold_locked":        "counter.locked_says",
		"code_needed":        "counter.no_code_needed",
		"parcel_ambiguous":   "counter.no_ambiguous",
		"parcel_elsewhere":   "counter.no_elsewhere",
	}[code]
	if !ok {
		key = "counter.no_other"
	}
	return lang.T(read.Locale, key, nil)
}

func faces(loc lang.Locale) []faceButton {
	return []faceButton{
		{counter.GoodFace, "🙂", lang.T(loc, "counter.face_good", nil)},
		{counter.SoSoFace, "😐", lang.T(loc, "counter.face_so_so", nil)},
		{counter.BadFace, "🙁", lang.T(loc, "counter.face_bad", nil)},
	}
}

// shelfPage is what waits at the counter.
type shelfPage struct {
	ui.Frame
	Rows []shelfRow
	More bool
}

// shelfRow is one parcel of them.
type shelfRow struct {
	Number, Who, Since string
	Locked             bool
}

// maxShelf is how many parcels of a counter are listed.
const maxShelf = 200

func (s *site) shelf(r *http.Request) (ui.Answer, error) {
	v := visitOf(r)
	p := shelfPage{Frame: frame(r, v, lang.T(ui.Reader(r), "counter.shelf_title", nil))}
	err := s.Flow.Read(r.Context(), func(tx *db.Tx) error {
		all, err := waiting(tx, v)
		if err != nil {
			return err
		}
		read := v.reading(r, tx.Now)
		for _, h := range all {
			who, err := masked(tx, h.Merchant, h.Order)
			if err != nil {
				return err
			}
			p.Rows = append(p.Rows, shelfRow{Number: h.Number, Who: who, Since: read.When(h.Arrived, fact.ADay), Locked: h.State == counter.Locked})
		}
		p.More = len(all) == maxShelf
		return nil
	})
	return ui.Answer{Page: shelfView(p)}, err
}

// waiting is what waits at a counter; what left it otherwise, as its carrier says,
// does not.
func waiting(tx *db.Tx, v visit) (out []counter.Hold, err error) {
	all, err := counter.Shelf(tx, v.point.ID, "", maxShelf)
	if err != nil {
		return nil, err
	}
	of := map[ident.Merchant][]ident.Parcel{}
	for _, h := range all {
		of[h.Merchant] = append(of[h.Merchant], h.Parcel)
	}
	left := map[ident.Parcel]bool{}
	for m, parcels := range of {
		stories, err := tracking.Stories(tx, m, parcels)
		if err != nil {
			return nil, err
		}
		for id, story := range stories {
			left[id] = gone(story)
		}
	}
	for _, h := range all {
		if !left[h.Parcel] {
			out = append(out, h)
		}
	}
	return out, nil
}
