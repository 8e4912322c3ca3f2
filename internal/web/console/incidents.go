package console

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

const (
	incidentsHere = "/console/incidents"
	readPromises  = string(merchant.ReadPromises)
)

func incidentsRoutes(c Config) []ui.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []ui.Route{
		{Method: get, Path: incidentsHere, Access: ui.BySession, Needs: readPromises, Summary: "Incidents: what stops parcels, and on which days", Serve: c.incidents},
		{Method: get, Path: incidentsHere + "/new", Access: ui.BySession, Needs: amendPromises, Summary: "A form that declares an incident", Serve: c.incidentForm},
		{Method: post, Path: incidentsHere, Access: ui.BySession, Needs: amendPromises, Summary: "See whom an incident would concern, or declare it", Serve: c.declareIncident},
		{Method: get, Path: incidentsHere + "/{id}", Access: ui.BySession, Needs: readPromises, Summary: "An incident, and who was told of it", Serve: c.incident},
		{Method: post, Path: incidentsHere + "/{id}/correct", Access: ui.BySession, Needs: amendPromises, Summary: "It lasts longer or less long, or is told otherwise", Serve: c.correctIncident},
		{Method: post, Path: incidentsHere + "/{id}/release", Access: ui.BySession, Needs: amendPromises, Summary: "Let an incident that concerns many be told, or not: a second person", Serve: c.releaseIncident},
		{Method: post, Path: incidentsHere + "/{id}/code", Access: ui.BySession, Needs: amendPromises, Summary: "Where nobody else works: have a code sent to the shop's address, or type it", Serve: c.releaseAlone},
		{Method: post, Path: incidentsHere + "/{id}/close", Access: ui.BySession, Needs: amendPromises, Summary: "An incident is over", Serve: c.closeIncident},
	}
}

func incidentPath(id ident.Incident) string { return incidentsHere + "/" + string(id) }

// lanes are where goods of a shop leave from and how they go, by name.
type lanes struct {
	services []carrier.Service
	stocks   []merchant.StockPoint
}

func lanesOf(tx *db.Tx, m ident.Merchant) (l lanes, err error) {
	if l.services, err = carrier.Services(tx, m); err != nil {
		return l, err
	}
	l.stocks, err = merchant.StockPoints(tx, m)
	return l, err
}

// touched is which lanes an incident is on, in words.
func (l lanes) touched(rd ui.Reading, i promise.Incident) (pairs []pair) {
	services := []string{}
	for _, s := range l.services {
		for _, id := range i.Services {
			if s.ID == id {
				services = append(services, s.Name)
			}
		}
	}
	if len(services) == 0 {
		services = []string{rd.T("incidents.all_services", nil)}
	}
	pairs = append(pairs, pair{rd.T("incidents.services", nil), strings.Join(services, ", ")})
	for _, s := range l.stocks {
		if s.ID == i.Stock {
			return append(pairs, pair{rd.T("incidents.stock", nil), s.Name})
		}
	}
	where := strings.Join(i.Places, ", ")
	if where == "" {
		where = rd.T("incidents.everywhere", nil)
	}
	return append(pairs, pair{rd.T("incidents.places", nil), where})
}

// incidentState is whether an incident takes days still.
func incidentState(rd ui.Reading, i promise.Incident) (ui.Tone, string) {
	today := rd.Now.Day(rd.Zone)
	switch {
	case i.Ended != 0:
		return ui.Mute, rd.T("incidents.state_ended", nil)
	case i.Last < today:
		return ui.Mute, rd.T("incidents.state_past", nil)
	case i.Release == promise.Waiting:
		return ui.Care, rd.T("incidents.state_waiting", nil)
	case i.Release == promise.Refused:
		return ui.Mute, rd.T("incidents.state_refused", nil)
	case i.From > today:
		return ui.Care, rd.T("incidents.state_coming", nil)
	default:
		return ui.Bad, rd.T("incidents.state_now", nil)
	}
}

