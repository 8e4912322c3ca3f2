package round

import (
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/visitor"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// service is the page on which a courier begins a round.
type service struct {
	ui.Frame
	Couriers []courierChoice
	Wrong    string
}

type courierChoice struct {
	ID     ident.Courier
	Name   string
	Chosen bool
}

func (s *site) who(r *http.Request) (ui.Answer, error) { return s.servicePage(r, "", "") }

func (s *site) servicePage(r *http.Request, chosen ident.Courier, wrong string) (ui.Answer, error) {
	c := crewOf(r)
	p := service{Frame: frame(r, c, lang.T(ui.Reader(r), "round.service_title", nil)), Wrong: wrong}
	err := s.Flow.Read(r.Context(), func(tx *db.Tx) error {
		all, err := lastmile.Couriers(tx, c.device.Merchant)
		for _, k := range all {
			if k.Until == 0 {
				p.Couriers = append(p.Couriers, courierChoice{k.ID, k.Name, k.ID == chosen || chosen == "" && len(p.Couriers) == 0})
			}
		}
		return err
	})
	a := ui.Answer{Page: serviceView(p)}
	if wrong != "" {
		a.Status = http.StatusUnprocessableEntity
	}
	return a, err
}

// signIn begins a round. A PIN that is wrong and a courier who is locked are told
// apart only by how many tries are left.
func (s *site) signIn(r *http.Request) (ui.Answer, error) {
	v, id := crewOf(r), ident.Courier(r.PostFormValue("courier"))
	var token string
	var c lastmile.Courier
	err := s.Flow.One(r.Context(), "visitor", v.device.Merchant, func(tx *flow.Tx) (err error) {
		token, c, err = s.rounds.SignIn(tx, v.device, id, r.PostFormValue("pin"))
		return err
	})
	loc := ui.Reader(r)
	switch {
	case fault.Is(err, "not_found"):
		return s.servicePage(r, "", lang.T(loc, "round.pin_who", nil))
	case err != nil:
		return ui.Answer{}, err
	case token == "" && c.Locked():
		return s.servicePage(r, id, lang.T(loc, "round.pin_locked", nil))
	case token == "":
		return s.servicePage(r, id, lang.N(loc, "round.pin_wrong", lastmile.Tries-c.Tries, nil))
	}
	return ui.Answer{To: home, Cookies: []*http.Cookie{s.cookie(shiftCookie, token, lastmile.ShiftLife)}}, nil
}

func (s *site) signOut(r *http.Request) (ui.Answer, error) {
	c := crewOf(r)
	err := s.Flow.One(r.Context(), c.shift.By(), c.shift.Merchant, func(tx *flow.Tx) error { return lastmile.SignOut(tx, c.shift) })
	return ui.Answer{To: "/tournee/service", Cookies: []*http.Cookie{s.cookie(shiftCookie, "", -1e9)}}, err
}

// entry is a page of a device that was not let in yet.
type entry struct {
	ui.Frame
	Path   string // to let it in; empty: it can not be
	Device string
	Says   string
}

func entryPage(r *http.Request, title string) entry {
	e := entry{Frame: ui.Frame{Locale: ui.Reader(r), Title: title, Private: true, Inside: true, Look: look}}
	e.Scripts = []string{modulePath + module.Query()}
	return e
}

// strange is the page of a device that nobody let in.
func (s *site) strange(r *http.Request) (ui.Answer, error) {
	p := entryPage(r, lang.T(ui.Reader(r), "round.strange_title", nil))
	p.Says = lang.T(p.Locale, "round.strange_says", nil)
	return ui.Answer{Page: entryView(p)}, nil
}

// invited says what letting a device in means. Opening it changes nothing.
func (s *site) invited(r *http.Request) (ui.Answer, error) {
	p := entryPage(r, lang.T(ui.Reader(r), "round.enrol_title", nil))
	p.Path = r.URL.Path
	err := s.Flow.Read(r.Context(), func(tx *db.Tx) error {
		d, err := lastmile.Entrusted(tx, ident.Link(r.PathValue("token")))
		if err != nil {
			return err
		}
		shop, err := merchant.Get(tx, d.Merchant)
		p.Device, p.Says = d.Name, lang.T(p.Locale, "round.enrol_says", map[string]any{"Shop": shop.Name})
		return err
	})
	if fault.Is(err, "link_expired") {
		return lost(r), nil
	}
	return ui.Answer{Page: entryView(p)}, err
}

func lost(r *http.Request) ui.Answer {
	p := entryPage(r, lang.T(ui.Reader(r), "round.link_over_title", nil))
	p.Says = lang.T(p.Locale, "round.link_over_says", nil)
	return ui.Answer{Status: http.StatusNotFound, Page: entryView(p)}
}

// enrol lets the device in that sends the form, once.
func (s *site) enrol(r *http.Request) (ui.Answer, error) {
	link := ident.Link(r.PathValue("token"))
	var d lastmile.Device
	err := s.Flow.Read(r.Context(), func(tx *db.Tx) (err error) {
		d, err = lastmile.Entrusted(tx, link)
		return err
	})
	token := ""
	if err == nil {
		err = s.Flow.One(r.Context(), "visitor", d.Merchant, func(tx *flow.Tx) (err error) {
			token, err = lastmile.Enrol(tx, d.Merchant, link)
			return err
		})
	}
	if fault.Is(err, "link_expired") {
		return lost(r), nil
	}
	return ui.Answer{To: "/tournee/service", Cookies: []*http.Cookie{s.cookie(deviceCookie, token, deviceLife)}}, err
}

// guest makes a browser on this machine a device of the demo's round, and loads it. Its courier
// and PIN are written on the first page; there is such a route in the demo alone.
func (s *site) guest(r *http.Request) (ui.Answer, error) {
	if !visitor.Local(r) {
		return ui.Answer{}, fault.New(fault.Forbidden, "guests_are_local", "")
	}
	m, load := s.Guests()
	if err := load(r.Context()); err != nil {
		return ui.Answer{}, err
	}
	token := ""
	err := s.Flow.One(r.Context(), "visitor", m, func(tx *flow.Tx) error {
		_, link, err := lastmile.Entrust(tx, m, lang.T(ui.Reader(r), "round.guest_device", nil))
		if err != nil {
			return err
		}
		token, err = lastmile.Enrol(tx, m, link)
		return err
	})
	return ui.Answer{To: "/tournee/service", Cookies: []*http.Cookie{s.cookie(deviceCookie, token, deviceLife)}}, err
}

// shellPage is the page for what is not at hand without network.
type shellPage struct{ ui.Frame }

// shell is the same for everybody: nothing of a round stands in it.
func (s *site) shell(r *http.Request) (ui.Answer, error) {
	loc := ui.Reader(r)
	p := shellPage{ui.Frame{Locale: loc, Title: lang.T(loc, "round.shell_title", nil), Private: true, Inside: true, Look: look}}
	return ui.Answer{Page: shellView(p)}, nil
}
