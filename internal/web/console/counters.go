package console

import (
	"net/http"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/counter"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// countersHere is the page's address.
const countersHere = "/console/settings/counters"

func countersRoutes(c Config) []ui.Route {
	const post = http.MethodPost
	return []ui.Route{
		{Method: http.MethodGet, Path: countersHere, Access: ui.BySession, Needs: setSettings, Summary: "Devices and clerks of the counters, and what is locked there", Serve: c.counters},
		{Method: post, Path: countersHere + "/devices", Access: ui.BySession, Needs: setSettings, Summary: "Let a device in to a counter", Serve: c.inviteDevice},
		{Method: post, Path: countersHere + "/devices/{id}/revoke", Access: ui.BySession, Needs: setSettings, Summary: "Show a device out", Serve: c.revokeDevice},
		{Method: post, Path: countersHere + "/clerks", Access: ui.BySession, Needs: setSettings, Summary: "Let a clerk in to a counter", Serve: c.employ},
		{Method: post, Path: countersHere + "/clerks/{id}/pin", Access: ui.BySession, Needs: setSettings, Summary: "Give a clerk another PIN", Serve: c.setPIN},
		{Method: post, Path: countersHere + "/clerks/{id}/leave", Access: ui.BySession, Needs: setSettings, Summary: "Show a clerk out", Serve: c.dismissClerk},
		{Method: post, Path: countersHere + "/holds/{id}/open", Access: ui.BySession, Needs: setSettings, Summary: "Let a locked parcel be fetched again", Serve: c.reopen},
	}
}

// countersPage is the counters of an organisation, before they are HTML.
type countersPage struct {
	settings
	Link    string // of a device that was just let in: shown once
	Places  []counterPlace
	Locked  []lockedRow
	Runs    string // whose points they may be
	Device  []input
	Clerk   []input
	Wrong   string
	ForPIN  string // label of the field for another PIN
	PINHint string
}

// counterPlace is one point with those who work at it.
type counterPlace struct {
	Name    string
	Faces   string // what shoppers said; empty when nobody did
	Devices []deviceRow
	Clerks  []clerkRow
}

type deviceRow struct {
	ID    ident.Device
	Name  string
	Tone  ui.Tone
	State string
	Works bool
}

type clerkRow struct {
	ID     ident.Clerk
	Name   string
	Since  string
	Locked bool
}

type lockedRow struct {
	Path, Number, Place, Since string
}

func (c Config) counters(r *http.Request) (ui.Answer, error) {
	return c.countersPage(r, "", nil, nil)
}

// countersPage shows the counters: with the link of a device that was just let
// in, or with a form as it was typed when it was refused.
func (c Config) countersPage(r *http.Request, link ident.Link, device, clerk map[string]string) (a ui.Answer, err error) {
	p := countersPage{settings: settingsFrame(r, countersHere)}
	loc := p.Locale
	p.ForPIN, p.PINHint = lang.T(loc, "counters.pin", nil), lang.T(loc, "counters.pin_hint", nil)
	if link != "" {
		p.Link = c.Base + "/comptoir/appareil/" + string(link)
	}
	p.Wrong = device[""] + clerk[""]
	field := func(of map[string]string, id, name, label, hint string) input {
		typed := ""
		if of != nil && name != "pin" {
			typed = r.PostFormValue(name)
		}
		return input{ID: id + name, Name: name, Label: label, Hint: hint, Value: typed, Fault: of[name], Needed: true}
	}
	at, hint := lang.T(loc, "counters.point", nil), lang.T(loc, "counters.point_hint", nil)
	p.Device = []input{field(device, "device-", "point", at, hint), field(device, "device-", "name", lang.T(loc, "counters.device_name", nil), "")}
	p.Clerk = []input{
		field(clerk, "clerk-", "point", at, hint), field(clerk, "clerk-", "name", lang.T(loc, "counters.clerk_name", nil), lang.T(loc, "counters.clerk_hint", nil)),
		field(clerk, "clerk-", "pin", p.ForPIN, p.PINHint),
	}
	err = c.see(r, func(tx *db.Tx, v visit) error { return p.read(tx, v, reading(r, tx.Now)) })
	wrong := device
	if len(clerk) > 0 {
		wrong = clerk
	}
	return ui.Answer{Status: status(wrong), Page: countersView(p)}, err
}

// maxLocked is how many locked parcels are listed.
const maxLocked = 50

func (p *countersPage) read(tx *db.Tx, v visit, read ui.Reading) error {
	devices, err := counter.Devices(tx, v.Merchant)
	if err != nil {
		return err
	}
	clerks, err := counter.Clerks(tx, v.Merchant)
	if err != nil {
		return err
	}
	var points []ident.Point
	for _, d := range devices {
		points = append(points, d.Point)
	}
	for _, k := range clerks {
		points = append(points, k.Point)
	}
	slices.Sort(points)
	for _, id := range slices.Compact(points) {
		place, err := placeOf(tx, v, read, id)
		if err != nil {
			return err
		}
		place.staff(read, id, devices, clerks)
		p.Places = append(p.Places, place)
	}
	networks, err := counter.Networks(tx, v.Merchant)
	if err != nil {
		return err
	}
	p.Runs = read.T("counters.runs_stores", nil)
	if len(networks) > 0 {
		p.Runs = read.T("counters.runs_networks", map[string]any{"Networks": strings.Join(networks, ", ")})
	}
	return p.locked(tx, v, read)
}

func placeOf(tx *db.Tx, v visit, read ui.Reading, id ident.Point) (counterPlace, error) {
	at, err := relay.Get(tx, id)
	if err != nil {
		return counterPlace{}, err
	}
	place := counterPlace{Name: at.Name + ", " + at.City + " (" + at.Code + ")"}
	said, err := counter.FacesAt(tx, v.Merchant, id)
	if len(said) > 0 {
		place.Faces = read.T("counters.faces", map[string]any{"Good": said[counter.GoodFace], "SoSo": said[counter.SoSoFace], "Bad": said[counter.BadFace]})
	}
	return place, err
}

func (p *counterPlace) staff(read ui.Reading, id ident.Point, devices []counter.Device, clerks []counter.Clerk) {
	for _, d := range devices {
		if d.Point != id || d.Revoked != 0 {
			continue
		}
		row := deviceRow{ID: d.ID, Name: d.Name, Tone: ui.Care, State: read.T("counters.device_invited", nil), Works: true}
		if d.Enrolled != 0 {
			row.Tone, row.State = ui.Good, read.T("counters.device_works", map[string]any{"When": read.When(d.Enrolled, fact.ADay)})
		}
		p.Devices = append(p.Devices, row)
	}
	for _, k := range clerks {
		if k.Point == id && k.Until == 0 {
			p.Clerks = append(p.Clerks, clerkRow{ID: k.ID, Name: k.Name, Since: read.When(k.Since, fact.ADay), Locked: k.Locked()})
		}
	}
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

// pointOf finds the point that the organisation calls by a code, among its stores
// and the networks entrusted to it. The fault is point_not_yours.
func pointOf(tx *db.Tx, m ident.Merchant, code string) (ident.Point, error) {
	networks, err := counter.Networks(tx, m)
	if err != nil {
		return "", err
	}
	for _, n := range append([]string{string(m)}, networks...) {
		p, err := relay.ByCode(tx, n, strings.TrimSpace(code))
		if !fault.Is(err, "not_found") {
			return p.ID, err
		}
	}
	return "", fault.New(fault.NotFound, "point_not_yours", "point")
}

// inviteDevice lets a device in. Its link is in the answer and nowhere else, so
// that the page is not come back to.
func (c Config) inviteDevice(r *http.Request) (ui.Answer, error) {
	var link ident.Link
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		point, err := pointOf(tx.Tx, v.Merchant, r.PostFormValue("point"))
		if err != nil {
			return err
		}
		_, link, err = counter.Invite(tx, v.Merchant, counter.NewDevice{Point: point, Name: r.PostFormValue("name")})
		return err
	})
	if declined(err) {
		return c.countersPage(r, "", faults(ui.Reader(r), err, "point", "name"), nil)
	}
	if err != nil {
		return ui.Answer{}, err
	}
	return c.countersPage(r, link, nil, nil)
}