func (c Config) incidents(r *http.Request) (ui.Answer, error) {
	loc := ui.Reader(r)
	p := deskPage{Frame: frame(r, lang.T(loc, "incidents.title", nil)), Done: done(r, loc), Empty: lang.T(loc, "incidents.none", nil)}
	err := c.see(r, func(tx *db.Tx, v visit) error {
		p.Tabs = incidentTabs(loc, v, incidentsHere)
		list, err := promise.Incidents(tx, v.Merchant, ident.Incident(r.URL.Query().Get("after")), pageSize+1)
		if err != nil {
			return err
		}
		if len(list) > pageSize {
			list = list[:pageSize]
			p.More = incidentsHere + "?after=" + string(list[pageSize-1].ID)
		}
		rd := reading(r, tx.Now)
		l, err := lanesOf(tx, v.Merchant)
		for _, i := range list {
			p.Rows = append(p.Rows, l.row(rd, i))
		}
		return err
	})
	return ui.Answer{Page: deskView(p)}, err
}

func (l lanes) row(rd ui.Reading, i promise.Incident) deskRow {
	touched := l.touched(rd, i)
	row := deskRow{Path: incidentPath(i.ID), Title: promise.TroubleName(rd.Locale, i.Trouble), Who: touched[1].Value, Due: i.Days(rd.Locale), Small: touched[0].Value}
	row.Tone, row.Badge = incidentState(rd, i)
	return row
}

// incidentTabs are the list and the form, for who may declare.
func incidentTabs(loc lang.Locale, v visit, here string) []choice {
	if !v.may(merchant.AmendPromises) {
		return nil
	}
	return []choice{
		{incidentsHere, lang.T(loc, "incidents.tab_list", nil), here == incidentsHere},
		{incidentsHere + "/new", lang.T(loc, "incidents.tab_new", nil), here != incidentsHere},
	}
}

// typedIncident is a form about an incident as it was typed.
type typedIncident struct {
	of    promise.Incident
	wrong map[string]string
	// would is whom it would concern; nil: nobody asked.
	would *promise.Concern
	names []string // of some orders of theirs
	worth string
	many  bool // a second person has to let it
}

// incidentTyped reads the form.
func incidentTyped(r *http.Request, l lanes) (i promise.Incident) {
	i = promise.Incident{
		Key: "console/" + r.PostFormValue("key"), Trouble: fact.Trouble(r.PostFormValue("trouble")), Stock: ident.StockPoint(r.PostFormValue("stock")),
		From: dayTyped(r, "from"), Last: dayTyped(r, "last"), Words: wordsTyped(r),
	}
	for _, s := range l.services {
		if r.PostFormValue("service_"+string(s.ID)) == "yes" {
			i.Services = append(i.Services, s.ID)
		}
	}
	i.Places = strings.FieldsFunc(r.PostFormValue("places"), func(c rune) bool { return c == ',' || c == ';' || c == '\n' || c == '\r' })
	for k, p := range i.Places {
		i.Places[k] = strings.TrimSpace(p)
	}
	return i
}

func dayTyped(r *http.Request, name string) civil.Day {
	d, err := civil.ParseDay(strings.TrimSpace(r.PostFormValue(name)))
	if err != nil {
		return civil.NoDay
	}
	return d
}

func wordsTyped(r *http.Request) map[lang.Locale]string {
	words := map[lang.Locale]string{}
	for _, loc := range lang.Locales() {
		words[loc] = r.PostFormValue("words_" + string(loc))
	}
	return words
}

// offeredIncident is what the form begins with: a strike today, or what the link to
// it names.
func offeredIncident(r *http.Request, today civil.Day) promise.Incident {
	i := promise.Incident{Key: newKey(), Trouble: fact.TroubleStrike, From: today, Last: today}
	q := r.URL.Query()
	if t := fact.Trouble(q.Get("trouble")); t.Known() {
		i.Trouble = t
	}
	if places := q.Get("places"); places != "" && len(places) <= maxOffered {
		i.Places = []string{places}
	}
	if days, err := strconv.Atoi(q.Get("days")); err == nil && days > 0 && days <= 7 {
		i.Last = today + civil.Day(days-1)
	}
	return i
}

