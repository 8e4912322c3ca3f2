package console

import (
	"net/http"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/photo"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

func receptionRoutes(c Config) []ui.Route {
	return []ui.Route{
		{Method: http.MethodGet, Path: "/console/reception", Access: ui.BySession, Needs: shipParcels, Summary: "Scan in what came back", Serve: c.reception},
		{Method: http.MethodPost, Path: "/console/reception", Access: ui.BySession, Needs: shipParcels, Summary: "Scan a parcel in, by what stands on it", Serve: c.scanIn},
		{Method: http.MethodPost, Path: "/console/reception/stray", Access: ui.BySession, Needs: shipParcels, Files: maxUpload, Summary: "Keep a parcel that nobody announced", Serve: c.keepStray},
		{Method: http.MethodPost, Path: "/console/reception/home", Access: ui.BySession, Needs: shipParcels, Summary: "Say which return a kept parcel is", Serve: c.strayHome},
		{Method: http.MethodGet, Path: "/console/reception/{id}", Access: ui.BySession, Needs: shipParcels, Summary: "What was announced, and what is in the box, unit by unit", Serve: c.inspect},
		{Method: http.MethodPost, Path: "/console/reception/{id}", Access: ui.BySession, Needs: shipParcels, Files: maxUpload, Summary: "Write down what is in the box", Serve: c.writeFindings},
	}
}

// scanPage is the page of whoever holds a scanner, before it is HTML.
type scanPage struct {
	deskPage
	Typed  string
	Stray  *deed // what becomes of a parcel that nobody announced
	Strays []block
}

func receptionPath(id ident.Return) string { return "/console/reception/" + string(id) }

func (c Config) reception(r *http.Request) (ui.Answer, error) { return c.scanAgain(r, "", nil) }

// scanAgain shows the page of the scanner; what was scanned last, and why it led
// nowhere.
func (c Config) scanAgain(r *http.Request, typed string, wrong error) (a ui.Answer, err error) {
	p := scanPage{deskPage: newDesk(r, lang.T(ui.Reader(r), "warehouse.title", nil)), Typed: typed}
	err = c.see(r, func(tx *db.Tx, v visit) error {
		if err := p.tabs(tx, v, "/console/reception"); err != nil {
			return err
		}
		return p.strays(tx, v, reading(r, tx.Now))
	})
	if wrong != nil {
		p.Wrong, p.Done, a.Status = misdone(p.Locale, wrong), "", http.StatusUnprocessableEntity
	}
	a.Page = scanView(p)
	return a, err
}

// strays lists the parcels of which nobody knows whose they are.
func (p *scanPage) strays(tx *db.Tx, v visit, rd ui.Reading) error {
	all, err := returns.Strays(tx, v.Merchant, returns.Stray{}, maxFound)
	if err != nil {
		return err
	}
	d := &lived{Reading: rd}
	var actors []flow.Actor
	for _, s := range all {
		actors = append(actors, s.By)
	}
	if err := d.know(tx, v.Merchant, actors); err != nil {
		return err
	}
	for i, s := range all {
		p.Strays = append(p.Strays, block{
			Title: s.Number, Quote: s.Note, Notes: []string{
				rd.T("warehouse.found_by", map[string]any{"Who": d.actor(s.By), "When": rd.When(s.At, fact.Minute)}),
				lang.N(rd.Locale, "warehouse.stray_photos", len(s.Photos), nil),
			},
			Deeds: []deed{{
				Path: "/console/reception/home", Button: rd.T("warehouse.home", nil), Style: "second", Fold: rd.T("warehouse.home_fold", nil),
				Keep: []pair{{"number", s.Number}}, Fields: []input{{ID: "return-" + number(i), Name: "return", Label: rd.T("warehouse.home_label", nil), Needed: true}},
			}},
		})
	}
	return nil
}

// scanIn scans a parcel in by whatever stands on it. Scanned in already it stays
// as it is. What finds several returns leaves the choice; what finds none offers
// to keep the parcel.
func (c Config) scanIn(r *http.Request) (ui.Answer, error) {
	typed := scanned(r, "number")
	if typed == "" {
		return c.scanAgain(r, "", fault.New(fault.Invalid, "field_required", "number"))
	}
	var found []returns.Return
	err := c.see(r, func(tx *db.Tx, v visit) (err error) {
		found, err = searchReturns(tx, v.Merchant, typed)
		return err
	})
	if err != nil {
		return ui.Answer{}, err
	}
	if len(found) == 1 {
		return c.receiveOne(r, typed, found[0])
	}
	return c.scanMany(r, typed, found)
}

// scanned is what a scanner or a person typed into a field, as much of it as any
// number has, and never half a letter.
func scanned(r *http.Request, field string) string {
	const enough = 300 // bytes
	typed := strings.TrimSpace(r.PostFormValue(field))
	return strings.ToValidUTF8(typed[:min(len(typed), enough)], "")
}

func (c Config) receiveOne(r *http.Request, typed string, b returns.Return) (ui.Answer, error) {
	if b.State == returns.Decided || b.State == returns.Closed {
		return ui.Answer{To: receptionPath(b.ID)}, nil
	}
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		_, err := returns.Receive(tx, v.Merchant, b.ID)
		return err
	})
	if denied(err) && b.State == returns.Held {
		err = fault.New(fault.Conflict, "return_held", "number")
	}
	if denied(err) {
		return c.scanAgain(r, typed, err)
	}
	return ui.Answer{To: receptionPath(b.ID) + "?done=received"}, err
}

