package locator

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// page is the form, with what was found.
type page struct {
	ui.Frame
	Ask     ask
	Token   string // of the order that led here
	Order   string
	Wrong   []wrong
	Heading string
	Notes   []string // what must be known of the answer
	Others  []other  // places that may have been meant
	Points  []card
	Left    []passed
	NoneAt  string // what is said when there is nothing
	Today   string // the first day of the calendar
	Map     drawing
}

// drawing is the map that may be asked for; its style is empty when there is none.
type drawing struct{ Module, Style, Credit, Host string }

// wrong is what is wrong with a field.
type wrong struct{ Field, Words string }

// other is another place of the same name or postcode.
type other struct{ Path, Words string }

// passed is a point that does not do, and why.
type passed struct{ Name, Distance, Why string }

// answer makes the page of a search.
func (s *site) answer(r *http.Request, v visit, a ask, q relay.Query) page {
	loc := ui.Reader(r)
	if v.locale != "" {
		loc = v.locale
	}
	p := page{
		Frame: ui.Frame{
			Locale: loc, Title: lang.T(loc, "locator.title", nil), Brand: v.brand, Accent: v.accent, Look: look, Private: v.token != "",
			Scripts: []string{modulePath + module.Query()},
		},
		Ask: a, Token: v.token, Order: v.order, Today: q.Now.Day(paris).String(),
	}
	where, spots := s.where(r, v, a)
	if where.Precision == "" {
		p.missing(a)
		return p
	}
	zone := zoneOf(where)
	if err := a.apply(&q, zone); err != nil {
		for _, f := range fault.All(err) {
			p.Wrong = append(p.Wrong, wrong{f.Field, lang.Fault(loc, f)})
		}
		return p
	}
	q.Near, q.Owner = where.Point, v.shop
	found, left := s.Index.Find(q)
	p.heading(where, len(found))
	p.others(a, spots)
	for _, f := range found {
		p.Points = append(p.Points, cardOf(loc, q, f, slices.Contains(v.favourites, f.ID)))
	}
	slices.SortStableFunc(p.Points, func(a, b card) int { return rank(v.favourites, a.ID) - rank(v.favourites, b.ID) })
	p.pass(left)
	s.onMap(&p)
	return p
}

// onMap offers a map of the points whose position is known.
func (s *site) onMap(p *page) {
	known := slices.ContainsFunc(p.Points, func(c card) bool { return c.At != "" })
	if !s.Map.There() || !known {
		return
	}
	style, err := s.Map.style()
	if err != nil {
		s.Log.Error("no map", "err", err)
		return
	}
	_, host, _ := strings.Cut(s.Map.Origins[0], "://")
	p.Frame.Maps = s.Map.Origins
	p.Map = drawing{Module: mapPath + mapModule.Query(), Style: style, Credit: s.Map.Credit, Host: host}
}

// rank puts favourites first.
func rank(favourites []ident.Point, id string) int {
	if slices.Contains(favourites, ident.Point(id)) {
		return 0
	}
	return 1
}

// paris is the zone of the form, before it is known where is looked.
var paris = func() *time.Location {
	z, err := civil.Zone("Europe/Paris")
	if err != nil {
		panic(err) // the zones come with the program
	}
	return z
}()

func zoneOf(s geo.Spot) *time.Location {
	if z, err := civil.Zone(civil.ZoneOf("FR", s.Postcode)); err == nil {
		return z
	}
	return paris
}

// here is the precision of where a browser is.
const here geo.Precision = "here"

// where is the place looked around, and those that may have been meant: what
// was typed, else where the browser is, else where the order goes.
func (s *site) where(r *http.Request, v visit, a ask) (geo.Spot, []geo.Spot) {
	if a.text != "" {
		spots := s.find(r, a.text)
		if len(spots) == 0 {
			return geo.Spot{}, nil
		}
		return spots[0], spots[1:]
	}
	if at, ok := a.position(); ok {
		return geo.Spot{Point: at, Precision: here}, nil
	}
	return v.near, nil
}

