package promise

import (
	"cmp"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/merchant"
)

// Request is what a shopper asks: these goods, to that place, now.
type Request struct {
	Now    civil.Instant
	To     geo.Place
	Zone   *time.Location // of the destination
	Grams  int            // of the whole basket
	Units  int
	Target float64 // probability aimed at, 0.95
}

// Offer is one service from one stock point, with all that a date hangs on as values.
type Offer struct {
	Service  carrier.Service
	Grace    time.Duration       // of its connection
	Stock    merchant.StockPoint // ID empty: there is nowhere to send from
	Works    *civil.Calendar     // the days the stock point works
	Collects *civil.Calendar     // the days the carrier collects
	Delivers *civil.Calendar     // the days the carrier delivers
	Estimate Estimate
	Price    money.Amount
	Priced   bool // false: no tariff says
	Carbon   Carbon
	// Incidents took days from the calendars.
	Incidents []Incident
}

// Carbon is the footprint of a delivery: two figures where it depends on how the
// shopper goes to fetch the parcel, one twice otherwise.
type Carbon struct {
	Low, High carbon.Grams // of CO2 equivalent
	Method    string
}

// Option is a date that can be promised.
type Option struct {
	Service ident.Service
	Name    string // of the service
	Mode    carrier.Mode
	Stock   ident.StockPoint

	Day         civil.Day    // promised
	Window      civil.Window // that day, or its part until the service's minute; Until exclusive
	Zone        string       // IANA name, of the destination
	Handover    civil.Day    // on which the carrier has it
	HandoverBy  civil.Instant
	OrderBefore civil.Instant // exclusive: from then on the date is another
	Grace       time.Duration

	Confidence float64 // the estimate's own figure for that day; 0 on a standard, which has none
	Basis      Basis
	Price      money.Amount
	Carbon     Carbon
	Incidents  []Incident // that this date reckons with
}

// Hidden is a service that is not offered, and why.
type Hidden struct {
	Service ident.Service
	Code    string
}

// Why a service is hidden, besides what carrier.Service.Refuses says:
// country_not_served, too_heavy, too_many, no_standard.
const (
	NoOrigin      = "no_origin"       // no stock point to send from
	NoPrice       = "no_price"        // no tariff for this place, weight and basket
	NoHandover    = "no_handover"     // the stock point never works when the carrier collects
	NoStandard    = "no_standard"     // no standard holds on the day of handing over, and too little history
	NoDeliveryDay = "no_delivery_day" // the carrier has no day left to deliver on
	InIncident    = "incident"        // an incident takes every day on which it could come
)

// Quote is the options for a request, soonest first and then cheapest, one a
// service: its best stock point. A service without any option is among the
// hidden, once, with the reason of its first offer.
func Quote(req Request, offers []Offer) (options []Option, hidden []Hidden) {
	for _, o := range offers {
		option, code := o.option(req)
		if code == "" {
			options = append(options, option)
			continue
		}
		hidden = append(hidden, Hidden{o.Service.ID, code})
	}
	slices.SortStableFunc(options, soonest)
	seen := map[ident.Service]bool{}
	once := func(s ident.Service) bool {
		again := seen[s]
		seen[s] = true
		return again
	}
	options = slices.DeleteFunc(options, func(o Option) bool { return once(o.Service) })
	hidden = slices.DeleteFunc(hidden, func(h Hidden) bool { return once(h.Service) })
	return options, hidden
}

func soonest(a, b Option) int {
	return cmp.Or(
		cmp.Compare(a.Day, b.Day),
		cmp.Compare(a.Window.Until, b.Window.Until),
		cmp.Compare(a.Price.Minor, b.Price.Minor),
		cmp.Compare(a.Service, b.Service),
	)
}

