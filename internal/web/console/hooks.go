package console

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/ui"
	"github.com/promesse-dev/promesse/internal/webhook"
)

func hooksRoutes(c Config) []ui.Route {
	post := func(path, needs, summary string, serve func(*http.Request) (ui.Answer, error)) ui.Route {
		return ui.Route{Method: http.MethodPost, Path: "/console/settings/webhooks" + path, Access: ui.BySession, Needs: needs, Summary: summary, Serve: serve}
	}
	return []ui.Route{
		{Method: http.MethodGet, Path: "/console/settings/webhooks", Access: ui.BySession, Needs: setSettings, Summary: "Addresses of the shop's own systems that hear what happens", Serve: c.hooks},
		post("", setSettings, "Add an address, and show its secret once", c.openHook),
		post("/{id}", setSettings, "Change an address, or what it hears", c.changeHook),
		post("/{id}/rotate", setSettings, "Give an address a new secret, shown once", c.rotateHook),
		post("/{id}/test", setSettings, "Send an address a delivery that says nothing", c.tryHook),
		post("/{id}/wake", setSettings, "Have an address that rested hear again", c.wakeHook),
		post("/{id}/remove", setSettings, "Send nothing more to an address", c.removeHook),
		post("/{id}/replay", replayWork, "Send again all that an address did not get", c.replayHook),
	}
}

// hooksPage is the addresses that hear what happens, before it is HTML.
type hooksPage struct {
	settings
	Wrong  string
	Secret block // shown once; its Title is empty when there is none
	Rows   []block
	Open   deed
	All    pair // the way to the deliveries
}

// typedHook is what somebody typed about an address.
type typedHook struct {
	url, label string
	kinds      []fact.Kind
}

func typedHookOf(r *http.Request) typedHook {
	in := typedHook{url: strings.TrimSpace(r.PostFormValue("url")), label: strings.TrimSpace(r.PostFormValue("label"))}
	for _, k := range webhook.Kinds {
		if r.PostFormValue("kind:"+string(k)) == "yes" {
			in.kinds = append(in.kinds, k)
		}
	}
	return in
}

// family is what a kind of fact is about: the part before its point.
func family(k fact.Kind) string {
	about, _, _ := strings.Cut(string(k), ".")
	return about
}

func (c Config) hooks(r *http.Request) (ui.Answer, error) {
	return c.hooksPage(r, "", typedHook{kinds: usual}, nil)
}

// usual are the kinds that are ticked for a new address.
var usual = []fact.Kind{"order.placed", "promise.broken", "returns.requested", "returns.received", "returns.decided", "payment.refunded"}

// hooksPage shows the addresses; id is the one whose form was refused, empty for
// the form of a new one.
func (c Config) hooksPage(r *http.Request, id ident.Endpoint, typed typedHook, wrong error) (a ui.Answer, err error) {
	p := hooksPage{settings: settingsFrame(r, "/console/settings/webhooks")}
	words := map[string]string{}
	if wrong != nil {
		words = hookFaults(p.Locale, wrong)
		p.Wrong, p.Done, a.Status = words[""], "", http.StatusUnprocessableEntity
	}
	p.All = pair{lang.T(p.Locale, "hooks.to_deliveries", nil), "/console/deliveries"}
	err = c.see(r, func(tx *db.Tx, v visit) error {
		rd := reading(r, tx.Now)
		all, err := webhook.List(tx, v.Merchant)
		for _, e := range all {
			in, said := typedHook{e.URL, e.Label, e.Kinds}, map[string]string{}
			if e.ID == id {
				in, said = typed, words
			}
			p.Rows = append(p.Rows, hookBlock(rd, e, in, said))
		}
		p.Open = hookDeed(rd, "/console/settings/webhooks", "new", typedHook{kinds: usual}, nil)
		if id == "" {
			p.Open = hookDeed(rd, "/console/settings/webhooks", "new", typed, words)
		}
		p.Open.Button, p.Open.Style = rd.T("hooks.open", nil), ""
		p.Open.Keep = []pair{{"seen", number(len(all))}}
		return err
	})
	a.Page = hooksView(p)
	return a, err
}

// hookFaults puts broken rules into the fields of the form.
func hookFaults(loc lang.Locale, err error) map[string]string {
	words := map[string]string{}
	for _, f := range fault.All(err) {
		at := ""
		switch {
		case f.Field == "url", f.Field == "label":
			at = f.Field
		case strings.HasPrefix(f.Field, "kinds"):
			at = "kinds"
		}
		words[at] = cmp.Or(words[at], lang.Fault(loc, f))
	}
	return words
}