// maxOffered is how many bytes of places a link may name.
const maxOffered = 100

func (c Config) incidentForm(r *http.Request) (a ui.Answer, err error) {
	err = c.see(r, func(tx *db.Tx, v visit) error {
		l, err := lanesOf(tx, v.Merchant)
		rd := reading(r, tx.Now)
		today := rd.Now.Day(rd.Zone)
		in := typedIncident{of: offeredIncident(r, today)}
		a.Page = incidentFormView(l.form(frame(r, lang.T(ui.Reader(r), "incidents.new_title", nil)), v, in))
		return err
	})
	return a, err
}

// declareIncident shows whom an incident would concern, and declares it once
// somebody has seen that.
func (c Config) declareIncident(r *http.Request) (a ui.Answer, err error) {
	if r.PostFormValue("do") != "declare" {
		return c.tryIncident(r, nil)
	}
	var declared promise.Incident
	err = c.act(r, func(tx *flow.Tx, v visit) error {
		l, err := lanesOf(tx.Tx, v.Merchant)
		if err != nil {
			return err
		}
		declared, err = promise.Declare(tx, v.Merchant, incidentTyped(r, l))
		return err
	})
	if refused(err) {
		return c.tryIncident(r, err)
	}
	return ui.Answer{To: incidentPath(declared.ID) + "?done=incident"}, err
}

// tryIncident shows the form again, with whom it would concern or what is wrong.
func (c Config) tryIncident(r *http.Request, wrong error) (a ui.Answer, err error) {
	loc := ui.Reader(r)
	err = c.see(r, func(tx *db.Tx, v visit) error {
		l, err := lanesOf(tx, v.Merchant)
		if err != nil {
			return err
		}
		in := typedIncident{of: incidentTyped(r, l)}
		if wrong == nil {
			wrong = in.weigh(tx, c.Curves, v)
		}
		if wrong != nil && !refused(wrong) {
			return wrong
		}
		if wrong != nil {
			in.wrong = faults(loc, wrong, "trouble", "services", "places", "stock", "from", "last", "words_fr", "words_en")
		}
		in.of.Key = strings.TrimPrefix(in.of.Key, "console/")
		a.Status = status(in.wrong)
		a.Page = incidentFormView(l.form(frame(r, lang.T(loc, "incidents.new_title", nil)), v, in))
		return nil
	})
	return a, err
}

// weigh looks whom it would concern.
func (in *typedIncident) weigh(tx *db.Tx, curves *promise.Curves, v visit) error {
	x, err := curves.Preview(tx, v.Merchant, in.of)
	if err != nil {
		return err
	}
	in.would, in.worth, in.many = &x, "", curves.Crowded(x.Shoppers)
	orders, err := order.Many(tx, v.Merchant, x.Sample)
	for _, id := range x.Sample {
		in.names = append(in.names, orders[id].Reference)
	}
	in.worth = lang.Amount(v.Shop.Locale, money.Of(x.Value, v.Shop.Currency))
	return err
}

