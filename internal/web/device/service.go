package device

import (
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/visitor"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// service is the page on which a shift begins.
type service struct {
	ui.Frame
	Words
	Path, Field string // of the form, and of who it names
	People      []person
	Wrong       string
}

type person struct {
	ID     ident.Member
	Name   string
	Chosen bool
}

func (d Door[V]) begin(r *http.Request) (ui.Answer, error) { return d.beginPage(r, "", "") }

func (d Door[V]) beginPage(r *http.Request, chosen ident.Member, wrong string) (ui.Answer, error) {
	var there []crew.Member
	err := d.Flow.Read(r.Context(), func(tx *db.Tx) (err error) {
		there, err = crew.At(tx, Of[V](r).who().Device.Post)
		return err
	})
	a := ui.Answer{Page: serviceView(d.serviceOf(r, there, chosen, wrong))}
	if wrong != "" {
		a.Status = http.StatusUnprocessableEntity
	}
	return a, err
}

func (d Door[V]) serviceOf(r *http.Request, there []crew.Member, chosen ident.Member, wrong string) service {
	p := service{Words: d.Words(ui.Reader(r)), Path: d.Kit.servicePath(), Field: string(d.Trade), Wrong: wrong}
	p.Frame = d.Frame(r, Of[V](r), p.Begin)
	p.Nav = nil // nobody goes elsewhere from here
	for i, c := range there {
		p.People = append(p.People, person{c.ID, c.Name, c.ID == chosen || chosen == "" && i == 0})
	}
	return p
}

// signIn begins a shift. A PIN that is wrong and somebody who is locked are told apart
// only by how many tries are left.
func (d Door[V]) signIn(r *http.Request) (ui.Answer, error) {
	on, id := Of[V](r).who().Device, ident.Member(r.PostFormValue(string(d.Trade)))
	var token string
	var c crew.Member
	err := d.Flow.One(r.Context(), "visitor", on.Merchant, func(tx *flow.Tx) (err error) {
		token, c, err = crew.NewRoster(d.Vault).SignIn(tx, on, id, r.PostFormValue("pin"))
		return err
	})
	loc := ui.Reader(r)
	switch {
	case fault.Is(err, "not_found"):
		return d.beginPage(r, "", lang.T(loc, "device.pin_who", nil))
	case err != nil:
		return ui.Answer{}, err
	case token == "" && c.Locked():
		return d.beginPage(r, id, lang.T(loc, "device.pin_locked", nil))
	case token == "":
		return d.beginPage(r, id, lang.N(loc, "device.pin_wrong", crew.Tries-c.Tries, nil))
	}
	return ui.Answer{To: d.Kit.Home, Cookies: []*http.Cookie{d.cookie(d.Shift, token, d.Trade.ShiftLife())}}, nil
}

func (d Door[V]) signOut(r *http.Request) (ui.Answer, error) {
	s := Of[V](r).who().Shift
	err := d.Flow.One(r.Context(), s.By(), s.Merchant, func(tx *flow.Tx) error { return crew.SignOut(tx, s) })
	return ui.Answer{To: d.Kit.servicePath(), Cookies: []*http.Cookie{d.cookie(d.Shift, "", -1e9)}}, err
}

// entry is a page of a device that was not let in yet.
type entry struct {
	ui.Frame
	Path   string // to let it in; empty: it can not be
	Device string
	Says   string
}

func (d Door[V]) entry(r *http.Request, title, says string) entry {
	p := entry{Frame: ui.Frame{Locale: ui.Reader(r), Title: title, Private: true, Inside: true, Look: d.Look}, Says: says}
	p.Scripts = d.Kit.Scripts()
	return p
}

// strange is the page of a device that nobody let in.
func (d Door[V]) strange(r *http.Request) (ui.Answer, error) {
	w := d.Words(ui.Reader(r))
	return ui.Answer{Page: entryView(d.entry(r, w.Strange, w.StrangeHow))}, nil
}

// invited says what letting a device in means. Opening it changes nothing.
func (d Door[V]) invited(r *http.Request) (ui.Answer, error) {
	p := d.entry(r, d.Words(ui.Reader(r)).Enrol, "")
	p.Path = r.URL.Path
	err := d.Flow.Read(r.Context(), func(tx *db.Tx) error {
		in, err := crew.Invited(tx, d.Trade, ident.Link(r.PathValue("token")))
		if err != nil {
			return err
		}
		p.Device = in.Name
		p.Says, err = d.Serves(tx, p.Locale, in)
		return err
	})
	if fault.Is(err, "link_expired") {
		return d.lost(r), nil
	}
	return ui.Answer{Page: entryView(p)}, err
}

func (d Door[V]) lost(r *http.Request) ui.Answer {
	loc := ui.Reader(r)
	p := d.entry(r, lang.T(loc, "device.link_over_title", nil), lang.T(loc, "device.link_over_says", nil))
	return ui.Answer{Status: http.StatusNotFound, Page: entryView(p)}
}

// enrol lets the device in that sends the form, once.
func (d Door[V]) enrol(r *http.Request) (ui.Answer, error) {
	link := ident.Link(r.PathValue("token"))
	var in crew.Device
	err := d.Flow.Read(r.Context(), func(tx *db.Tx) (err error) {
		in, err = crew.Invited(tx, d.Trade, link)
		return err
	})
	token := ""
	if err == nil {
		err = d.Flow.One(r.Context(), "visitor", in.Merchant, func(tx *flow.Tx) (err error) {
			token, err = crew.Enrol(tx, in.Merchant, link)
			return err
		})
	}
	if fault.Is(err, "link_expired") {
		return d.lost(r), nil
	}
	return d.letIn(token), err
}

func (d Door[V]) letIn(token string) ui.Answer {
	return ui.Answer{To: d.Kit.servicePath(), Cookies: []*http.Cookie{d.cookie(d.Device, token, deviceLife)}}
}

// guest makes a browser on this machine a device of the demo. Who works there and
// their PIN are written on the first page; there is such a route in the demo alone.
func (d Door[V]) guest(r *http.Request) (ui.Answer, error) {
	if !visitor.Local(r) {
		return ui.Answer{}, fault.New(fault.Forbidden, "guests_are_local", "")
	}
	at, err := d.Guests(r.Context())
	if err != nil {
		return ui.Answer{}, err
	}
	token := ""
	err = d.Flow.One(r.Context(), "visitor", at.Merchant, func(tx *flow.Tx) error {
		_, link, err := crew.Invite(tx, at, d.Words(ui.Reader(r)).Guest)
		if err != nil {
			return err
		}
		token, err = crew.Enrol(tx, at.Merchant, link)
		return err
	})
	return d.letIn(token), err
}