// hookBlock is one address with how it does, and what may be done.
func hookBlock(rd ui.Reading, e webhook.Endpoint, typed typedHook, wrong map[string]string) block {
	path := "/console/settings/webhooks/" + string(e.ID)
	k := block{ID: string(e.ID), Title: cmp.Or(e.Label, e.URL), Tone: ui.Good, Badge: rd.T("hooks.state_on", nil), Says: []string{e.URL}}
	k.Notes = []string{
		lang.N(rd.Locale, "hooks.hears", len(e.Kinds), nil),
		rd.T("hooks.since", map[string]any{"When": rd.When(e.Made, fact.ADay)}),
	}
	if e.Failing != 0 {
		k.Tone, k.Badge = ui.Care, rd.T("hooks.state_failing", nil)
		k.Says = append(k.Says, rd.T("hooks.failing", map[string]any{"When": rd.When(e.Failing, fact.Minute)}))
	}
	k.Links = []pair{{rd.T("hooks.its_deliveries", nil), "/console/deliveries?endpoint=" + string(e.ID)}}
	if e.State == webhook.Rested || e.State == webhook.Gone {
		k.Tone, k.Badge = ui.Bad, rd.T("hooks.state_rested", nil)
		k.Says = append(k.Says, rd.T(map[webhook.State]string{webhook.Rested: "hooks.rested", webhook.Gone: "hooks.gone"}[e.State], nil))
		k.Deeds = append(k.Deeds, deed{Path: path + "/wake", Button: rd.T("hooks.wake", nil)})
	} else {
		k.Deeds = append(k.Deeds,
			deed{Path: path + "/test", Button: rd.T("hooks.test", nil), Style: "second"},
			deed{Path: path + "/replay", Button: rd.T("hooks.replay", nil), Style: "second"})
	}
	change := hookDeed(rd, path, string(e.ID), typed, wrong)
	change.Fold, change.Open, change.Button, change.Style = rd.T("hooks.change_fold", nil), len(wrong) > 0, rd.T("hooks.change", nil), "second"
	k.Deeds = append(k.Deeds, change,
		deed{
			Path: path + "/rotate", Button: rd.T("hooks.rotate", nil), Style: "second", Fold: rd.T("hooks.rotate_fold", nil), How: rd.T("hooks.rotate_how", nil),
			Fields: []input{{ID: "overlap-" + string(e.ID), Name: "overlap", Kind: "select", Label: rd.T("hooks.overlap", nil), Options: overlaps(rd)}},
		},
		deed{Path: path + "/remove", Button: rd.T("hooks.remove", nil), Style: "danger", Fold: rd.T("hooks.remove_fold", nil), How: rd.T("hooks.remove_how", nil)})
	return k
}

// overlaps are how long the secret before may go on signing beside the new one.
func overlaps(rd ui.Reading) []option {
	return []option{
		{"24h", rd.T("hooks.overlap_day", nil), true},
		{"1h", rd.T("hooks.overlap_hour", nil), false},
		{"0s", rd.T("hooks.overlap_none", nil), false},
	}
}

// hookDeed is the form of an address; id tells its fields from those of others.
func hookDeed(rd ui.Reading, path, id string, in typedHook, wrong map[string]string) deed {
	d := deed{Path: path, Fields: []input{
		{ID: "url-" + id, Name: "url", Kind: "url", Label: rd.T("hooks.url", nil), Hint: rd.T("hooks.url_how", nil), Value: in.url, Fault: wrong["url"], Needed: true},
		{ID: "label-" + id, Name: "label", Label: rd.T("hooks.label", nil), Value: in.label, Fault: wrong["label"]},
	}}
	if wrong["kinds"] != "" {
		d.How = wrong["kinds"]
	}
	last := ""
	for _, k := range webhook.Kinds {
		if about := family(k); about != last {
			last = about
			d.Groups = append(d.Groups, group{Title: familyWords(rd, about)})
		}
		g := &d.Groups[len(d.Groups)-1]
		g.Fields = append(g.Fields, input{Name: "kind:" + string(k), Kind: "check", Label: string(k), Ticked: slices.Contains(in.kinds, k)})
	}
	return d
}

func familyWords(rd ui.Reading, about string) string {
	return worded(rd, map[string]string{
		"order": "hooks.about_order", "tracking": "hooks.about_tracking", "promise": "hooks.about_promise", "remedy": "hooks.about_remedy",
		"lastmile": "hooks.about_lastmile", "returns": "hooks.about_returns", "payment": "hooks.about_payment",
	}, about)
}