func (l lanes) form(f ui.Frame, v visit, in typedIncident) formPage {
	loc := f.Locale
	t := func(key string) string { return lang.T(loc, key, nil) }
	p := formPage{Frame: f, Back: pair{t("incidents.to_list"), incidentsHere}, Intro: []string{t("incidents.how")}, Legend: t("incidents.legend"), Wrong: in.wrong[""]}
	p.Form = &deed{
		Path: incidentsHere, Button: t("incidents.look"), Name: "do", Value: "look", Keep: []pair{{"key", in.of.Key}},
		Fields: []input{
			{Name: "trouble", Kind: "select", Label: t("incidents.trouble"), Options: troubleOptions(loc, in.of.Trouble), Fault: in.wrong["trouble"]},
			{Name: "from", Kind: "date", Label: t("incidents.from"), Value: dayValue(in.of.From), Fault: in.wrong["from"], Needed: true},
			{Name: "last", Kind: "date", Label: t("incidents.last"), Value: dayValue(in.of.Last), Fault: in.wrong["last"], Needed: true},
			{Name: "places", Label: t("incidents.places"), Hint: t("incidents.places_hint"), Value: strings.Join(in.of.Places, ", "), Fault: in.wrong["places"]},
			{Name: "stock", Kind: "select", Label: t("incidents.stock"), Hint: t("incidents.stock_hint"), Options: l.stockOptions(loc, in.of.Stock), Fault: in.wrong["stock"]},
			{Name: "words_fr", Kind: "area", Label: t("incidents.words_fr"), Hint: t("incidents.words_hint"), Value: in.of.Words[lang.French], Fault: in.wrong["words_fr"]},
			{Name: "words_en", Kind: "area", Label: t("incidents.words_en"), Value: in.of.Words[lang.English], Fault: in.wrong["words_en"]},
		},
	}
	services := group{Title: t("incidents.services"), Text: t("incidents.services_hint")}
	for _, s := range l.services {
		services.Fields = append(services.Fields, input{Name: "service_" + string(s.ID), Kind: "check", Label: s.Name, Ticked: slices.Contains(in.of.Services, s.ID)})
	}
	if len(services.Fields) > 0 {
		p.Form.Groups = []group{services}
	}
	if in.would != nil && v.may(merchant.AmendPromises) {
		p.Blocks = []block{in.concern(loc)}
		p.Form.Other, p.Form.OtherName = t("incidents.declare"), "declare"
	}
	return p
}

// concern is whom it would concern.
func (in typedIncident) concern(loc lang.Locale) block {
	x := in.would
	b := block{ID: "concern", Title: lang.T(loc, "incidents.concern", nil), Tone: ui.Care}
	if x.Promises == 0 {
		b.Says = []string{lang.T(loc, "incidents.concern_none", nil)}
	} else {
		b.Says = []string{lang.N(loc, "incidents.concern_says", x.Promises, map[string]any{"Shoppers": lang.N(loc, "incidents.shoppers", x.Shoppers, nil), "Value": in.worth})}
		b.Notes = []string{lang.T(loc, "incidents.sample", map[string]any{"Orders": strings.Join(in.names, ", ")})}
	}
	if x.Partly {
		b.Notes = append(b.Notes, lang.T(loc, "incidents.partly", nil))
	}
	if in.many {
		b.Notes = append(b.Notes, lang.T(loc, "incidents.crowd", nil))
	}
	return b
}

func dayValue(d civil.Day) string {
	if d == civil.NoDay {
		return ""
	}
	return d.String()
}

func troubleOptions(loc lang.Locale, chosen fact.Trouble) (out []option) {
	for _, t := range fact.Troubles {
		out = append(out, option{string(t), promise.TroubleName(loc, t), t == chosen})
	}
	return out
}

func (l lanes) stockOptions(loc lang.Locale, chosen ident.StockPoint) []option {
	out := []option{{"", lang.T(loc, "incidents.no_stock", nil), chosen == ""}}
	for _, s := range l.stocks {
		out = append(out, option{string(s.ID), s.Name, s.ID == chosen})
	}
	return out
}

func (c Config) incident(r *http.Request) (ui.Answer, error) { return c.incidentPage(r, nil) }

func (c Config) incidentPage(r *http.Request, wrong error) (a ui.Answer, err error) {
	loc := ui.Reader(r)
	p := deskPage{Done: done(r, loc)}
	err = c.see(r, func(tx *db.Tx, v visit) error {
		i, err := promise.GetIncident(tx, v.Merchant, ident.Incident(r.PathValue("id")))
		if err != nil {
			return err
		}
		l, err := lanesOf(tx, v.Merchant)
		if err != nil {
			return err
		}
		d := declared{Incident: i, lanes: l, fresh: tx.Wall.Sub(v.Began) < freshSignIn}
		if d.warned, err = promise.Warned(tx, v.Merchant, i.ID); err != nil {
			return err
		}
		if err := d.readRelease(tx, v); err != nil {
			return err
		}
		p.Frame = frame(r, promise.TroubleName(loc, i.Trouble))
		p.Blocks = []block{d.block(reading(r, tx.Now), v)}
		return nil
	})
	if wrong != nil {
		a.Status, p.Done, p.Wrong = http.StatusUnprocessableEntity, "", misdone(loc, wrong)
	}
	a.Page = deskView(p)
	return a, err
}

