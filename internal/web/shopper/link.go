package shopper

import (
	"net/http"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// asked is the page that says what confirming an address means, or that it is done.
type asked struct {
	ui.Frame
	Ask, Consent string // empty once done
}

// by is who confirms: nobody has shown yet whose mailbox it is.
const by flow.Actor = "link"

// askConsent shows what is asked. Opening it changes nothing: programs that scan
// letters open links too.
func askConsent(f *flow.Flow) func(*http.Request) (ui.Answer, error) {
	return func(r *http.Request) (a ui.Answer, err error) {
		link, err := token(r)
		if err != nil {
			return a, err
		}
		err = f.Read(r.Context(), func(tx *db.Tx) error {
			shop, err := inviter(tx, link)
			a.Page = consent(asking(ui.Reader(r), shop))
			return err
		})
		return a, err
	}
}

// inviter is the shop that asks.
func inviter(tx *db.Tx, link ident.Link) (merchant.Organisation, error) {
	m, err := shopper.Invited(tx, link)
	if err != nil {
		return merchant.Organisation{}, err
	}
	return merchant.Get(tx, m)
}

// confirm verifies the address and writes the consent down, with the words that
// were shown.
func confirm(f *flow.Flow) func(*http.Request) (ui.Answer, error) {
	return func(r *http.Request) (a ui.Answer, err error) {
		link, err := token(r)
		if err != nil {
			return a, err
		}
		var shop merchant.Organisation
		err = f.Read(r.Context(), func(tx *db.Tx) error {
			shop, err = inviter(tx, link)
			return err
		})
		if err != nil {
			return a, err
		}
		page := asking(shown(r), shop)
		err = f.One(r.Context(), by, shop.ID, func(tx *flow.Tx) error {
			_, _, _, err := shopper.Confirm(tx, link, page.Consent)
			return err
		})
		page.Title, page.Ask, page.Consent = lang.T(page.Locale, "link_page.done", nil), "", ""
		a.Page = consent(page)
		return a, err
	}
}

// shown is the language in which the consent was read, as the form says.
func shown(r *http.Request) lang.Locale {
	if said := lang.Locale(r.PostFormValue("locale")); slices.Contains(lang.Locales(), said) {
		return said
	}
	return ui.Reader(r)
}

func asking(loc lang.Locale, shop merchant.Organisation) asked {
	return asked{
		Frame:   ui.Frame{Locale: loc, Title: lang.T(loc, "link_page.title", nil), Brand: shop.Name, Private: true},
		Ask:     lang.T(loc, "link_page.ask", map[string]any{"Shop": shop.Name}),
		Consent: lang.T(loc, "link_page.consent", nil),
	}
}
