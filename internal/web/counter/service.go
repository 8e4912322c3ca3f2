package counter

import (
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/counter"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/visitor"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// service is the page on which a clerk begins a shift.
type service struct {
	ui.Frame
	Clerks []clerkChoice
	Wrong  string
}

type clerkChoice struct {
	ID     ident.Clerk
	Name   string
	Chosen bool
}

func (s *site) who(r *http.Request) (ui.Answer, error) { return s.servicePage(r, "", "") }

func (s *site) servicePage(r *http.Request, chosen ident.Clerk, wrong string) (ui.Answer, error) {
	v := visitOf(r)
	v.shift = counter.Shift{} // nobody goes elsewhere from here
	p := service{Frame: frame(r, v, lang.T(ui.Reader(r), "counter.service_title", nil)), Wrong: wrong}
	err := s.Flow.Read(r.Context(), func(tx *db.Tx) error {
		all, err := counter.ClerksAt(tx, v.device.Merchant, v.point.ID)
		for i, c := range all {
			p.Clerks = append(p.Clerks, clerkChoice{c.ID, c.Name, c.ID == chosen || chosen == "" && i == 0})
		}
		return err
	})
	a := ui.Answer{Page: serviceView(p)}
	if wrong != "" {
		a.Status = http.StatusUnprocessableEntity
	}
	return a, err
}

// signIn begins a shift. A PIN that is wrong and a clerk who is locked are told
// apart only by how many tries are left.
func (s *site) signIn(r *http.Request) (ui.Answer, error) {
	v, id := visitOf(r), ident.Clerk(r.PostFormValue("clerk"))
	var token string
	var c counter.Clerk
	err := s.Flow.One(r.Context(), "visitor", v.device.Merchant, func(tx *flow.Tx) (err error) {
		token, c, err = s.desk.SignIn(tx, v.device, id, r.PostFormValue("pin"))
		return err
	})
	loc := ui.Reader(r)
	switch {
	case fault.Is(err, "not_found"):
		return s.servicePage(r, "", lang.T(loc, "counter.pin_who", nil))
	case err != nil:
		return ui.Answer{}, err
	case token == "" && c.Locked():
		return s.servicePage(r, id, lang.T(loc, "counter.pin_locked", nil))
	case token == "":
		return s.servicePage(r, id, lang.T(loc, "counter.pin_wrong", map[string]any{"Count": counter.Tries - c.Tries}))
	}
	return ui.Answer{To: "/comptoir/", Cookies: []*http.Cookie{s.cookie(shiftCookie, token, counter.ShiftLife)}}, nil
}

func (s *site) signOut(r *http.Request) (ui.Answer, error) {
	v := visitOf(r)
	err := s.Flow.One(r.Context(), v.shift.By(), v.shift.Merchant, func(tx *flow.Tx) error { return counter.SignOut(tx, v.shift) })
	return ui.Answer{To: "/comptoir/service", Cookies: []*http.Cookie{s.cookie(shiftCookie, "", -1e9)}}, err
}

// entry is a page of a device that was not let in yet.
type entry struct {
	ui.Frame
	Path   string // to let it in; empty: it can not be
	Device string
	Says   string
}

func entryPage(r *http.Request, title string) entry {
	return entry{Frame: ui.Frame{Locale: ui.Reader(r), Title: title, Private: true, Inside: true, Look: look}}
}

// strange is the page of a device that nobody let in.
func (s *site) strange(r *http.Request) (ui.Answer, error) {
	p := entryPage(r, lang.T(ui.Reader(r), "counter.strange_title", nil))
	p.Says = lang.T(p.Locale, "counter.strange_says", nil)
	return ui.Answer{Page: entryView(p)}, nil
}

// invited says what letting a device in means. Opening it changes nothing.
func (s *site) invited(r *http.Request) (ui.Answer, error) {
	p := entryPage(r, lang.T(ui.Reader(r), "counter.enrol_title", nil))
	p.Path = r.URL.Path
	err := s.Flow.Read(r.Context(), func(tx *db.Tx) error {
		d, err := counter.Invited(tx, ident.Link(r.PathValue("token")))
		if err != nil {
			return err
		}
		at, err := relay.Get(tx, d.Point)
		p.Device, p.Says = d.Name, lang.T(p.Locale, "counter.enrol_says", map[string]any{"Place": at.Name + ", " + at.City})
		return err
	})
	if fault.Is(err, "link_expired") {
		return lost(r), nil
	}
	return ui.Answer{Page: entryView(p)}, err
}

func lost(r *http.Request) ui.Answer {
	p := entryPage(r, lang.T(ui.Reader(r), "counter.link_over_title", nil))
	p.Says = lang.T(p.Locale, "counter.link_over_says", nil)
	return ui.Answer{Status: http.StatusNotFound, Page: entryView(p)}
}

// enrol lets the device in that sends the form, once.
func (s *site) enrol(r *http.Request) (ui.Answer, error) {
	link := ident.Link(r.PathValue("token"))
	var d counter.Device
	err := s.Flow.Read(r.Context(), func(tx *db.Tx) (err error) {
		d, err = counter.Invited(tx, link)
		return err
	})
	token := ""
	if err == nil {
		err = s.Flow.One(r.Context(), "visitor", d.Merchant, func(tx *flow.Tx) (err error) {
			token, err = counter.Enrol(tx, d.Merchant, link)
			return err
		})
	}
	if fault.Is(err, "link_expired") {
		return lost(r), nil
	}
	return ui.Answer{To: "/comptoir/service", Cookies: []*http.Cookie{s.cookie(deviceCookie, token, deviceLife)}}, err
}

// guest makes a browser on this machine a device of the demo's counter. Its clerk
// and PIN are written on the first page; there is such a route in the demo alone.
func (s *site) guest(r *http.Request) (ui.Answer, error) {
	if !visitor.Local(r) {
		return ui.Answer{}, fault.New(fault.Forbidden, "guests_are_local", "")
	}
	keeper, at := s.Guests()
	token := ""
	err := s.Flow.One(r.Context(), "visitor", keeper, func(tx *flow.Tx) error {
		name := lang.T(ui.Reader(r), "counter.guest_device", nil)
		_, link, err := counter.Invite(tx, keeper, counter.NewDevice{Point: at, Name: name})
		if err != nil {
			return err
		}
		token, err = counter.Enrol(tx, keeper, link)
		return err
	})
	return ui.Answer{To: "/comptoir/service", Cookies: []*http.Cookie{s.cookie(deviceCookie, token, deviceLife)}}, err
}
