package shopper

import (
	"net/http"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/phone"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/letters"
	"github.com/promesse-dev/promesse/internal/web/pass"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// phonePage is where the code is typed that was sent to a new number.
type phonePage struct {
	ui.Frame
	Shop   ident.Merchant
	Number string // as typed
	Sent   string // says where the code went
	Wrong  string
}

// dialled is a number that somebody gives a shop.
type dialled struct {
	place shopper.Place
	typed string
	to    phone.Number
	shop  merchant.Organisation
	brand merchant.Brand
	quiet bool // its owner said STOP: nothing is sent there
}

// purpose binds a code to the number it was sent to.
func (d dialled) purpose() string { return "phone " + d.to.E164 }

// dial reads the number of a form. The fault is phone_invalid.
func (s *site) dial(r *http.Request) (d dialled, err error) {
	if d.place, err = s.placeOf(r, ident.Merchant(r.PostFormValue("shop"))); err != nil {
		return d, err
	}
	d.typed = strings.TrimSpace(r.PostFormValue("phone"))
	err = s.flow.Read(r.Context(), func(tx *db.Tx) (err error) {
		if d.shop, d.brand, err = merchant.Face(tx, d.place.Merchant); err != nil || d.typed == "" {
			return err
		}
		number, ok := phone.Read(d.typed, d.shop.Country)
		if d.to = number; !ok {
			return fault.New(fault.Invalid, "phone_invalid", "phone")
		}
		d.quiet, err = notify.Stopped(tx, d.place.Merchant, d.to.E164)
		return err
	})
	return d, err
}

// changePhone gives a shop another number. One that takes SMS counts once the code
// that is sent there came back; one that takes none, and none at all, counts at once.
func (s *site) changePhone(r *http.Request) (ui.Answer, error) {
	if a, ok := s.fresh(r); !ok {
		return a, nil
	}
	d, err := s.dial(r)
	if f := faultOf(err, fault.Invalid); f != nil {
		return s.phoneWrong(r, d, http.StatusUnprocessableEntity, f)
	}
	switch {
	case err != nil:
		return ui.Answer{}, err
	case d.typed == d.place.Phone:
		return ui.Answer{To: spaceHome}, nil
	case d.to.Text && s.texts && d.quiet:
		return s.phoneWrong(r, d, http.StatusConflict, fault.New(fault.Conflict, "phone_stopped", "phone"))
	case d.to.Text && s.texts:
		return s.textCode(r, d)
	}
	err = s.flow.One(r.Context(), flow.ByShopper(d.place.ID), d.place.Merchant, func(tx *flow.Tx) error {
		return s.setPhone(tx, ui.Reader(r), d, false)
	})
	return ui.Answer{To: spaceHome + "?note=telephone"}, err
}

func (s *site) phoneWrong(r *http.Request, d dialled, status int, f *fault.Error) (ui.Answer, error) {
	return s.dataWrong(r, status, wrong{"phone-" + string(d.place.Merchant), lang.Fault(ui.Reader(r), f)})
}

// textCode sends a code to the new number, and asks for it.
func (s *site) textCode(r *http.Request, d dialled) (ui.Answer, error) {
	loc := ui.Reader(r)
	err := s.flow.One(r.Context(), flow.ByShopper(d.place.ID), d.place.Merchant, func(tx *flow.Tx) error {
		code, err := shopper.SendCode(tx, d.place.Merchant, d.place.ID, d.purpose())
		if err != nil {
			return err
		}
		return s.spacePost().Enqueue(tx, pass.Asked{
			What: letters.PhoneCode, Other: d.brand.Shown, Phone: d.to.E164, Code: code.Digits,
			Link: ident.NewLink(tx.Mint), Locale: loc, Asked: tx.Now, Until: code.Expires,
		})
	})
	if f := faultOf(err, fault.TooMany); f != nil {
		return s.phoneWrong(r, d, http.StatusTooManyRequests, f)
	}
	return ui.Answer{Page: spacePhone(d.page(r))}, err
}

func (d dialled) page(r *http.Request) phonePage {
	p := phonePage{Frame: inSpaceFrame(r, "space.phone_prove"), Shop: d.place.Merchant, Number: d.typed}
	p.Sent = lang.T(p.Locale, "space.phone_sent", map[string]any{"Number": d.to.Masked()})
	return p
}

// provePhone takes the code: the number counts from now on.
func (s *site) provePhone(r *http.Request) (ui.Answer, error) {
	if a, ok := s.fresh(r); !ok {
		return a, nil
	}
	d, err := s.dial(r)
	if f := faultOf(err, fault.Invalid); f != nil {
		return s.phoneWrong(r, d, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return ui.Answer{}, err
	}
	var no *fault.Error
	err = s.flow.One(r.Context(), flow.ByShopper(d.place.ID), d.place.Merchant, func(tx *flow.Tx) error {
		outcome, left, err := shopper.CheckCode(tx, d.place.Merchant, d.place.ID, d.purpose(), r.PostFormValue("code"))
		if no = refusal(outcome, left); err != nil || no != nil {
			return err
		}
		return s.setPhone(tx, ui.Reader(r), d, true)
	})
	if err != nil || no == nil {
		return ui.Answer{To: spaceHome + "?note=telephone"}, err
	}
	p := d.page(r)
	p.Wrong = lang.Fault(p.Locale, no)
	return ui.Answer{Status: http.StatusUnprocessableEntity, Page: spacePhone(p)}, nil
}

// setPhone writes a number down and tells the mailbox, and the number before where its
// holder had proved it.
func (s *site) setPhone(tx *flow.Tx, loc lang.Locale, d dialled, proved bool) error {
	m := d.place.Merchant
	before, err := shopper.SetPhone(tx, m, d.place.ID, shopper.Phone{Number: d.typed, Proved: proved})
	if err != nil {
		return err
	}
	if err := s.tell(tx, pass.Asked{What: letters.PhoneChanged, Email: d.place.Email, Locale: loc}); err != nil {
		return err
	}
	old, ok := phone.Read(before, d.shop.Country)
	if !ok || !old.Text || !s.texts || old.E164 == d.to.E164 {
		return nil
	}
	stopped, err := notify.Stopped(tx.Tx, m, old.E164)
	if err != nil || stopped {
		return err
	}
	return s.tell(tx, pass.Asked{What: letters.PhoneGone, Other: d.brand.Shown, Phone: old.E164, Locale: loc})
}
