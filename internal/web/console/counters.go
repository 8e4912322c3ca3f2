package console

import (
	"net/http"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/counter"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// countersHere is the page's address.
const countersHere = "/console/settings/counters"

func countersRoutes(c Config) []ui.Route {
	return append(c.countersDesk().routes(), []ui.Route{
		{Method: http.MethodGet, Path: countersHere, Access: ui.BySession, Needs: setSettings, Summary: "Devices and clerks of the counters, and what is locked there", Serve: c.counters},
		{Method: http.MethodPost, Path: countersHere + "/holds/{id}/open", Access: ui.BySession, Needs: setSettings, Summary: "Let a locked parcel be fetched again", Serve: c.reopen},
	}...)
}

func (c Config) countersDesk() crewDesk {
	return crewDesk{Config: c, trade: crew.Clerk, here: countersHere, door: "/comptoir/appareil/", post: counterOf, show: c.countersPage}
}

// countersPage is the counters of an organisation, before they are HTML.
type countersPage struct {
	settings
	crewPage
	Locked []lockedRow
}

type lockedRow struct {
	Path, Number, Place, Since string
}

func (c Config) counters(r *http.Request) (ui.Answer, error) { return c.countersPage(r, crewForms{}) }

// countersPage shows the counters: with the link of a device that was just let
// in, or with a form as it was typed when it was refused.
func (c Config) countersPage(r *http.Request, f crewForms) (ui.Answer, error) {
	p := countersPage{settings: settingsFrame(r, countersHere), crewPage: c.countersDesk().page(r, f)}
	loc := p.Locale
	p.LinkHow, p.PersonNew = lang.T(loc, "counters.link_text", nil), lang.T(loc, "counters.clerk_new", nil)
	point := input{Name: "point", Label: lang.T(loc, "counters.point", nil), Hint: lang.T(loc, "counters.point_hint", nil)}
	p.Device, p.Person = append([]input{point}, p.Device...), append([]input{point}, p.Person...)
	p.Person[1].Hint = lang.T(loc, "counters.clerk_hint", nil)
	typed(r, f.device, "device-", p.Device)
	typed(r, f.person, "clerk-", p.Person)
	err := c.see(r, func(tx *db.Tx, v visit) error { return p.read(tx, v, reading(r, tx.Now)) })
	return ui.Answer{Status: status(f.wrong()), Page: countersView(p)}, err
}

// maxLocked is how many locked parcels are listed.
const maxLocked = 50

func (p *countersPage) read(tx *db.Tx, v visit, read ui.Reading) error {
	devices, people, err := crewsOf(tx, v.Merchant, crew.Clerk)
	if err != nil {
		return err
	}
	var points []ident.Point
	for _, d := range devices {
		points = append(points, d.Point)
	}
	for _, k := range people {
		points = append(points, k.Point)
	}
	slices.Sort(points)
	for _, id := range slices.Compact(points) {
		rows := crewAt(read, crew.Counter(v.Merchant, id), devices, people)
		if rows.Name, rows.Says, err = pointSays(tx, v, read, id); err != nil {
			return err
		}
		p.Crews = append(p.Crews, rows)
	}
	networks, err := counter.Networks(tx, v.Merchant)
	if err != nil {
		return err
	}
	p.DeviceFor = read.T("counters.runs_stores", nil)
	if len(networks) > 0 {
		p.DeviceFor = read.T("counters.runs_networks", map[string]any{"Networks": strings.Join(networks, ", ")})
	}
	return p.locked(tx, v, read)
}

// pointSays is a point's name, and what shoppers said of their visits there.
func pointSays(tx *db.Tx, v visit, read ui.Reading, id ident.Point) (name, faces string, err error) {
	at, err := relay.Get(tx, id)
	if err != nil {
		return "", "", err
	}
	said, err := counter.FacesAt(tx, v.Merchant, id)
	if len(said) > 0 {
		faces = read.T("counters.faces", map[string]any{"Good": said[counter.GoodFace], "SoSo": said[counter.SoSoFace], "Bad": said[counter.BadFace]})
	}
	return at.Name + ", " + at.City + " (" + at.Code + ")", faces, err
}

func (p *countersPage) locked(tx *db.Tx, v visit, read ui.Reading) error {
	all, err := counter.LockedAt(tx, v.Merchant, maxLocked)
	if err != nil {
		return err
	}
	for _, h := range all {
		at, err := relay.Get(tx, h.Point)
		if err != nil {
			return err
		}
		p.Locked = append(p.Locked, lockedRow{
			Path: countersHere + "/holds/" + string(h.ID) + "/open", Number: h.Number, Place: at.Name + ", " + at.City, Since: read.When(h.Arrived, fact.ADay),
		})
	}
	return nil
}

// counterOf is the post of the point that the organisation calls by the code in a
// form, among its stores and the networks entrusted to it. The fault is point_not_yours.
func counterOf(tx *db.Tx, v visit, r *http.Request) (crew.Post, error) {
	networks, err := counter.Networks(tx, v.Merchant)
	if err != nil {
		return crew.Post{}, err
	}
	for _, n := range append([]string{string(v.Merchant)}, networks...) {
		p, err := relay.ByCode(tx, n, strings.TrimSpace(r.PostFormValue("point")))
		if fault.Is(err, "not_found") {
			continue
		}
		if err != nil {
			return crew.Post{}, err
		}
		return counter.Post(tx, v.Merchant, p.ID)
	}
	return crew.Post{}, fault.New(fault.NotFound, "point_not_yours", "point")
}

// reopen lets a locked parcel be fetched again. It may be another organisation's:
// whose, the counter knows.
func (c Config) reopen(r *http.Request) (ui.Answer, error) {
	v, id := staffOf(r), ident.Hold(r.PathValue("id"))
	var h counter.Hold
	err := c.Flow.Read(r.Context(), func(tx *db.Tx) error {
		all, err := counter.LockedAt(tx, v.Merchant, maxLocked)
		at := slices.IndexFunc(all, func(h counter.Hold) bool { return h.ID == id })
		if err == nil && at < 0 {
			return fault.New(fault.NotFound, "not_found", "hold")
		}
		if at >= 0 {
			h = all[at]
		}
		return err
	})
	if err != nil {
		return ui.Answer{}, err
	}
	err = c.Flow.Write(r.Context(), flow.ByStaff(v.Staff.ID), []ident.Merchant{h.Merchant}, func(tx *flow.Tx) error {
		return counter.Reopen(tx, v.Merchant, h)
	})
	return ui.Answer{To: countersHere + "?done=opened"}, err
}