// openHook adds an address. Its secret is on the answer and nowhere else: sent
// twice, the second answer says that the address is there already.
func (c Config) openHook(r *http.Request) (ui.Answer, error) {
	in := typedHookOf(r)
	var secret string
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		all, err := webhook.List(tx.Tx, v.Merchant)
		if err != nil {
			return err
		}
		twice := slices.ContainsFunc(all, func(e webhook.Endpoint) bool { return e.URL == in.url })
		if twice && r.PostFormValue("seen") != number(len(all)) {
			return fault.New(fault.Conflict, "webhook_there_already", "url")
		}
		_, secret, err = c.Hooks.Open(tx, v.Merchant, webhook.Endpoint{URL: in.url, Label: in.label, Kinds: in.kinds})
		return err
	})
	if denied(err) {
		return c.hooksPage(r, "", in, err)
	}
	return c.showSecret(r, secret, err)
}

// showSecret is the one page that shows a secret.
func (c Config) showSecret(r *http.Request, secret string, err error) (ui.Answer, error) {
	if err != nil {
		return ui.Answer{}, err
	}
	loc := ui.Reader(r)
	p := hooksPage{settings: settingsFrame(r, "/console/settings/webhooks")}
	p.Secret = block{
		Title: lang.T(loc, "hooks.secret", nil), Says: []string{lang.T(loc, "hooks.secret_once", nil)}, Quote: secret,
		Links: []pair{{lang.T(loc, "hooks.to_list", nil), "/console/settings/webhooks"}},
	}
	return ui.Answer{Page: hooksView(p)}, nil
}

func (c Config) changeHook(r *http.Request) (ui.Answer, error) {
	id, in := ident.Endpoint(r.PathValue("id")), typedHookOf(r)
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		return c.Hooks.Change(tx, v.Merchant, webhook.Endpoint{ID: id, URL: in.url, Label: in.label, Kinds: in.kinds})
	})
	if denied(err) {
		return c.hooksPage(r, id, in, err)
	}
	return ui.Answer{To: "/console/settings/webhooks?done=hook_changed"}, err
}

func (c Config) rotateHook(r *http.Request) (ui.Answer, error) {
	overlap, err := time.ParseDuration(cmp.Or(r.PostFormValue("overlap"), "0s"))
	if err != nil {
		return c.hooksPage(r, "", typedHook{kinds: usual}, fault.New(fault.Invalid, "unknown_value", "overlap", "value", r.PostFormValue("overlap")))
	}
	var secret string
	err = c.act(r, func(tx *flow.Tx, v visit) (err error) {
		secret, err = c.Hooks.Rotate(tx, v.Merchant, ident.Endpoint(r.PathValue("id")), overlap)
		return err
	})
	if denied(err) {
		return c.hooksPage(r, "", typedHook{kinds: usual}, err)
	}
	return c.showSecret(r, secret, err)
}

// onHook runs an act on an address, and shows them all again.
func (c Config) onHook(r *http.Request, name string, do func(*flow.Tx, ident.Merchant, ident.Endpoint) error) (ui.Answer, error) {
	err := c.act(r, func(tx *flow.Tx, v visit) error { return do(tx, v.Merchant, ident.Endpoint(r.PathValue("id"))) })
	if denied(err) {
		return c.hooksPage(r, "", typedHook{kinds: usual}, err)
	}
	return ui.Answer{To: "/console/settings/webhooks?done=" + name}, err
}

func (c Config) tryHook(r *http.Request) (ui.Answer, error) {
	var id ident.Delivery
	a, err := c.onHook(r, "", func(tx *flow.Tx, m ident.Merchant, e ident.Endpoint) (err error) {
		id, err = webhook.Try(tx, m, e)
		return err
	})
	if err == nil && id != "" {
		a.To = deliveryPath(id) + "?done=hook_tested"
	}
	return a, err
}

// wakeHook has an address hear again; one that hears stays as it is.
func (c Config) wakeHook(r *http.Request) (ui.Answer, error) {
	return c.onHook(r, "hook_woken", func(tx *flow.Tx, m ident.Merchant, id ident.Endpoint) error {
		err := webhook.Wake(tx, m, id)
		if fault.Is(err, "webhook_endpoint_on") {
			return nil
		}
		return err
	})
}

func (c Config) removeHook(r *http.Request) (ui.Answer, error) {
	return c.onHook(r, "hook_removed", webhook.Remove)
}

func (c Config) replayHook(r *http.Request) (ui.Answer, error) {
	return c.onHook(r, "hook_replayed", func(tx *flow.Tx, m ident.Merchant, id ident.Endpoint) error {
		_, err := webhook.ReplayDead(tx, m, id)
		return err
	})
}
