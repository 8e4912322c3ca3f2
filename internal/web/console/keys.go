package console

import (
	"net/http"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// keysPage is the keys of a shop, before it is HTML.
type keysPage struct {
	settings
	Browser []keyRow
	Server  []keyRow
	Label   input
	Origins input
	Wrong   string
}

// keyRow is one key.
type keyRow struct {
	Path, Label, Public, Origins, Set, Issued string
	Badge                                     string
	Tone                                      ui.Tone
	Open                                      bool
}

func (c Config) keys(r *http.Request) (ui.Answer, error) { return c.keysPage(r, "", "", nil) }

func (c Config) keysPage(r *http.Request, label, origins string, wrong map[string]string) (a ui.Answer, err error) {
	p := keysPage{settings: settingsFrame(r, "/console/settings/keys"), Wrong: wrong[""]}
	p.Label = input{Name: "label", Label: lang.T(p.Locale, "console.key_label", nil), Value: label, Fault: wrong["label"], Needed: true}
	p.Origins = input{Name: "origins", Kind: "area", Label: lang.T(p.Locale, "console.key_origins", nil), Hint: lang.T(p.Locale, "console.key_origins_hint", nil), Value: origins, Fault: wrong["origins"], Needed: true}
	err = c.see(r, func(tx *db.Tx, v visit) error {
		read := reading(r, tx.Now)
		browser, err := merchant.BrowserKeys(tx, v.Merchant)
		if err != nil {
			return err
		}
		for _, k := range browser {
			row := keyRow{Label: k.Label, Public: k.Public, Origins: strings.Join(k.Origins, " ")}
			p.Browser = append(p.Browser, row.standing(read, k.ID, k.Issued, k.Revoked))
		}
		server, err := merchant.Keys(tx, v.Merchant)
		for _, k := range server {
			row := keyRow{Label: k.Label, Set: keySetWords(p.Locale, k.Set)}
			p.Server = append(p.Server, row.standing(read, k.ID, k.Issued, k.Revoked))
		}
		return err
	})
	return ui.Answer{Status: status(wrong), Page: keysView(p)}, err
}

// standing says whether a key opens, and since when it does or does not.
func (row keyRow) standing(r ui.Reading, id ident.Key, issued, revoked civil.Instant) keyRow {
	row.Path, row.Issued, row.Open = "/console/settings/keys/"+string(id)+"/revoke", r.When(issued, fact.ADay), revoked.IsZero()
	row.Tone, row.Badge = ui.Good, r.T("console.key_open", nil)
	if !row.Open {
		row.Tone, row.Badge = ui.Mute, r.T("console.key_revoked", map[string]any{"When": r.When(revoked, fact.ADay)})
	}
	return row
}

// keySetWords is what the holder of a server's key may do, in words.
func keySetWords(loc lang.Locale, s merchant.Set) string {
	if s == merchant.Carrier {
		return lang.T(loc, "console.set_carrier", nil)
	}
	return setWords(loc, s)
}

func (c Config) issueKey(r *http.Request) (ui.Answer, error) {
	label, origins := r.PostFormValue("label"), r.PostFormValue("origins")
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		_, err := merchant.IssueBrowserKey(tx, v.Merchant, label, strings.Fields(origins))
		return err
	})
	if refused(err) {
		return c.keysPage(r, label, origins, faults(ui.Reader(r), err, "label", "origins"))
	}
	return ui.Answer{To: "/console/settings/keys?done=key"}, err
}

// revokeKey revokes a key, of a browser or of a server.
func (c Config) revokeKey(r *http.Request) (ui.Answer, error) {
	id := ident.Key(r.PathValue("id"))
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		err := merchant.RevokeBrowserKey(tx, v.Merchant, id)
		if fault.KindOf(err) == fault.NotFound {
			err = merchant.RevokeKey(tx, v.Merchant, id)
		}
		return err
	})
	return ui.Answer{To: "/console/settings/keys?done=revoked"}, err
}
