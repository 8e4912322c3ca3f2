package api

import (
	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/checkout"
	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/promise"
)

// QuoteRequest is a basket that asks when it could be where.
type QuoteRequest struct {
	Destination Destination    `json:"destination"`
	Lines       []Item         `json:"lines" maxItems:"1000"`
	Point       ident.Point    `json:"point,omitempty" doc:"Where it will be collected, once the shopper chose: services that do not bring it there are hidden, and the token holds the point."`
	Locale      lang.Locale    `json:"locale,omitempty" enum:"fr,en" doc:"Of the words shown; the organisation's when left out."`
	Currency    money.Currency `json:"currency,omitempty"`
}

// Destination is where it should go, as far as a date hangs on it.
type Destination struct {
	Country  string `json:"country" doc:"ISO 3166-1, two letters."`
	Postcode string `json:"postcode"`
}

// Quote is the dates to choose from, and why other services are not among them.
type Quote struct {
	Options []Option `json:"options" doc:"The soonest first."`
	Hidden  []Hidden `json:"hidden"`
	Point   *Point   `json:"point,omitempty" doc:"The point that was asked for."`
}

// Option is a date that can be promised.
type Option struct {
	Token       string        `json:"token" doc:"Give it with the order: what is shown is then owed."`
	Service     ident.Service `json:"service"`
	Name        string        `json:"name"`
	Mode        carrier.Mode  `json:"mode" enum:"home,relay,locker,store,slot"`
	Network     string        `json:"network,omitempty" doc:"Let the shopper choose one of this network's points (GET /points) and give it with the order. Left out where there is none to choose."`
	Day         civil.Day     `json:"day"`
	From        civil.Instant `json:"from,omitzero" doc:"Of a slot: not before it either."`
	Until       civil.Instant `json:"until" doc:"Exclusive."`
	Zone        string        `json:"zone" doc:"Of the destination."`
	Text        string        `json:"text" doc:"Show these words: they are what is promised."`
	Confidence  float64       `json:"confidence,omitempty" doc:"The estimate's own figure for that day; left out on a standard, which has none."`
	Basis       promise.Basis `json:"basis" enum:"own,service,pool,standard" doc:"What the estimate stands on."`
	Price       money.Amount  `json:"price"`
	CO2e        Footprint     `json:"co2e"`
	OrderBefore civil.Instant `json:"order_before" doc:"From then on the date is another."`
	HandOver    civil.Day     `json:"hand_over" doc:"The day on which the carrier has it."`
	Incidents   []Reckoned    `json:"incidents,omitempty" doc:"Incidents that this date reckons with: show why it is not sooner."`
}

// Reckoned is an incident that a date reckons with.
type Reckoned struct {
	Incident ident.Incident `json:"incident"`
	Trouble  fact.Trouble   `json:"trouble" enum:"strike,weather,road,it,closure,other"`
	From     civil.Day      `json:"from"`
	Last     civil.Day      `json:"last" doc:"Included."`
	Text     string         `json:"text" doc:"In the language of the quote."`
}

// Footprint is the greenhouse gases of a delivery.
type Footprint struct {
	Grams  carbon.Grams `json:"grams" doc:"Of CO2 equivalent; when it is collected, on foot."`
	ByCar  carbon.Grams `json:"grams_by_car,omitempty" doc:"When the shopper drives to collect it."`
	Method string       `json:"method"`
}

// Hidden is a service that is not offered, and why.
type Hidden struct {
	Service ident.Service `json:"service"`
	Name    string        `json:"name"`
	Code    string        `json:"code"`
	Text    string        `json:"text"`
}

type quoteIn struct{ Body QuoteRequest }

func quote(a *API, tx *db.Tx, c call, in *quoteIn) (Quote, error) {
	b := in.Body
	q, err := a.desk.Quote(tx, c.Merchant, checkout.QuoteRequest{
		Country: b.Destination.Country, Postcode: b.Destination.Postcode,
		Items: items(b.Lines), Point: b.Point, Currency: b.Currency, Locale: b.Locale,
	})
	out := Quote{
		Options: mapped(q.Options, func(o checkout.Offered) Option { return showOption(q.Locale, o) }),
		Hidden: mapped(q.Hidden, func(u checkout.Unoffered) Hidden {
			return Hidden{u.Service, u.Name, u.Code, hiddenBecause(q.Locale, u)}
		}),
	}
	if q.Point.ID != "" {
		out.Point = new(showPoint(q.Point))
	}
	return out, err
}

func showOption(loc lang.Locale, o checkout.Offered) Option {
	out := Option{
		Token: o.Token, Service: o.Service, Name: o.Name, Mode: o.Mode, Network: o.Network, Day: o.Day, From: o.Window.From, Until: o.Window.Until,
		Zone: o.Zone, Text: o.Text, Confidence: o.Confidence, Basis: o.Basis, Price: o.Price,
		CO2e:        Footprint{Grams: o.Carbon.Low, Method: o.Carbon.Method},
		OrderBefore: o.OrderBefore, HandOver: o.Handover,
		Incidents: mapped(o.Incidents, func(i promise.Incident) Reckoned {
			return Reckoned{i.ID, i.Trouble, i.From, i.Last, i.Reckoned(loc)}
		}),
	}
	if o.Carbon.High > o.Carbon.Low {
		out.CO2e.ByCar = o.Carbon.High
	}
	return out
}

// hiddenBecause says why a service is not offered.
func hiddenBecause(loc lang.Locale, u checkout.Unoffered) string {
	if u.Because != nil {
		return lang.Fault(loc, u.Because)
	}
	keys := map[string]string{
		"country_not_served":  "hidden.country_not_served",
		"postcode_not_served": "hidden.postcode_not_served",
		"too_heavy":           "hidden.too_heavy",
		"too_many":            "hidden.too_many",
		promise.NoStandard:    "hidden.no_standard",
		promise.NoOrigin:      "hidden.no_origin",
		promise.NoPrice:       "hidden.no_price",
		promise.NoHandover:    "hidden.no_handover",
		promise.NoDeliveryDay: "hidden.no_delivery_day",
		promise.InIncident:    "hidden.incident",
		checkout.NoSlotLeft:   "hidden.no_slot_left",
		checkout.SlotClosed:   "hidden.slot_closed",
	}
	return lang.T(loc, keys[u.Code], nil)
}

// dayWords is a day that the shopper chose, in words.
func dayWords(c promise.Commitment, day civil.Day) string {
	args := map[string]any{"Day": lang.Day(c.Locale, day)}
	if c.Collect {
		return lang.T(c.Locale, "quote.ready_day", args)
	}
	return lang.T(c.Locale, "quote.delivered_day", args)
}