// declined reports whether a form is to be shown again with what was wrong.
func declined(err error) bool { return refused(err) || fault.Is(err, "point_not_yours") }

func (c Config) employ(r *http.Request) (ui.Answer, error) {
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		point, err := pointOf(tx.Tx, v.Merchant, r.PostFormValue("point"))
		if err != nil {
			return err
		}
		in := counter.NewClerk{Point: point, Name: r.PostFormValue("name"), PIN: r.PostFormValue("pin")}
		_, err = counter.NewDesk(c.Vault).Employ(tx, v.Merchant, in)
		return err
	})
	if declined(err) {
		return c.countersPage(r, "", nil, faults(ui.Reader(r), err, "point", "name", "pin"))
	}
	return ui.Answer{To: countersHere + "?done=clerk"}, err
}

func (c Config) setPIN(r *http.Request) (ui.Answer, error) {
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		return counter.NewDesk(c.Vault).SetPIN(tx, v.Merchant, ident.Clerk(r.PathValue("id")), r.PostFormValue("pin"))
	})
	if declined(err) {
		return c.countersPage(r, "", map[string]string{"": lang.Fault(ui.Reader(r), fault.All(err)[0])}, nil)
	}
	return ui.Answer{To: countersHere + "?done=pin"}, err
}

func (c Config) dismissClerk(r *http.Request) (ui.Answer, error) {
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		return counter.Dismiss(tx, v.Merchant, ident.Clerk(r.PathValue("id")))
	})
	return ui.Answer{To: countersHere + "?done=clerk_left"}, err
}

func (c Config) revokeDevice(r *http.Request) (ui.Answer, error) {
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		return counter.Revoke(tx, v.Merchant, ident.Device(r.PathValue("id")))
	})
	return ui.Answer{To: countersHere + "?done=device_out"}, err
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