// missing says why nothing was looked for.
func (p *page) missing(a ask) {
	switch {
	case a.text != "":
		p.NoneAt = lang.T(p.Locale, "locator.unknown_place", map[string]any{"Text": a.text})
	case a.at != "":
		p.NoneAt = lang.T(p.Locale, "locator.unknown_position", nil)
	}
}

func (p *page) heading(where geo.Spot, found int) {
	place := where.Label
	if where.Precision == here {
		place = lang.T(p.Locale, "locator.you", nil)
	}
	if found == 0 {
		p.NoneAt = lang.T(p.Locale, "locator.none", map[string]any{"Place": place})
		return
	}
	p.Heading = lang.N(p.Locale, "locator.found", found, map[string]any{"Place": place})
	switch where.Precision {
	case geo.InCommune:
		p.Notes = append(p.Notes, lang.T(p.Locale, "locator.from_town", map[string]any{"Place": where.City}))
	case geo.Nearby, geo.InDepartment:
		p.Notes = append(p.Notes, lang.T(p.Locale, "locator.from_near", nil))
	}
}

func (p *page) others(a ask, spots []geo.Spot) {
	for _, s := range spots {
		b := a
		b.text = s.Label
		if s.Code != "" && s.Postcode != "" && s.Precision != geo.AtAddress && s.Precision != geo.InStreet {
			b.text = s.Postcode + " " + s.City
		}
		p.Others = append(p.Others, other{p.path() + "?" + b.query().Encode(), s.Label})
	}
}

// path is where the form goes.
func (p page) path() string {
	if p.Token == "" {
		return "/relais"
	}
	return "/relais/" + p.Token
}

// mostPassed is how many points that do not do are told one by one.
const mostPassed = 20

func (p *page) pass(left []relay.Unfit) {
	for _, u := range left[:min(len(left), mostPassed)] {
		p.Left = append(p.Left, passed{u.Name, far(p.Locale, *u.Point, u.Metres), why(p.Locale, u)})
	}
	if more := len(left) - mostPassed; more > 0 {
		p.Left = append(p.Left, passed{Why: lang.N(p.Locale, "locator.passed_more", more, nil)})
	}
}

// why is the reason of a point passed over.
func why(loc lang.Locale, u relay.Unfit) string {
	switch u.Reason {
	case relay.NoService:
		return lang.T(loc, "locator.no_service", nil)
	case relay.TooHeavy:
		return lang.T(loc, "locator.too_heavy", map[string]any{"Limit": kilos(loc, u.Limits.MaxGrams)})
	case relay.TooLong:
		return lang.T(loc, "locator.too_long", map[string]any{"Limit": u.Limits.MaxLongest})
	case relay.TooLarge:
		return lang.T(loc, "locator.too_large", map[string]any{"Limit": u.Limits.MaxSum})
	case relay.HoursUnsaid:
		return lang.T(loc, "locator.hours_unsaid", nil)
	case relay.ClosedNow:
		return lang.T(loc, "locator.closed_now", nil)
	case relay.ClosedThen:
		return lang.T(loc, "locator.closed_then", nil)
	case relay.ClosedAllHold:
		return lang.T(loc, "locator.closed_all_hold", nil)
	default:
		return lang.T(loc, "locator.other_kind", nil)
	}
}

// far is how far a point is, said as well as it is known.
func far(loc lang.Locale, p relay.Point, metres float64) string {
	return ui.Far(loc, metres, p.Located == relay.Exact)
}

func kilos(loc lang.Locale, grams int) string {
	return lang.Decimal(loc, float64(grams)/1000, 3) + "\u00a0kg"
}

// wrong is what is wrong with a field; empty: nothing.
func (p page) wrong(id string) string {
	for _, w := range p.Wrong {
		if w.Field == id {
			return w.Words
		}
	}
	return ""
}

// spoken is a code of somebody's as words: "mondial_relay" is "Mondial Relay".
func spoken(code string) string {
	words := strings.Fields(strings.ReplaceAll(code, "_", " "))
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, " ")
}