// declared is an incident with all that its page tells.
type declared struct {
	promise.Incident
	lanes  lanes
	warned promise.Concern

	asker, answerer string // their names
	several         bool   // somebody besides who asked may let it be told
	fresh           bool   // the reader signed in lately
	shop            string // the address that a code goes to, masked
}

func (d declared) block(rd ui.Reading, v visit) block {
	b := block{ID: "incident", Title: rd.T("incidents.heading", map[string]any{"Days": d.Days(rd.Locale)}), Facts: d.lanes.touched(rd, d.Incident)}
	b.Tone, b.Badge = incidentState(rd, d.Incident)
	for _, loc := range lang.Locales() {
		if words := d.Announced(loc); words != "" {
			b.Notes = append(b.Notes, rd.T("incidents.public", map[string]any{"Language": strings.ToUpper(string(loc)), "Words": words}))
		}
	}
	count := func(key string, n int) pair { return pair{rd.T(key, nil), lang.Number(rd.Locale, int64(n))} }
	b.Facts = append(b.Facts, count("incidents.looked", d.Looked), count("incidents.warned", d.warned.Promises), count("incidents.told", d.warned.Told), count("incidents.lifted", d.warned.Lifted))
	d.sayRelease(rd, v, &b)
	if d.Ended != 0 {
		b.Says = append(b.Says, rd.T("incidents.ended_at", map[string]any{"When": rd.When(d.Ended, fact.Minute)}))
	}
	b.Links = []pair{{rd.T("incidents.to_list", nil), incidentsHere}}
	if d.Ended == 0 && d.Last >= rd.Now.Day(rd.Zone) && v.may(merchant.AmendPromises) {
		b.Deeds = append(d.releaseDeeds(rd, v), d.deeds(rd)...)
	}
	return b
}

func (d declared) deeds(rd ui.Reading) []deed {
	at := incidentPath(d.ID)
	return []deed{
		{
			Path: at + "/correct", Button: rd.T("incidents.correct", nil), Fold: rd.T("incidents.correct_fold", nil), How: rd.T("incidents.correct_how", nil),
			Fields: []input{
				{Name: "last", Kind: "date", Label: rd.T("incidents.last", nil), Value: dayValue(d.Last), Needed: true},
				{Name: "words_fr", Kind: "area", Label: rd.T("incidents.words_fr", nil), Value: d.Words[lang.French]},
				{Name: "words_en", Kind: "area", Label: rd.T("incidents.words_en", nil), Value: d.Words[lang.English]},
			},
		},
		{Path: at + "/close", Button: rd.T("incidents.close", nil), Style: "second", How: rd.T("incidents.close_how", nil)},
	}
}

func (c Config) correctIncident(r *http.Request) (ui.Answer, error) {
	return c.changeIncident(r, promise.Correction{Last: dayTyped(r, "last"), Words: wordsTyped(r)})
}

func (c Config) closeIncident(r *http.Request) (ui.Answer, error) {
	return c.changeIncident(r, promise.Correction{Last: civil.NoDay, Over: true})
}

func (c Config) changeIncident(r *http.Request, change promise.Correction) (ui.Answer, error) {
	id := ident.Incident(r.PathValue("id"))
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		_, err := promise.Correct(tx, v.Merchant, id, change)
		return err
	})
	if refused(err) {
		return c.incidentPage(r, err)
	}
	return ui.Answer{To: incidentPath(id) + "?done=incident_changed"}, err
}
