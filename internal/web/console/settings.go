package console

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

func settingsRoutes(c Config) []ui.Route {
	return []ui.Route{
		{Method: http.MethodGet, Path: "/console/settings", Access: ui.BySession, Needs: setSettings, Summary: "How the shop's pages and letters look", Serve: c.brand},
		{Method: http.MethodPost, Path: "/console/settings", Access: ui.BySession, Needs: setSettings, Summary: "Try a look, or keep it", Serve: c.setBrand},
		{Method: http.MethodGet, Path: "/console/settings/preview.svg", Access: ui.BySession, Needs: setSettings, Summary: "A colour as pages will show it", Stream: preview},
		{Method: http.MethodGet, Path: "/console/settings/brand.mjs", Access: ui.BySession, Needs: setSettings, Summary: "Shows the colour while it is chosen", Stream: module},
		{Method: http.MethodGet, Path: "/console/settings/staff", Access: ui.BySession, Needs: setStaff, Summary: "Who works for the shop, and what they may do", Serve: c.staff},
		{Method: http.MethodPost, Path: "/console/settings/staff", Access: ui.BySession, Needs: setStaff, Summary: "Let somebody in", Serve: c.hire},
		{Method: http.MethodPost, Path: "/console/settings/staff/{id}", Access: ui.BySession, Needs: setStaff, Summary: "Give somebody other rights", Serve: c.change},
		{Method: http.MethodPost, Path: "/console/settings/staff/{id}/leave", Access: ui.BySession, Needs: setStaff, Summary: "Show somebody out", Serve: c.dismiss},
		{Method: http.MethodGet, Path: "/console/settings/keys", Access: ui.BySession, Needs: setKeys, Summary: "Keys of browsers and of servers", Serve: c.keys},
		{Method: http.MethodPost, Path: "/console/settings/keys", Access: ui.BySession, Needs: setKeys, Summary: "Issue a browser key", Serve: c.issueKey},
		{Method: http.MethodPost, Path: "/console/settings/keys/{id}/revoke", Access: ui.BySession, Needs: setKeys, Summary: "Make a key open nothing any more", Serve: c.revokeKey},
	}
}

// settings is what the pages of settings share.
type settings struct {
	ui.Frame
	Tabs []choice
	Done string
}

func settingsFrame(r *http.Request, here string) settings {
	v, loc := staffOf(r), ui.Reader(r)
	s := settings{Frame: frame(r, lang.T(loc, "console.nav_settings", nil)), Done: done(r, loc)}
	for _, tab := range []struct {
		path, words string
		needs       merchant.Permission
	}{
		{"/console/settings", "console.tab_brand", merchant.ManageSettings},
		{"/console/settings/staff", "console.tab_staff", merchant.ManageStaff},
		{"/console/settings/keys", "console.tab_keys", merchant.ManageKeys},
		{deskHere, "desk_settings.tab", merchant.ManageSettings},
		{templatesHere, "templates.tab", merchant.ManageSettings},
		{termsHere, "terms.tab", merchant.ManageSettings},
		{storesHere, "stores.tab", merchant.ManageSettings},
		{"/console/settings/webhooks", "hooks.tab", merchant.ManageSettings},
		{countersHere, "counters.tab", merchant.ManageSettings},
		{roundsHere, "rounds.tab", merchant.ManageSettings},
	} {
		if v.may(tab.needs) {
			s.Tabs = append(s.Tabs, choice{tab.path, lang.T(loc, tab.words, nil), tab.path == here})
		}
	}
	return s
}

// ours is the colour of whoever has no brand.
var ours, _ = ui.Accents("")

// brandPage is the look of the shop before it is HTML.
type brandPage struct {
	settings
	Accent        string // as the colour field shows it
	Preview       string // path of the picture
	Clamped       string // how the colour was changed to be legible
	Fields        []input
	Wrong         string
	OursIsDefault bool
}

func (c Config) brand(r *http.Request) (a ui.Answer, err error) {
	var b merchant.Brand
	err = c.see(r, func(tx *db.Tx, v visit) error {
		b, err = merchant.BrandOf(tx, v.Merchant)
		return err
	})
	return ui.Answer{Page: brandView(brandForm(r, b, nil))}, err
}