// scanMany shows the returns that something may be, or that it is none.
func (c Config) scanMany(r *http.Request, typed string, found []returns.Return) (a ui.Answer, err error) {
	p := scanPage{deskPage: newDesk(r, lang.T(ui.Reader(r), "warehouse.title", nil)), Typed: typed}
	err = c.see(r, func(tx *db.Tx, v visit) error {
		if err := p.tabs(tx, v, "/console/reception"); err != nil {
			return err
		}
		rd := reading(r, tx.Now)
		p.Rows, err = returnRows(tx, v.Merchant, rd, found)
		for i, b := range found {
			p.Rows[i].Path = receptionPath(b.ID)
		}
		return err
	})
	p.Found = lang.N(p.Locale, "warehouse.several", len(found), map[string]any{"Number": typed})
	if len(found) == 0 {
		p.Found = lang.T(p.Locale, "warehouse.nothing", map[string]any{"Number": typed})
		p.Stray = &deed{
			Path: "/console/reception/stray", Button: lang.T(p.Locale, "warehouse.keep", nil), Files: true, How: lang.T(p.Locale, "warehouse.keep_how", nil),
			Keep: []pair{{"number", typed}}, Fields: []input{
				{Name: "note", Kind: "area", Label: lang.T(p.Locale, "warehouse.keep_note", nil)},
				{Name: "photos", Kind: "files", Label: lang.T(p.Locale, "warehouse.photos", nil)},
			},
		}
	}
	a.Page = scanView(p)
	return a, err
}

func (c Config) keepStray(r *http.Request) (ui.Answer, error) {
	s := returns.Stray{Number: r.PostFormValue("number"), Note: strings.TrimSpace(r.PostFormValue("note"))}
	photos, err := ui.Develop(r.Context(), c.darkroom, "photos", ui.Uploads(r, "photos"))
	if err == nil {
		err = c.act(r, func(tx *flow.Tx, v visit) (err error) {
			if s.Photos, err = blob.PutPhotos(tx, v.Merchant, photos); err != nil {
				return err
			}
			return returns.KeepStray(tx, v.Merchant, s)
		})
	}
	if denied(err) {
		return c.scanAgain(r, s.Number, err)
	}
	return ui.Answer{To: "/console/reception?done=stray"}, err
}

// strayHome says which return a kept parcel is, and scans that in.
func (c Config) strayHome(r *http.Request) (ui.Answer, error) {
	what, which := r.PostFormValue("number"), scanned(r, "return")
	var home ident.Return
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		found, err := searchReturns(tx.Tx, v.Merchant, which)
		if err != nil {
			return err
		}
		if len(found) != 1 {
			return fault.New(fault.Conflict, "return_unclear", "return", "count", len(found))
		}
		home = found[0].ID
		_, err = returns.Home(tx, v.Merchant, what, home)
		return err
	})
	if denied(err) {
		return c.scanAgain(r, "", err)
	}
	return ui.Answer{To: receptionPath(home) + "?done=received"}, err
}

