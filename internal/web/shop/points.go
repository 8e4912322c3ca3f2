package shop

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// point is a place where a parcel waits.
type point struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Street   string `json:"street"`
	Extra    string `json:"extra"`
	Postcode string `json:"postcode"`
	City     string `json:"city"`
	Zone     string `json:"zone"`
	Hours    string `json:"hours"`
	Located  string `json:"located"`
	Metres   int    `json:"metres"`
	Opens    struct {
		From  civil.Instant `json:"from"`
		Until civil.Instant `json:"until"`
	} `json:"opens"` // now, or next
}

// String is the point's name and address on one line.
func (p point) String() string {
	words := []string{p.Name}
	for _, w := range []string{p.Street, p.Extra, p.Postcode + " " + p.City} {
		if w != "" {
			words = append(words, w)
		}
	}
	return strings.Join(words, ", ")
}

// points asks for those that take a parcel, the nearest first.
func (a api) points(ctx context.Context, q url.Values, loc lang.Locale) (found []point, err error) {
	var list struct {
		Items []point `json:"items"`
	}
	err = a.do(ctx, request{method: http.MethodGet, path: "/points?" + q.Encode(), locale: loc}, &list)
	return list.Items, err
}

// fields are the choice as a form carries it.
func (c choice) fields() []hidden {
	all := []hidden{{"option", c.choice()}}
	if c.at != nil {
		all = append(all, hidden{"point", c.at.ID})
	}
	return all
}

// chosenCard is the choice in words.
func (v *visit) chosenCard(c choice) optionCard {
	card := v.card(c.option)
	if c.at != nil {
		card.Point = c.at.String()
	}
	return card
}

// unmet is why the date can not be had at the point that was chosen.
func (v *visit) unmet(q quote, err error, named string) string {
	if err != nil {
		return v.trouble(err)
	}
	for _, h := range q.Hidden {
		if strings.HasPrefix(named, h.Service+".") {
			return h.Text
		}
	}
	return v.say("shop.point_gone", nil)
}

// pointsPage is the points to choose from for a date.
type pointsPage struct {
	frame
	Chosen  optionCard
	Points  []pointCard
	Near    string // where was looked
	Trouble string
	Action  string // of the form that chooses
	Post    bool
	Kept    []hidden
	Change  string // path of the dates
}

// pointCard is a point in words.
type pointCard struct {
	ID, Name, Address, Distance, State string
}

// mostPoints is how many points there are to choose from.
const mostPoints = 8

// points is the page on which a point is chosen. What was typed travels along.
func (v *visit) points(d details, o option, why string) ui.Answer {
	p := pointsPage{
		frame: v.measured("delivery", v.frame(v.say("shop.points", nil), 2)), Chosen: v.card(o), Near: v.field("pres"), Action: v.path("/coordonnees"),
		Kept: append(v.placeFields(), hidden{"option", o.choice()}), Change: v.with("/livraison", "pays", v.to.Country, "cp", v.to.Postcode),
	}
	if p.Near == "" || why != "" {
		p.Near = v.to.Postcode // what was looked for elsewhere did not do
	}
	if d.given() {
		p.Action, p.Post, p.Kept = v.path("/verification"), true, append(p.Kept, d.hidden()...)
	}
	a := ui.Answer{}
	if why != "" {
		a.Status = http.StatusConflict
		p.tell(ui.Care, why)
	}
	found, err := v.api().points(v.Context(), v.around(o, p.Near), v.locale)
	var no *refusal
	switch {
	case errors.As(err, &no) && no.Status == http.StatusUnprocessableEntity:
		a.Status, p.Trouble = no.Status, v.say("embed.unknown_place", nil)
	case err != nil:
		a.Status, p.Trouble = http.StatusServiceUnavailable, v.trouble(err)
	case len(found) == 0:
		p.Trouble = v.say("embed.no_point", nil)
	}
	for _, f := range found {
		p.Points = append(p.Points, v.pointCard(f))
	}
	a.Page = pointsHTML(p)
	return a
}

// around is the search for points where the parcel of a date can wait.
func (v *visit) around(o option, near string) url.Values {
	grams := 0
	for _, it := range v.basket.items {
		bought, _ := v.shop.Variant(it.code)
		grams += bought.Grams * it.units
	}
	q := url.Values{
		"text": {near}, "country": {v.to.Country}, "network": {o.Network}, "service": {"collect"}, "grams": {strconv.Itoa(grams)},
		"hold_until": {o.Until.String()}, "limit": {strconv.Itoa(mostPoints)}, "kind": {"shop", "locker", "post_office", "depot"},
	}
	switch o.Mode {
	case "store", "locker":
		q["kind"] = []string{o.Mode}
	}
	if from := o.HandOver.End(v.zone); from < o.Until {
		q.Set("hold_from", from.String())
	}
	return q
}

func (v *visit) pointCard(p point) pointCard {
	c := pointCard{ID: p.ID, Name: p.Name, Address: strings.TrimPrefix(p.String(), p.Name+", "), Distance: ui.Far(v.locale, float64(p.Metres), p.Located == "exact")}
	zone, err := civil.Zone(p.Zone)
	if err != nil {
		zone = v.zone
	}
	if c.State = v.say("locator.state_unsaid", nil); p.Hours != "" {
		_, c.State = v.reading(zone).Opening(civil.Interval(p.Opens))
	}
	return c
}
