package checkout

import (
	"cmp"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/relay"
)

// QuoteRequest is a basket that asks when it could be where.
type QuoteRequest struct {
	Country, Postcode string
	Items             []Item
	Point             ident.Point    // where it will be collected, if it is; empty: not chosen yet
	Currency          money.Currency // empty: the merchant's
	Locale            lang.Locale    // of the words shown; empty: the merchant's
}

// Quotes are the dates to choose from, soonest first, and why other services
// are not among them.
type Quotes struct {
	Locale  lang.Locale
	Options []Offered
	Hidden  []Unoffered
	Point   relay.Point // that was asked for; its ID is empty when none was
}

// Offered is a date with its words and the token that makes it a promise.
type Offered struct {
	promise.Option
	Token   string
	Text    string
	Network string // whose points to choose from; empty: nothing to choose
}

// Unoffered is a service that is not offered, with the code of its reason.
type Unoffered struct {
	Service ident.Service
	Name    string
	Code    string
	Because *fault.Error // the same in full, where the point that was chosen is the reason
}

// Quote computes what can be promised now. A point that was chosen hides the
// services that do not bring a parcel there, and is then part of the token. The
// faults are those of fields: unknown_country, postcode_invalid, field_required,
// point_unknown, negative_quantity and the other limits of a basket.
func (d *Desk) Quote(tx *db.Tx, m ident.Merchant, in QuoteRequest) (Quotes, error) {
	org, err := merchant.Get(tx, m)
	if err != nil {
		return Quotes{}, err
	}
	in = in.complete(org)
	to, err := geo.NewPlace(in.Country, in.Postcode)
	if err != nil {
		return Quotes{}, within("destination", err)
	}
	b, err := weigh(in.Items, in.Currency)
	if err != nil {
		return Quotes{}, err
	}
	c, err := d.readCounter(tx, org, to)
	if err != nil {
		return Quotes{}, err
	}
	options, hidden := promise.Quote(
		promise.Request{Now: tx.Now, To: to, Zone: c.zone, Grams: b.grams, Units: b.units, Target: org.Target},
		c.offers(d, b),
	)
	slots, without := c.appointments(d, b, tx.Now)
	options = slices.Concat(options, slots)
	slices.SortStableFunc(options, soonest)
	out := Quotes{Locale: in.Locale, Hidden: c.unoffered(slices.Concat(hidden, without))}
	if in.Point != "" {
		if out.Point, err = pointOf(tx, m, in.Point); err != nil {
			return Quotes{}, err
		}
		var unmet []Unoffered
		if options, unmet, err = c.meet(tx.Now, out.Point, options, b.grams); err != nil {
			return Quotes{}, err
		}
		out.Hidden = append(out.Hidden, unmet...)
	}
	for _, o := range options {
		offered, err := d.sign(o, promise.Quoted{
			Quote: ident.New[ident.Quote](tx.Mint), Merchant: m, At: tx.Now, To: to, Basket: b.hash, Locale: in.Locale,
			Shown: words(in.Locale, o, c.zone), Point: in.Point,
		})
		if err != nil {
			return Quotes{}, err
		}
		if offered.Network, err = c.choosable(tx, o); err != nil {
			return Quotes{}, err
		}
		out.Options = append(out.Options, offered)
	}
	return out, nil
}

// soonest orders options as shoppers read them: the earliest end first.
func soonest(a, b promise.Option) int {
	return cmp.Or(
		cmp.Compare(a.Window.Until, b.Window.Until),
		cmp.Compare(a.Price.Minor, b.Price.Minor),
		cmp.Compare(a.Service, b.Service),
		cmp.Compare(a.Window.From, b.Window.From),
	)
}

func (in QuoteRequest) complete(org merchant.Organisation) QuoteRequest {
	if in.Currency == "" {
		in.Currency = org.Currency
	}
	if in.Locale == "" {
		in.Locale = org.Locale
	}
	return in
}

func (d *Desk) sign(o promise.Option, q promise.Quoted) (Offered, error) {
	p := o.Promised(q)
	p.Slot = o.Mode == carrier.Slot
	token, err := promise.Sign(d.Vault, p)
	return Offered{Option: o, Token: token, Text: q.Shown}, err
}

// words is an option as a shopper in a zone reads it: "Livré mardi 24 novembre".
func words(loc lang.Locale, o promise.Option, zone *time.Location) string {
	args := map[string]any{"Day": lang.Day(loc, o.Day), "Clock": lang.Clock(loc, o.Window.Until.In(zone))}
	wholeDay := o.Window.Until == o.Day.End(zone)
	switch {
	case o.Mode == carrier.Slot:
		slot := lang.Slot(loc, o.Window.From.In(zone), o.Window.Until.In(zone))
		return lang.T(loc, "quote.delivered_slot", map[string]any{"Slot": slot})
	case o.Mode.Collected() && wholeDay:
		return lang.T(loc, "quote.ready_day", args)
	case o.Mode.Collected():
		return lang.T(loc, "quote.ready_before", args)
	case wholeDay:
		return lang.T(loc, "quote.delivered_day", args)
	default:
		return lang.T(loc, "quote.delivered_before", args)
	}
}

