package shopper

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// spaceData is what shops know of whoever is in their space, and what they agreed to.
type spaceData struct {
	ui.Frame
	Address string
	Typed   string // another address, as typed
	Wrong   []wrong
	Noted   string
	Texts   bool      // somebody carries SMS: a mobile is confirmed by a code
	Locked  bool      // too long since signing in: a link is asked for anew to change a contact
	Keyed   bool      // this installation takes passkeys
	Key     *keyOffer // where one is made; nil: not now
	Keys    []keyRow
	Device  string // its name, as typed
	Shops   []knownBy
}

// knownBy is what one shop knows.
type knownBy struct {
	ID        ident.Merchant
	Shop      string
	Linked    bool
	Phone     string
	Ship      []string
	Bill      []string
	Messages  string // path of the page on how it tells; empty: there is no order to reach it by
	Agreed    string // the words in force; empty: none
	Since     string
	Before    []string // what was agreed to and taken back
	PhoneName string   // of the field
}

func (s *site) spaceDataRoutes() []ui.Route {
	get, post := http.MethodGet, http.MethodPost
	return []ui.Route{
		{Method: get, Path: "/espace/donnees", Access: ui.ByShopper, Summary: "What shops know of one, and what one agreed to", Serve: s.spaceData},
		{Method: post, Path: "/espace/donnees/accord", Access: ui.ByShopper, Summary: "Take a consent back", Serve: s.takeBack},
		{Method: post, Path: "/espace/donnees/telephone", Access: ui.ByShopper, Summary: "Give a shop another telephone number", Serve: s.changePhone},
		{Method: post, Path: "/espace/donnees/telephone/code", Access: ui.ByShopper, Summary: "Confirm a telephone number by the code sent to it", Serve: s.provePhone},
		{Method: post, Path: "/espace/donnees/adresse", Access: ui.ByShopper, Summary: "Have another e-mail address confirmed by a link", Serve: s.askMove},
		{Method: post, Path: "/espace/export", Access: ui.ByShopper, Summary: "All that is known of one, as a file", Stream: s.exportSpace},
		{Method: get, Path: "/espace/adresse/{token}", Access: ui.ByLink, Summary: "What confirming a new address means", Serve: s.moveBehind},
		{Method: post, Path: "/espace/adresse/{token}", Access: ui.ByLink, Summary: "Confirm a new address, once", Serve: s.move},
	}
}

const spaceHome = spacePath + "/donnees"

// spaceData shows the page.
func (s *site) spaceData(r *http.Request) (ui.Answer, error) {
	p, err := s.spaceDataPage(r)
	if note := r.URL.Query().Get("note"); err == nil && note != "" {
		p.Noted = map[string]string{
			"accord": lang.T(p.Locale, "space.taken_back", nil), "telephone": lang.T(p.Locale, "space.phone_changed", nil), "adresse": lang.T(p.Locale, "space.move_sent", nil),
			"cle": lang.T(p.Locale, "passkey.kept", nil), "cle-retiree": lang.T(p.Locale, "passkey.dropped", nil),
		}[note]
	}
	return ui.Answer{Page: spaceKnown(p)}, err
}

func (s *site) spaceDataPage(r *http.Request) (spaceData, error) {
	v := inSpace(r)
	p := spaceData{Frame: inSpaceFrame(r, "space.data"), Address: v.Email, Texts: s.texts, Keyed: s.keys != nil}
	err := s.flow.Read(r.Context(), func(tx *db.Tx) error {
		p.Locked = tx.Wall >= v.Until()
		keys, err := shopper.Passkeys(tx, v.Email)
		if err != nil {
			return err
		}
		if err := s.fillKeys(&p, keys, tx.Now); err != nil {
			return err
		}
		places, err := shopper.Places(tx, v.Email)
		for _, place := range places {
			if err != nil {
				return err
			}
			var k knownBy
			var show bool
			if k, show, err = s.knownBy(tx, place, p.Locale); show {
				p.Shops = append(p.Shops, k)
			}
		}
		return err
	})
	slices.SortFunc(p.Shops, func(a, b knownBy) int { return strings.Compare(a.Shop, b.Shop) })
	return p, err
}

