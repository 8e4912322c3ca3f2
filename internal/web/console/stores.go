package console

import (
	"net/http"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

const storesHere = "/console/settings/stores"

func storesRoutes(c Config) []ui.Route {
	return []ui.Route{
		{Method: http.MethodGet, Path: storesHere, Access: ui.BySession, Needs: setSettings, Summary: "Stores of the shop's own, with their hours", Serve: c.stores},
		{Method: http.MethodPost, Path: storesHere, Access: ui.BySession, Needs: setSettings, Summary: "Try a store's hours, or keep the store", Serve: c.setStore},
		{Method: http.MethodPost, Path: storesHere + "/close", Access: ui.BySession, Needs: setSettings, Summary: "Take a store out of every search", Serve: c.closeStore},
	}
}

// storesPage is the stores before they are HTML.
type storesPage struct {
	settings
	Wrong string
	Rows  []block
	Week  block // the hours that were tried, day by day; its Title is empty when none were
	Form  deed
	More  string
}

// storeFields are what is asked of a store; the services and the hours come after.
var storeFields = []struct {
	name, words, how string
	needed           bool
	of               func(*relay.Point) *string
}{
	{"code", "stores.code", "stores.code_how", true, func(p *relay.Point) *string { return &p.Code }},
	{"name", "stores.name", "", true, func(p *relay.Point) *string { return &p.Name }},
	{"street", "stores.street", "", false, func(p *relay.Point) *string { return &p.Street }},
	{"extra", "stores.extra", "", false, func(p *relay.Point) *string { return &p.Extra }},
	{"postcode", "stores.postcode", "", true, func(p *relay.Point) *string { return &p.Postcode }},
	{"city", "stores.city", "", true, func(p *relay.Point) *string { return &p.City }},
	{"country", "stores.country", "", true, func(p *relay.Point) *string { return &p.Country }},
}

// typedStore is a store as it was typed.
type typedStore struct {
	point           relay.Point
	hours, services string
}

func typedStoreOf(r *http.Request) (in typedStore) {
	for _, f := range storeFields {
		*f.of(&in.point) = strings.TrimSpace(r.PostFormValue(f.name))
	}
	in.point.Country = strings.ToUpper(in.point.Country)
	in.hours, in.services = strings.TrimSpace(r.PostFormValue("hours")), strings.TrimSpace(r.PostFormValue("services"))
	return in
}

// stores lists them. One that is named is put into the form, to be changed.
func (c Config) stores(r *http.Request) (ui.Answer, error) {
	in := typedStore{services: relay.Send}
	in.point.Country = staffOf(r).Shop.Country
	if code := r.URL.Query().Get("code"); code != "" {
		err := c.see(r, func(tx *db.Tx, v visit) error {
			p, err := relay.ByCode(tx, string(v.Merchant), code)
			if err == nil {
				in = typedStore{p, p.Hours.String(), strings.Join(p.Services, " ")}
			}
			return absent(err)
		})
		if err != nil {
			return ui.Answer{}, err
		}
	}
	return c.storesPage(r, in, nil)
}

func (c Config) storesPage(r *http.Request, in typedStore, wrong error) (a ui.Answer, err error) {
	p := storesPage{settings: settingsFrame(r, storesHere)}
	names := []string{"hours", "services"}
	for _, f := range storeFields {
		names = append(names, f.name)
	}
	for _, f := range fault.All(wrong) {
		f.Field = strings.TrimPrefix(f.Field, "store.")
	}
	words := faults(p.Locale, wrong, names...)
	if wrong != nil {
		p.Done, p.Wrong, a.Status = "", words[""], http.StatusUnprocessableEntity
	}
	p.Form = storeDeed(p.Locale, in, words)
	err = c.see(r, func(tx *db.Tx, v visit) error {
		rd := reading(r, tx.Now)
		if in.hours != "" && words["hours"] == "" {
			p.Week = weekBlock(rd, in)
		}
		all, err := relay.List(tx, string(v.Merchant), r.URL.Query().Get("after"), pageSize+1)
		if len(all) > pageSize {
			all = all[:pageSize]
			p.More = storesHere + "?after=" + all[pageSize-1].Code
		}
		for _, s := range all {
			p.Rows = append(p.Rows, storeBlock(rd, s))
		}
		return err
	})
	a.Page = storesView(p)
	return a, err
}

func storeDeed(loc lang.Locale, in typedStore, wrong map[string]string) deed {
	t := func(key string) string { return lang.T(loc, key, nil) }
	d := deed{Path: storesHere, Button: t("stores.keep"), Name: "do", Value: "keep", Other: t("stores.try"), OtherName: "try"}
	for _, f := range storeFields {
		field := input{Name: f.name, Label: t(f.words), Value: *f.of(&in.point), Fault: wrong[f.name], Needed: f.needed}
		if f.how != "" {
			field.Hint = t(f.how)
		}
		d.Fields = append(d.Fields, field)
	}
	d.Fields = append(d.Fields,
		input{Name: "services", Label: t("stores.services"), Hint: t("stores.services_how"), Value: in.services, Fault: wrong["services"]},
		input{Name: "hours", Kind: "area", Label: t("stores.hours"), Hint: t("stores.hours_how"), Value: in.hours, Fault: wrong["hours"]})
	return d
}

// storeBlock is one store with the hours of its week.
func storeBlock(rd ui.Reading, s relay.Point) block {
	rd = at(rd, s.Zone)
	k := block{Title: s.Name, Says: []string{s.Address()}, Notes: []string{s.Code + " · " + strings.Join(s.Services, ", ")}, Facts: weekOf(rd, s.Hours)}
	k.Tone, k.Badge = ui.Good, rd.T("stores.open", nil)
	k.Links = []pair{{rd.T("stores.change", nil), storesHere + "?code=" + s.Code + "#form"}}
	if !s.Gone.IsZero() {
		k.Tone, k.Badge = ui.Mute, rd.T("stores.closed", map[string]any{"When": rd.When(s.Gone, fact.ADay)})
		return k
	}
	k.Deeds = []deed{{Path: storesHere + "/close", Button: rd.T("stores.close", nil), Style: "danger", Fold: rd.T("stores.close_fold", nil), How: rd.T("stores.close_how", nil), Keep: []pair{{"code", s.Code}}}}
	return k
}

// weekBlock is what the hours that were typed mean from today on.
func weekBlock(rd ui.Reading, in typedStore) block {
	hours, err := civil.ParseHours("hours", in.hours)
	if err != nil {
		return block{}
	}
	return block{Title: rd.T("stores.week", nil), Facts: weekOf(rd, hours.In(civil.RegionOf(in.point.Country, in.point.Postcode)))}
}

// weekOf are the hours of the days to come, by date: so holidays and closures are
// in them.
func weekOf(rd ui.Reading, h civil.Hours) (out []pair) {
	if !h.Said() {
		return nil
	}
	today := rd.Now.Day(rd.Zone)
	for d := today; d < today+7; d++ {
		words := rd.T("stores.day_closed", nil)
		if spans := h.Day(d); len(spans) > 0 {
			var all []string
			for _, s := range spans {
				all = append(all, strings.Replace(s.String(), "-", "–", 1))
			}
			words = strings.Join(all, ", ")
		}
		if h.Doubt(d) {
			words = rd.T("stores.day_unsaid", nil)
		}
		out = append(out, pair{rd.Day(d), words})
	}
	return out
}

// setStore keeps a store, or shows what its hours mean.
func (c Config) setStore(r *http.Request) (ui.Answer, error) {
	in := typedStoreOf(r)
	hours, err := civil.ParseHours("hours", in.hours)
	if err == nil && r.PostFormValue("do") == "try" {
		return c.storesPage(r, in, nil)
	}
	if err == nil {
		err = c.act(r, func(tx *flow.Tx, v visit) error {
			p := in.point
			p.Hours, p.Services = hours, strings.Fields(strings.ReplaceAll(in.services, ",", " "))
			if old, err := relay.ByCode(tx.Tx, string(v.Merchant), p.Code); err == nil {
				p.Limits, p.Capacity, p.Kind = old.Limits, old.Capacity, old.Kind
			} else if !notThere(err) {
				return err
			}
			_, err := relay.SetStore(tx, v.Merchant, p)
			return err
		})
	}
	if denied(err) {
		return c.storesPage(r, in, err)
	}
	return ui.Answer{To: storesHere + "?done=store"}, err
}

func (c Config) closeStore(r *http.Request) (ui.Answer, error) {
	err := c.act(r, func(tx *flow.Tx, v visit) error { return relay.CloseStore(tx, v.Merchant, r.PostFormValue("code")) })
	return ui.Answer{To: storesHere + "?done=store_closed"}, err
}