// option computes one date, or says why there is none.
func (o Offer) option(req Request) (Option, string) {
	switch code := o.Service.Refuses(req.To, req.Grams, req.Units); {
	case code == NoStandard && o.Estimate.Basis != BasisStandard: // history speaks for itself
	case code != "":
		return Option{}, code
	}
	switch {
	case o.Stock.ID == "":
		return Option{}, NoOrigin
	case !o.Priced:
		return Option{}, NoPrice
	}
	lane := Lane{Cutoffs: &o.Stock.Cutoffs, Works: o.Works, Collects: o.Collects, Delivers: o.Delivers}
	handover, before := lane.handover(req.Now)
	if handover == civil.NoDay {
		return Option{}, NoHandover
	}
	days, confidence, ok := o.days(req, handover)
	if !ok {
		return Option{}, NoStandard
	}
	day := o.Delivers.Add(handover, days)
	if day == civil.NoDay {
		return Option{}, NoDeliveryDay
	}
	return Option{
		Service: o.Service.ID, Name: o.Service.Name, Mode: o.Service.Mode, Stock: o.Stock.ID,
		Day: day, Window: windowOf(day, o.Service.ByMinute, req.Zone), Zone: req.Zone.String(),
		Handover: handover, HandoverBy: handover.End(o.Stock.Cutoffs.Zone), OrderBefore: before, Grace: o.Grace,
		Confidence: confidence, Basis: o.Estimate.Basis, Price: o.Price, Carbon: o.Carbon,
		Incidents: Until(o.Incidents, day),
	}, ""
}

// Until are the incidents that begin by a day: a date before them is none of theirs.
func Until(all []Incident, day civil.Day) (met []Incident) {
	for _, i := range all {
		if i.From <= day {
			met = append(met, i)
		}
	}
	return met
}

// days is how many of the carrier's working days to promise, and the
// probability that they suffice; 0 when only the carrier's standard says.
func (o Offer) days(req Request, handover civil.Day) (days int, confidence float64, ok bool) {
	if o.Estimate.Basis != BasisStandard {
		days, confidence = o.Estimate.Choose(handover, req.Target)
		return days, confidence, true
	}
	days, ok = o.Service.Days(req.To, handover)
	return days, 0, ok
}

// windowOf is a local day, or the part of it before a minute. Where the clocks
// skip that minute, the day as a whole is promised.
func windowOf(d civil.Day, byMinute int, zone *time.Location) civil.Window {
	if byMinute > 0 {
		if w, err := civil.Slot(d, 0, byMinute, zone); err == nil {
			return w
		}
	}
	return civil.DayWindow(d, zone)
}

// Lane is what the date of one service from one stock point to one place hangs
// on, once the tables are built. Computing a date from it allocates nothing.
type Lane struct {
	Cutoffs  *civil.Cutoffs
	Works    *civil.Calendar // the stock point's days
	Collects *civil.Calendar // the carrier's, for handing over
	Delivers *civil.Calendar // the carrier's, for bringing
	Days     int             // of the carrier's working days, to promise
}

// Date is the day to promise to whoever orders now, the day of handing over, and
// the instant before which an order still gets both. NoDay twice when the stock
// point never works when the carrier collects.
func (l *Lane) Date(now civil.Instant) (handover, day civil.Day, orderBefore civil.Instant) {
	handover, orderBefore = l.handover(now)
	return handover, l.Delivers.Add(handover, l.Days), orderBefore
}

func (l *Lane) handover(now civil.Instant) (civil.Day, civil.Instant) {
	return l.Cutoffs.Dispatch(now, l.Works, l.Collects)
}

// Quoted is what a token says besides its option.
type Quoted struct {
	Quote    ident.Quote
	Merchant ident.Merchant
	At       civil.Instant
	To       geo.Place
	Basket   string // BasketHash
	Shown    string // the words the shopper reads
	Locale   lang.Locale
	Point    ident.Point // chosen by the shopper; empty: not yet
}

// Promised is the option as a token will carry it.
func (o Option) Promised(q Quoted) Promised {
	p := Promised{
		Quote: q.Quote, Merchant: q.Merchant,
		Service: o.Service, Stock: o.Stock, Collect: o.Mode.Collected(),
		From: o.Window.From, Until: o.Window.Until, Zone: o.Zone,
		HandoverBy: o.HandoverBy, Grace: o.Grace, Confidence: o.Confidence, Basis: o.Basis, Price: o.Price,
		Country: q.To.Country, Postcode: q.To.Postcode, Basket: q.Basket,
		Shown: q.Shown, Locale: q.Locale, Expires: Life(q.At, o.OrderBefore),
	}
	if p.Collect {
		p.Point = q.Point
	}
	return p
}