// counter is all that offers are made of, read in one go.
type counter struct {
	org       merchant.Organisation
	to        geo.Place
	zone      *time.Location
	services  []carrier.Service // that bring parcels when they can
	visits    []carrier.Service // by appointment
	slots     map[ident.Service][]lastmile.Slot
	punctual  map[ident.Service]float64 // the chance of keeping a slot; 0 where too few were judged
	graces    map[ident.Connection]carrier.Connection
	estimates []promise.Estimate // of services
	stocks    []merchant.StockPoint
	tariffs   []order.Tariff
	today     civil.Day // of the merchant
	incidents []promise.Incident
}

func (d *Desk) readCounter(tx *db.Tx, org merchant.Organisation, to geo.Place) (c counter, err error) {
	c = counter{org: org, to: to, graces: map[ident.Connection]carrier.Connection{}}
	name := civil.ZoneOf(to.Country, to.Postcode)
	if name == "" {
		name = org.Zone
	}
	if c.zone, err = civil.Zone(name); err != nil {
		return c, err
	}
	home, err := civil.Zone(org.Zone)
	if err != nil {
		return c, err
	}
	c.today = tx.Now.Day(home)
	services, err := carrier.Services(tx, org.ID)
	if err != nil {
		return c, err
	}
	for _, s := range services {
		if s.Mode == carrier.Slot {
			c.visits = append(c.visits, s)
		} else {
			c.services = append(c.services, s)
		}
	}
	if err := c.readSlots(tx); err != nil {
		return c, err
	}
	connections, err := carrier.Connections(tx, org.ID)
	if err != nil {
		return c, err
	}
	for _, con := range connections {
		c.graces[con.ID] = con
	}
	if c.stocks, err = merchant.StockPoints(tx, org.ID); err != nil {
		return c, err
	}
	if c.incidents, err = promise.Current(tx, org.ID); err != nil {
		return c, err
	}
	if c.tariffs, err = order.Tariffs(tx, org.ID, c.today); err != nil {
		return c, err
	}
	roads := make([]promise.Road, len(c.services))
	for i, s := range c.services {
		roads[i] = promise.Road{Service: s, Zone: carrier.LaneZone(to)}
	}
	c.estimates, err = d.Curves.For(tx, org.ID, roads, c.today)
	return c, err
}

// offers are each service from each stock point; a service is offered from
// nowhere when there is none, so that its absence has a reason.
func (c counter) offers(d *Desk, b basket) (offers []promise.Offer) {
	stocks := c.stocks
	if len(stocks) == 0 {
		stocks = []merchant.StockPoint{{}}
	}
	for i, s := range c.services {
		price, priced := c.price(s, b)
		for _, stock := range stocks {
			closed, cals := c.closed(s, stock), &d.Curves.Calendars
			offers = append(offers, promise.Offer{
				Service: s, Grace: c.graces[s.Connection].Grace, Stock: stock,
				Works: cals.Working(stock, closed.Works...), Collects: cals.Collecting(s, closed.Collects...), Delivers: cals.Delivering(s, closed.Delivers...),
				Estimate: c.estimates[i], Price: price, Priced: priced, Carbon: d.footprint(s, stock, c.to, b.grams), Incidents: closed.By,
			})
		}
	}
	return offers
}

// closed is what incidents take from a service, from a stock point to where it goes.
func (c counter) closed(s carrier.Service, stock merchant.StockPoint) promise.Closures {
	return promise.Closed(c.incidents, promise.Course{Service: s.ID, Stock: stock.ID, To: c.to})
}

// price is what the tariff says of a service for the basket.
func (c counter) price(s carrier.Service, b basket) (money.Amount, bool) {
	return order.Price(c.tariffs, order.PriceQuery{
		Service: s.ID, Zone: string(c.to.Zone()), Grams: b.grams, Basket: b.value, On: c.today,
	})
}

// footprint estimates a delivery. From mainland France overseas it goes by sea.
func (d *Desk) footprint(s carrier.Service, from merchant.StockPoint, to geo.Place, grams int) promise.Carbon {
	shipment := carbon.Shipment{Mass: carbon.Grams(grams), Mode: s.LastMile}
	if origin, err := geo.NewPlace(from.Country, from.Postcode); err == nil {
		if metres, ok := origin.Metres(to); ok {
			shipment.DistanceKm = metres / 1000
		}
		if origin.Zone() != geo.Overseas && to.Zone() == geo.Overseas {
			shipment.Haul = carbon.Sea
		}
	}
	low, high := d.Factors.Range(shipment)
	return promise.Carbon{Low: low, High: high, Method: carbon.Method}
}

// serviceOf finds one of the merchant's services.
func (c counter) serviceOf(id ident.Service) carrier.Service {
	all := slices.Concat(c.services, c.visits)
	return all[slices.IndexFunc(all, func(s carrier.Service) bool { return s.ID == id })]
}

func (c counter) unoffered(hidden []promise.Hidden) (out []Unoffered) {
	names := map[ident.Service]string{}
	for _, s := range slices.Concat(c.services, c.visits) {
		names[s.ID] = s.Name
	}
	for _, h := range hidden {
		out = append(out, Unoffered{Service: h.Service, Name: names[h.Service], Code: h.Code})
	}
	return out
}