// maxUnits bounds how many units one page asks about: more are asked about next.
const maxUnits = 20

// inspection is what somebody typed about what is in the box.
type inspection struct {
	units []inspected
	grams string
	seen  string // how many findings the form knows of
}

// inspected is what they typed about one unit.
type inspected struct {
	line                             ident.Line
	condition, outcome, ground, note string
}

// inspectionOf reads the form: units are numbered from 0, and one of which
// nothing is said is passed over.
func inspectionOf(r *http.Request) (in inspection) {
	in.grams, in.seen = strings.TrimSpace(r.PostFormValue("grams")), r.PostFormValue("seen")
	for n := range maxUnits + maxExtra {
		at := ":" + number(n)
		in.units = append(in.units, inspected{
			line: ident.Line(r.PostFormValue("line" + at)), condition: r.PostFormValue("condition" + at), outcome: r.PostFormValue("outcome" + at),
			ground: strings.TrimSpace(r.PostFormValue("ground" + at)), note: strings.TrimSpace(r.PostFormValue("note" + at)),
		})
	}
	return in
}

// inspection is what was typed, as the room takes it, and the numbers of its units.
func (in inspection) inspection() (out returns.Inspection, at []int, err error) {
	grams, ok := wholeNumber(in.grams)
	if !ok {
		return out, nil, fault.New(fault.Invalid, "number_expected", "grams", "value", in.grams)
	}
	out.Grams = grams
	for n, u := range in.units {
		if u.outcome == "" && u.note == "" && u.ground == "" {
			continue
		}
		out.Findings = append(out.Findings, returns.Finding{
			Line: u.line, Condition: returns.Condition(u.condition), Outcome: returns.Disposal(u.outcome), Ground: u.ground, Note: u.note,
		})
		at = append(at, n)
	}
	return out, at, nil
}

// writeFindings writes down what is in the box, once: the same again, from a page
// that did not know of it yet, is the first one.
func (c Config) writeFindings(r *http.Request) (ui.Answer, error) {
	id, in := ident.Return(r.PathValue("id")), inspectionOf(r)
	out, at, err := in.inspection()
	photos := make([][]photo.Photo, len(at))
	for i, n := range at {
		if err == nil {
			field := "photos:" + number(n)
			photos[i], err = ui.Develop(r.Context(), c.darkroom, field, ui.Uploads(r, field))
		}
	}
	if err == nil {
		err = c.act(r, func(tx *flow.Tx, v visit) error { return keepFindings(tx, v, id, in.seen, out, photos) })
	}
	if denied(err) {
		return c.inspectAgain(r, in, at, err)
	}
	return ui.Answer{To: receptionPath(id) + "?done=inspected"}, err
}

func keepFindings(tx *flow.Tx, v visit, id ident.Return, seen string, in returns.Inspection, photos [][]photo.Photo) error {
	of, err := returns.Findings(tx.Tx, v.Merchant, []ident.Return{id})
	if err != nil {
		return err
	}
	if have := of[id]; number(len(have)) != seen {
		if sameFindings(have[max(0, len(have)-len(in.Findings)):], in.Findings, tx.By()) {
			return nil
		}
		return fault.New(fault.Conflict, "findings_moved", "findings")
	}
	for i := range in.Findings {
		if in.Findings[i].Photos, err = blob.PutPhotos(tx, v.Merchant, photos[i]); err != nil {
			return err
		}
	}
	_, err = returns.Inspect(tx, v.Merchant, id, in)
	return err
}

// sameFindings reports whether findings are those that somebody typed.
func sameFindings(have, typed []returns.Finding, by flow.Actor) bool {
	if len(have) != len(typed) || len(typed) == 0 {
		return false
	}
	for i, f := range have {
		t := typed[i]
		if f.Inspector != by || f.Line != t.Line || f.Condition != t.Condition || f.Outcome != t.Outcome || f.Ground != t.Ground || f.Note != t.Note {
			return false
		}
	}
	return true
}
