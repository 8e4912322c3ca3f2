package console

import (
	"maps"
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// crewDesk is how a page of the settings lets devices and people of a trade in and out.
type crewDesk struct {
	Config
	trade crew.Trade
	here  string // the page's address
	door  string // where links of devices lead
	// post is where the form lets somebody in.
	post func(*db.Tx, visit, *http.Request) (crew.Post, error)
	show func(*http.Request, crewForms) (ui.Answer, error)
}

func (d crewDesk) routes() []ui.Route {
	const post = http.MethodPost
	devices, people := d.here+"/devices", d.people()
	return []ui.Route{
		{Method: post, Path: devices, Access: ui.BySession, Needs: setSettings, Summary: "Let a device in", Serve: d.invite},
		{Method: post, Path: devices + "/{id}/revoke", Access: ui.BySession, Needs: setSettings, Summary: "Show a device out", Serve: d.revoke},
		{Method: post, Path: people, Access: ui.BySession, Needs: setSettings, Summary: "Let a " + string(d.trade) + " in", Serve: d.employ},
		{Method: post, Path: people + "/{id}/pin", Access: ui.BySession, Needs: setSettings, Summary: "Give a " + string(d.trade) + " another PIN", Serve: d.setPIN},
		{Method: post, Path: people + "/{id}/leave", Access: ui.BySession, Needs: setSettings, Summary: "Show a " + string(d.trade) + " out", Serve: d.dismiss},
	}
}

func (d crewDesk) people() string { return d.here + "/" + string(d.trade) + "s" }

// crewForms is what a page shows anew: the link of a device that was just let in, or
// which form was refused, and why.
type crewForms struct {
	link                  ident.Link
	device, person, other map[string]string
}

// wrong is why a form was refused, whichever it was.
func (f crewForms) wrong() map[string]string {
	all := maps.Clone(f.other)
	for _, m := range []map[string]string{f.device, f.person} {
		if len(m) > 0 {
			all = m
		}
	}
	return all
}

// crewPage is the part of a page about devices and people, before it is HTML.
type crewPage struct {
	Devices, People string // where forms are sent to
	Link, LinkHow   string // of a device that was just let in: shown once
	Wrong           string
	Device, Person  []input
	DeviceFor       string // may be empty
	PersonNew       string
	ForPIN, PINHint string // of the field for another PIN
	Crews           []crewRows
}

// crewRows is who works at one post, and on what.
type crewRows struct {
	Name    string
	Says    string // may be empty
	Devices []deviceRow
	People  []memberRow
}

type deviceRow struct {
	ID    ident.Device
	Name  string
	Tone  ui.Tone
	State string
}

type memberRow struct {
	ID     ident.Member
	Name   string
	Since  string
	Out    string // to show them out
	Locked bool
}

// page is the forms, as they were typed where they were refused.
func (d crewDesk) page(r *http.Request, f crewForms) crewPage {
	loc := ui.Reader(r)
	p := crewPage{Devices: d.here + "/devices", People: d.people(), Wrong: f.wrong()[""]}
	p.ForPIN, p.PINHint = lang.T(loc, "counters.pin", nil), lang.T(loc, "counters.pin_hint", nil)
	if f.link != "" {
		p.Link = d.Base + d.door + string(f.link)
	}
	p.Device = []input{{Name: "name", Label: lang.T(loc, "counters.device_name", nil)}}
	p.Person = []input{{Name: "name", Label: lang.T(loc, "counters.clerk_name", nil)}, {Name: "pin", Label: p.ForPIN, Hint: p.PINHint}}
	return p
}

// typed fills fields with what was typed into a form that is shown again.
func typed(r *http.Request, wrong map[string]string, prefix string, fields []input) {
	for i := range fields {
		in := &fields[i]
		in.ID, in.Fault, in.Needed = prefix+in.Name, wrong[in.Name], true
		if wrong != nil && in.Name != "pin" {
			in.Value = r.PostFormValue(in.Name)
		}
	}
}

// crewAt is the rows of a post, without those shown out.
func crewAt(read ui.Reading, at crew.Post, devices []crew.Device, people []crew.Member) (rows crewRows) {
	for _, d := range devices {
		if d.Post != at || d.Revoked != 0 {
			continue
		}
		row := deviceRow{ID: d.ID, Name: d.Name, Tone: ui.Care, State: read.T("counters.device_invited", nil)}
		if d.Enrolled != 0 {
			row.Tone, row.State = ui.Good, read.T("counters.device_works", map[string]any{"When": read.When(d.Enrolled, fact.ADay)})
		}
		rows.Devices = append(rows.Devices, row)
	}
	for _, k := range people {
		if k.Post == at && !k.Gone() {
			rows.People = append(rows.People, memberRow{
				ID: k.ID, Name: k.Name, Since: read.When(k.Since, fact.ADay), Out: leaves(read, k), Locked: k.Locked(),
			})
		}
	}
	return rows
}

// leaves is the button that shows somebody out.
func leaves(read ui.Reading, k crew.Member) string {
	if k.Trade == crew.Courier {
		return read.T("rounds.courier_out", map[string]any{"Name": k.Name})
	}
	return read.T("counters.clerk_out", map[string]any{"Name": k.Name})
}

// crewsOf reads the devices and people of a trade.
func crewsOf(tx *db.Tx, m ident.Merchant, t crew.Trade) ([]crew.Device, []crew.Member, error) {
	devices, err := crew.Devices(tx, m, t)
	if err != nil {
		return nil, nil, err
	}
	people, err := crew.Members(tx, m, t)
	return devices, people, err
}

// declined reports whether a form is to be shown again with what was wrong.
func declined(err error) bool { return refused(err) || fault.Is(err, "point_not_yours") }

// invite lets a device in. Its link is in the answer and nowhere else, so that the
// page is not come back to.
func (d crewDesk) invite(r *http.Request) (ui.Answer, error) {
	var link ident.Link
	err := d.act(r, func(tx *flow.Tx, v visit) error {
		at, err := d.post(tx.Tx, v, r)
		if err == nil {
			_, link, err = crew.Invite(tx, at, r.PostFormValue("name"))
		}
		return err
	})
	if declined(err) {
		return d.show(r, crewForms{device: faults(ui.Reader(r), err, "point", "name")})
	}
	if err != nil {
		return ui.Answer{}, err
	}
	return d.show(r, crewForms{link: link})
}

func (d crewDesk) employ(r *http.Request) (ui.Answer, error) {
	err := d.act(r, func(tx *flow.Tx, v visit) error {
		at, err := d.post(tx.Tx, v, r)
		if err == nil {
			_, err = crew.NewRoster(d.Vault).Employ(tx, at, r.PostFormValue("name"), r.PostFormValue("pin"))
		}
		return err
	})
	if declined(err) {
		return d.show(r, crewForms{person: faults(ui.Reader(r), err, "point", "name", "pin")})
	}
	return d.done(""), err
}

func (d crewDesk) setPIN(r *http.Request) (ui.Answer, error) {
	err := d.act(r, func(tx *flow.Tx, v visit) error {
		return crew.NewRoster(d.Vault).SetPIN(tx, v.Merchant, ident.Member(r.PathValue("id")), r.PostFormValue("pin"))
	})
	if refused(err) {
		return d.show(r, crewForms{other: faults(ui.Reader(r), err)})
	}
	return d.done("_pin"), err
}

func (d crewDesk) dismiss(r *http.Request) (ui.Answer, error) {
	err := d.act(r, func(tx *flow.Tx, v visit) error { return crew.Dismiss(tx, v.Merchant, ident.Member(r.PathValue("id"))) })
	return d.done("_left"), err
}

func (d crewDesk) revoke(r *http.Request) (ui.Answer, error) {
	err := d.act(r, func(tx *flow.Tx, v visit) error { return crew.Revoke(tx, v.Merchant, ident.Device(r.PathValue("id"))) })
	return d.done("_device_out"), err
}

func (d crewDesk) done(what string) ui.Answer {
	return ui.Answer{To: d.here + "?done=" + string(d.trade) + what}
}