// setBrand keeps what the form says, or shows it first.
func (c Config) setBrand(r *http.Request) (ui.Answer, error) {
	b := merchant.Brand{
		Accent: r.PostFormValue("accent"), Shown: r.PostFormValue("shown"),
		Contact: r.PostFormValue("contact"), Site: r.PostFormValue("site"),
	}
	if strings.EqualFold(b.Accent, ours) {
		b.Accent = "" // follows ours, should it change
	}
	if r.PostFormValue("do") == "try" {
		return ui.Answer{Page: brandView(brandForm(r, b, nil))}, nil
	}
	err := c.act(r, func(tx *flow.Tx, v visit) error { return merchant.SetBrand(tx, v.Merchant, b) })
	if refused(err) {
		words := faults(ui.Reader(r), err, "accent", "shown", "contact", "site")
		return ui.Answer{Status: status(words), Page: brandView(brandForm(r, b, words))}, nil
	}
	return ui.Answer{To: "/console/settings?done=brand"}, err
}

func brandForm(r *http.Request, b merchant.Brand, wrong map[string]string) brandPage {
	s := settingsFrame(r, "/console/settings")
	s.Scripts = []string{"/console/settings/brand.mjs"}
	shown := cmp.Or(b.Accent, ours)
	p := brandPage{settings: s, Accent: shown, Preview: previewPath(shown), Wrong: cmp.Or(wrong[""], wrong["accent"])}
	p.Clamped = clampWords(s.Frame, shown)
	p.Fields = []input{
		{Name: "shown", Label: lang.T(s.Locale, "console.brand_shown", nil), Hint: lang.T(s.Locale, "console.brand_shown_hint", nil), Value: b.Shown, Fault: wrong["shown"], Complete: "organization"},
		{Name: "contact", Label: lang.T(s.Locale, "console.brand_contact", nil), Hint: lang.T(s.Locale, "console.brand_contact_hint", nil), Kind: "email", Value: b.Contact, Fault: wrong["contact"], Complete: "email"},
		{Name: "site", Label: lang.T(s.Locale, "console.brand_site", nil), Hint: lang.T(s.Locale, "console.brand_site_hint", nil), Kind: "url", Value: b.Site, Fault: wrong["site"], Complete: "url"},
	}
	return p
}

func previewPath(accent string) string {
	return "/console/settings/preview.svg?accent=" + strings.TrimPrefix(accent, "#")
}

// clampWords says what becomes of a colour on light and on dark ground.
func clampWords(f ui.Frame, accent string) string {
	light, dark := ui.Accents(accent)
	return lang.T(f.Locale, "console.brand_clamped", map[string]any{"Light": light, "Dark": dark})
}

// preview is a colour as it will stand on light and on dark ground: a link and a
// button on each. It has no words, so that it needs no language.
func preview(w http.ResponseWriter, r *http.Request) {
	light, dark := ui.Accents("#" + r.URL.Query().Get("accent"))
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Content-Security-Policy", "default-src 'none'")
	_, _ = fmt.Fprintf(w, previewSVG, light, light, light, dark, dark, dark)
}

const previewSVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 120" font-family="system-ui, sans-serif" font-size="15" font-weight="600">` +
	`<rect width="160" height="120" fill="#ffffff"/><rect width="160" height="6" fill="%s"/><text x="16" y="44" fill="%s" text-decoration="underline">Aa 123</text>` +
	`<rect x="16" y="64" width="128" height="40" rx="12" fill="%s"/><text x="80" y="89" fill="#ffffff" text-anchor="middle">Aa 123</text>` +
	`<g transform="translate(160)"><rect width="160" height="120" fill="#1d2127"/><rect width="160" height="6" fill="%s"/><text x="16" y="44" fill="%s" text-decoration="underline">Aa 123</text>` +
	`<rect x="16" y="64" width="128" height="40" rx="12" fill="%s"/><text x="80" y="89" fill="#1d2127" text-anchor="middle">Aa 123</text></g></svg>`