// knownBy reads what a shop knows; one that was never agreed to is not shown.
func (s *site) knownBy(tx *db.Tx, p shopper.Place, loc lang.Locale) (k knownBy, show bool, err error) {
	all, err := shopper.Consents(tx, p.Merchant, p.ID)
	if err != nil || len(all) == 0 {
		return k, false, err
	}
	shop, brand, err := merchant.Face(tx, p.Merchant)
	if err != nil {
		return k, false, err
	}
	read := ui.Reading{Locale: loc, Now: tx.Now}
	if read.Zone, err = civil.Zone(shop.Zone); err != nil {
		return k, false, err
	}
	k = knownBy{ID: p.Merchant, Shop: brand.Shown, Linked: p.Person != "", PhoneName: "phone-" + string(p.Merchant)}
	for _, c := range all {
		if c.Withdrawn.IsZero() {
			k.Agreed, k.Since = c.Words, read.When(c.Given, fact.Minute)
			continue
		}
		k.Before = append(k.Before, read.T("space.agreed_before", map[string]any{
			"Words": c.Words, "From": read.When(c.Given, fact.Minute), "Until": read.When(c.Withdrawn, fact.Minute),
		}))
	}
	if k.Linked {
		k.Phone = p.Phone
		err = k.addresses(tx, p)
	}
	return k, true, err
}

// ordersRead is how many orders, the newest, are looked at for addresses.
const ordersRead = 20

func (k *knownBy) addresses(tx *db.Tx, p shopper.Place) error {
	of, err := orders.OfShopper(tx, p.Merchant, p.ID, orders.Page{Limit: ordersRead})
	for i, o := range of {
		if err != nil {
			return err
		}
		if i == 0 {
			k.Messages = spacePath + "/commande/" + string(o.ID) + "?vers=messages"
		}
		k.Ship = once(k.Ship, inLine(o.Ship))
		var bill orders.Address
		var apart bool
		if bill, apart, err = orders.Billing(tx, p.Merchant, o.ID); apart {
			k.Bill = once(k.Bill, inLine(bill))
		}
	}
	return err
}

// once adds what is not there yet.
func once(all []string, one string) []string {
	if one == "" || slices.Contains(all, one) {
		return all
	}
	return append(all, one)
}

// inLine is an address in one line.
func inLine(a orders.Address) string {
	parts := []string{a.Name, a.Street, a.Extra, strings.TrimSpace(a.Postcode + " " + a.City), a.Country}
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), ", ")
}

// takeBack withdraws a consent: as easy as it was given, so no code is asked for.
func (s *site) takeBack(r *http.Request) (ui.Answer, error) {
	p, err := s.placeOf(r, ident.Merchant(r.PostFormValue("shop")))
	if err == nil {
		err = s.flow.One(r.Context(), flow.ByShopper(p.ID), p.Merchant, func(tx *flow.Tx) error {
			return shopper.Unlink(tx, p.Merchant, p.ID)
		})
	}
	return ui.Answer{To: spaceHome + "?note=accord"}, err
}

// placeOf is a shop at which whoever asks consented. The fault is not_found.
func (s *site) placeOf(r *http.Request, m ident.Merchant) (p shopper.Place, err error) {
	err = s.flow.Read(r.Context(), func(tx *db.Tx) error {
		places, err := linked(tx, inSpace(r))
		i := slices.IndexFunc(places, func(x shopper.Place) bool { return x.Merchant == m })
		if err == nil && i < 0 {
			return fault.New(fault.NotFound, "not_found", "")
		}
		if err == nil {
			p = places[i]
		}
		return err
	})
	return p, err
}

// fresh reports whether whoever asks proved a moment ago to read the known
// mailbox; if not, the way to prove it again.
func (s *site) fresh(r *http.Request) (ui.Answer, bool) {
	return ui.Answer{To: spaceDoor + "?encore=1"}, s.flow.Clock().Wall() < inSpace(r).Until()
}

// dataWrong shows the page with what is wrong with what was typed.
func (s *site) dataWrong(r *http.Request, status int, w ...wrong) (ui.Answer, error) {
	p, err := s.spaceDataPage(r)
	p.Wrong, p.Typed, p.Device = w, shortly(r.PostFormValue("email")), shortly(r.PostFormValue("device"))
	return ui.Answer{Status: status, Page: spaceKnown(p)}, err
}

// noticeLife is how long a notice may try to leave.
const noticeLife = 3 * 24 * time.Hour

func hasWrong(all []wrong, field string) bool {
	return slices.ContainsFunc(all, func(w wrong) bool { return w.Field == field })
}
