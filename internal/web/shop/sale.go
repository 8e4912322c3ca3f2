package shop

import (
	"context"
	"fmt"
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/web/shop/catalogue"
)

// The words of the API, as far as a shop needs them.

// destination is where it should go, as far as a date hangs on it.
type destination struct {
	Country  string `json:"country"`
	Postcode string `json:"postcode"`
}

// quoteRequest asks for dates.
type quoteRequest struct {
	Destination destination `json:"destination"`
	Lines       []sold      `json:"lines"`
	Point       string      `json:"point,omitempty"`
	Locale      lang.Locale `json:"locale"`
}

// sold is an article of an order.
type sold struct {
	SKU    string           `json:"sku"`
	Name   string           `json:"name"`
	Units  int              `json:"units"`
	Unit   money.Amount     `json:"unit_price"`
	Grams  int              `json:"grams"`
	Traits catalogue.Traits `json:"traits"`
}

// quote is the dates to choose from, soonest first, and what is hidden.
type quote struct {
	Options []option `json:"options"`
	Hidden  []struct {
		Service string `json:"service"`
		Name    string `json:"name"`
		Text    string `json:"text"`
	} `json:"hidden"`
	Point *point `json:"point"` // that was asked for
}

// option is a date that can be promised.
type option struct {
	Token       string        `json:"token"`
	Service     string        `json:"service"`
	Name        string        `json:"name"`
	Mode        string        `json:"mode"`
	Network     string        `json:"network"` // whose points to choose from; empty: none to choose
	Day         civil.Day     `json:"day"`
	From        civil.Instant `json:"from"`
	Until       civil.Instant `json:"until"`
	Zone        string        `json:"zone"`
	Text        string        `json:"text"`
	Confidence  float64       `json:"confidence"`
	Basis       string        `json:"basis"`
	Price       money.Amount  `json:"price"`
	CO2e        footprint     `json:"co2e"`
	OrderBefore civil.Instant `json:"order_before"`
	HandOver    civil.Day     `json:"hand_over"`
	Incidents   []struct {
		Text string `json:"text"`
	} `json:"incidents"` // that the date reckons with
}

type footprint struct {
	Grams  int64  `json:"grams"`
	ByCar  int64  `json:"grams_by_car"`
	Method string `json:"method"`
}

// slot reports whether the option is an hour that the shopper picks.
func (o option) slot() bool { return o.Mode == "slot" }

// choice names a date of a service over several quotes: a token lives for one.
func (o option) choice() string { return fmt.Sprintf("%s.%d.%d", o.Service, o.From, o.Until) }

// find is the option that a choice names, when it is still there.
func (q quote) find(choice string) (option, bool) {
	for _, o := range q.Options {
		if o.choice() == choice {
			return o, true
		}
	}
	return option{}, false
}

// newOrder is an order to place.
type newOrder struct {
	Reference string  `json:"reference"`
	Token     string  `json:"token"`
	Shopper   buyer   `json:"shopper"`
	Lines     []sold  `json:"lines"`
	ShipTo    address `json:"ship_to"`
}

type buyer struct {
	Email  string      `json:"email"`
	Name   string      `json:"name"`
	Phone  string      `json:"phone,omitempty"`
	Locale lang.Locale `json:"locale"`
}

type address struct {
	Name     string `json:"name"`
	Street   string `json:"street"`
	Extra    string `json:"extra,omitempty"`
	Postcode string `json:"postcode"`
	City     string `json:"city"`
	Country  string `json:"country"`
}

// placed is an order as the API shows it.
type placed struct {
	ID          ident.Order  `json:"id"`
	Reference   string       `json:"reference"`
	Value       money.Amount `json:"value"`
	Delivery    money.Amount `json:"delivery"`
	Page        string       `json:"page"`
	CollectAt   *point       `json:"collect_at"`
	Commitments []struct {
		Text string `json:"text"`
	} `json:"commitments"`
	Lines []struct {
		Kind     string       `json:"kind"`
		SKU      string       `json:"sku"`
		Name     string       `json:"name"`
		Units    int          `json:"units"`
		Captured money.Amount `json:"captured"`
	} `json:"lines"`
}

// ask asks when some lines could be at a destination.
func (a api) ask(ctx context.Context, in quoteRequest) (q quote, err error) {
	err = a.do(ctx, request{method: http.MethodPost, path: "/quotes", locale: in.Locale, body: in}, &q)
	return q, err
}

// place orders, once per reference.
func (a api) place(ctx context.Context, in newOrder, loc lang.Locale) (p placed, err error) {
	err = a.do(ctx, request{method: http.MethodPost, path: "/orders", once: in.Reference, locale: loc, body: in}, &p)
	return p, err
}

// order reads an order.
func (a api) order(ctx context.Context, id ident.Order, loc lang.Locale) (p placed, err error) {
	err = a.do(ctx, request{method: http.MethodGet, path: "/orders/" + string(id), locale: loc}, &p)
	return p, err
}
