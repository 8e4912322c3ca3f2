package api

import (
	"fmt"
	"net/http"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/returns"
)

// Eligibility is what of an order may come back.
type Eligibility struct {
	Order   ident.Order    `json:"order"`
	Zone    string         `json:"zone" doc:"By whose clocks the days end."`
	Notice  ident.Policy   `json:"notice,omitempty" doc:"What the shopper was told of the right to withdraw; without it the law gives a year more."`
	Lines   []Eligible     `json:"lines"`
	Reasons []ReturnReason `json:"reasons" doc:"Of the shop's list."`
}

// Eligible is what may be done with units of a line. Instants are exclusive, and
// left out while no time runs: before the article is in hand.
type Eligible struct {
	Line       ident.Line    `json:"line"`
	SKU        string        `json:"sku,omitempty"`
	Name       string        `json:"name"`
	Bought     int           `json:"bought"`
	Left       int           `json:"left" doc:"In hand, not said to miss, and in no other return."`
	Possession civil.Instant `json:"possession,omitzero" doc:"When the last unit was in hand."`
	Until      civil.Instant `json:"until,omitzero" doc:"By the shop's policy."`
	Withdraw   civil.Instant `json:"withdraw_until,omitzero" doc:"By law, for any reason."`
	Conformity civil.Instant `json:"conformity_until,omitzero" doc:"By law, for a fault."`
	Excluded   string        `json:"excluded,omitempty" doc:"Why the shop does not take it back for a change of mind."`
	Law        string        `json:"excluded_by_law,omitempty" doc:"Why the law does not either, as told before the purchase."`
	Deposit    bool          `json:"deposit,omitempty" doc:"Reusable packaging, which comes back for its deposit: the reason you give is not looked at."`
}

// ReturnReason is one entry of a shop's list of reasons.
type ReturnReason struct {
	Code    string        `json:"code" doc:"The shop's own, the same for ever."`
	Taxon   returns.Taxon `json:"taxon" doc:"The word under which the reasons of all shops are counted, such as damaged or wrong_size."`
	Photo   bool          `json:"photo,omitempty" doc:"At least one photo is needed."`
	French  string        `json:"fr,omitempty" doc:"Words shown; those of the taxon when left out."`
	English string        `json:"en,omitempty"`
}

func showReason(r returns.Reason) ReturnReason {
	return ReturnReason{r.Code, r.Taxon, r.Photo, r.Words.French, r.Words.English}
}

func returnEligibility(a *API, tx *db.Tx, c call, in *orderPath) (Eligibility, error) {
	e, err := a.returns.Eligible(tx, c.Merchant, in.ID)
	return Eligibility{
		Order: e.Order, Zone: e.Zone, Notice: e.Notice, Reasons: mapped(e.Reasons, showReason),
		Lines: mapped(e.Lines, func(r returns.Right) Eligible { return Eligible(r) }),
	}, err
}

// SentBack is units of a line that the shopper would like to send back.
type SentBack struct {
	Line      ident.Line        `json:"line"`
	Units     int               `json:"units"`
	Reason    string            `json:"reason" doc:"Of the shop's list."`
	Comment   string            `json:"comment,omitempty"`
	Condition returns.Condition `json:"condition,omitempty" enum:"unopened,opened,used,damaged,wrong_article,missing"`
	Photos    []ident.Blob      `json:"photos,omitempty" maxItems:"10" doc:"Sent to POST /api/v1/photos before."`
}

// Wish is what the shopper would like to send back.
type Wish struct {
	Items []SentBack `json:"items" maxItems:"100"`
	Near  *Spot      `json:"near,omitempty" doc:"Where the shopper is; around the order's address when left out."`
}

// Spot is a place on the map, in degrees of WGS 84.
type Spot struct {
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
}

// ReturnOptions are the ways back, with all that is said before one is chosen.
type ReturnOptions struct {
	Ground      fact.Ground       `json:"ground" enum:"policy,withdrawal,conformity"`
	Legal       bool              `json:"legal" doc:"The shopper could withdraw: the law's clock runs too."`
	Late        bool              `json:"late"`
	Units       int               `json:"units"`
	Value       money.Amount      `json:"value"`
	Settlements []fact.Settlement `json:"settlements" enum:"refund,credit,exchange" doc:"What the shopper may get."`
	Approve     string            `json:"approve,omitempty" doc:"Why a person looks first."`
	Options     []ReturnOption    `json:"options"`
	Hidden      []HiddenRoute     `json:"hidden" doc:"Ways that are not offered, each with its reason."`
}

// ReturnOption is one way back.
type ReturnOption struct {
	Route     fact.Route       `json:"route" enum:"relay,post,store,pickup,keep,own_way"`
	Carrier   ident.Connection `json:"carrier,omitempty"`
	Price     money.Amount     `json:"price" doc:"For the shopper, taken from what is refunded."`
	Insured   money.Amount     `json:"insured" doc:"Cover included."`
	Covers    []ReturnCover    `json:"covers" doc:"That may be bought instead, the least first; never chosen for the shopper, and none for a fault."`
	LowGrams  carbon.Grams     `json:"co2e_grams_walked" doc:"When the shopper walks to the counter."`
	HighGrams carbon.Grams     `json:"co2e_grams_driven" doc:"When they drive for it."`
	Method    string           `json:"method" doc:"Of the footprint."`
	LeastDays int              `json:"least_days" doc:"Working days of the carrier, from the deposit."`
	MostDays  int              `json:"most_days"`
	PeakDays  int              `json:"peak_days,omitempty" doc:"More than usual, counted in both already."`
	DepositBy civil.Instant    `json:"deposit_by,omitzero" doc:"Exclusive, as those that follow."`
	ReceiveBy civil.Instant    `json:"receive_by,omitzero" doc:"When it is deposited today."`
	RefundBy  civil.Instant    `json:"refund_by,omitzero" doc:"Likewise."`
	Pickups   []civil.Day      `json:"pickups,omitempty" doc:"By pickup: days to be fetched on, of which one is chosen."`
	Metres    int              `json:"metres,omitempty" doc:"To the nearest point that takes it, where one was looked for."`
}

// ReturnCover is what the carrier owes at most for a parcel that is lost or
// damaged, and what that costs.
type ReturnCover struct {
	UpTo  money.Amount `json:"up_to"`
	Price money.Amount `json:"price" doc:"Taken from what is refunded, under its own name."`
}

// HiddenRoute is a way back that is not offered.
type HiddenRoute struct {
	Route   fact.Route   `json:"route" enum:"relay,post,store,pickup,keep,own_way"`
	Code    string       `json:"code" doc:"Why."`
	Instead []fact.Route `json:"instead" enum:"relay,post,store,pickup,keep,own_way"`
}

func (w Wish) wanted(id ident.Order) returns.Wanted {
	return returns.Wanted{Order: id, Items: mapped(w.Items, func(s SentBack) returns.Item {
		return returns.Item{Line: s.Line, Units: s.Units, Reason: s.Reason, Comment: s.Comment, Condition: s.Condition, Photos: s.Photos}
	})}
}

// photos checks those that the wish names.
func (w Wish) photos(tx *db.Tx, m ident.Merchant) error {
	l := album{tx: tx, m: m}
	for i, s := range w.Items {
		l.check(fmt.Sprintf("items[%d].photos", i), s.Photos)
	}
	return l.err()
}

type optionsIn struct {
	ID   ident.Order `path:"id"`
	Body Wish
}

func returnOptions(a *API, tx *db.Tx, c call, in *optionsIn) (ReturnOptions, error) {
	if err := in.Body.photos(tx, c.Merchant); err != nil {
		return ReturnOptions{}, err
	}
	near, err := a.near(tx, c.Merchant, in.ID, in.Body)
	if err != nil {
		return ReturnOptions{}, err
	}
	f, err := a.returns.Options(tx, c.Merchant, in.Body.wanted(in.ID), near)
	return showOffered(f), err
}

func showOffered(f returns.Offered) ReturnOptions {
	return ReturnOptions{
		Ground: f.Ground, Legal: f.Legal, Late: f.Late, Units: f.Units, Value: f.Value, Approve: f.Approve,
		Settlements: append([]fact.Settlement{}, f.Settlements...), Options: mapped(f.Options, showReturnOption),
		Hidden: mapped(f.Hidden, func(h returns.Hidden) HiddenRoute {
			return HiddenRoute{h.Route, h.Code, append([]fact.Route{}, h.Instead...)}
		}),
	}
}

func showReturnOption(o returns.Option) ReturnOption {
	return ReturnOption{
		Route: o.Route, Carrier: o.Connection, Price: o.Price, Insured: o.Insured, Covers: showCovers(o.Covers, o.Price.Currency), LowGrams: o.Low, HighGrams: o.High, Method: o.Method,
		LeastDays: o.Least, MostDays: o.Most, PeakDays: o.Peak, DepositBy: o.DepositBy, ReceiveBy: o.ReceiveBy, RefundBy: o.RefundBy, Pickups: o.Pickups,
		Metres: int(o.Metres),
	}
}

func showCovers(all []returns.Cover, in money.Currency) []ReturnCover {
	return mapped(all, func(k returns.Cover) ReturnCover { return ReturnCover{money.Of(k.UpTo, in), money.Of(k.Price, in)} })
}

// near looks for the nearest counters that take the parcel; nil when it is not
// known where the shopper is.
func (a *API) near(tx *db.Tx, m ident.Merchant, id ident.Order, w Wish) (returns.Near, error) {
	o, err := order.Get(tx, m, id)
	if err != nil {
		return nil, err
	}
	at, _, ok := geo.Postcode(o.Ship.Country, o.Ship.Postcode)
	if w.Near != nil {
		at, ok = geo.Point(*w.Near), true
	}
	if !ok {
		return nil, nil
	}
	conditions, err := returns.ConditionsOf(tx, m)
	if err != nil {
		return nil, err
	}
	if err := a.points.Refresh(tx); err != nil {
		return nil, err
	}
	network := ""
	if id, ok := conditions.Carriers[fact.BackByRelay]; ok {
		by, err := carrier.Get(tx, m, id)
		if err != nil {
			return nil, err
		}
		network = by.Adapter // networks are called as their adapters are
	}
	grams, err := weigh(tx, m, id, w)
	q := relay.Query{Near: at, Grams: grams, Now: tx.Now, Limit: 1}
	near := returns.Near{}
	q.Networks, q.Service = []string{network}, relay.Send
	a.nearest(near, fact.BackByRelay, network, q)
	q.Networks, q.Service, q.Owner, q.Kinds = []string{string(m)}, "", m, []relay.Kind{relay.Store}
	a.nearest(near, fact.BackToStore, string(m), q)
	return near, err
}

// nearest notes the nearest point of a network. Of a network whose list nobody
// brought in, nothing is known: 0 is said, which hides nothing.
func (a *API) nearest(near returns.Near, r fact.Route, network string, q relay.Query) {
	if found, _ := a.points.Find(q); len(found) > 0 {
		near[r] = found[0].Metres
		return
	}
	for p := range a.points.All {
		if p.Network == network {
			return
		}
	}
	near[r] = 0
}

// weigh is what the units together weigh.
func weigh(tx *db.Tx, m ident.Merchant, id ident.Order, w Wish) (grams int, err error) {
	lines, err := order.Lines(tx, m, id)
	for _, s := range w.Items {
		for _, l := range lines {
			if l.ID == s.Line && 0 < s.Units && s.Units <= l.Units {
				grams += l.Grams * s.Units
			}
		}
	}
	return grams, err
}

// NewReturn is a wish, and the way back that was chosen for it.
type NewReturn struct {
	Items      []SentBack      `json:"items" maxItems:"100"`
	Route      fact.Route      `json:"route" enum:"relay,post,store,pickup,keep,own_way"`
	Settlement fact.Settlement `json:"settlement,omitempty" enum:"refund,credit,exchange" doc:"A refund when left out."`
	Point      ident.Point     `json:"point,omitempty" doc:"Where the shopper means to leave it."`
	StockSKU   string          `json:"stock_sku,omitempty" doc:"Wanted in exchange."`
	Cover      *money.Amount   `json:"cover,omitempty" doc:"Bought: up_to of one of the option's covers. What is included when left out."`
	Pickup     *civil.Day      `json:"pickup,omitempty" doc:"By pickup: one of the option's days, to be fetched on."`
}

type returnIn struct {
	ID   ident.Order `path:"id"`
	Body NewReturn
}

// requestReturn goes by its Idempotency-Key for ever: long after the answer is
// forgotten, the same request is the same return.
func requestReturn(a *API, tx *flow.Tx, c call, in *returnIn) (reply[Return], error) {
	b := in.Body
	wish := Wish{Items: b.Items}
	if err := wish.photos(tx.Tx, c.Merchant); err != nil {
		return reply[Return]{}, err
	}
	if err := seen(tx.Tx, c.Merchant, b.Point); err != nil {
		return reply[Return]{}, err
	}
	w := wish.wanted(in.ID)
	w.Key, w.Route, w.Settlement, w.Point, w.StockSKU = ident.Hash(c.key), b.Route, b.Settlement, b.Point, b.StockSKU
	w.Cover, w.Pickup = amountOf(b.Cover), dayOf(b.Pickup)
	r, fresh, err := a.returns.Request(tx, c.Merchant, w)
	return freshly(fresh, showReturn(r)), named(err, "key", keyHeader)
}

// ReturnRoute is the way back of goods that a shopper withdrew from.
type ReturnRoute struct {
	Route  fact.Route    `json:"route" enum:"relay,post,store,pickup,own_way"`
	Point  ident.Point   `json:"point,omitempty"`
	Cover  *money.Amount `json:"cover,omitempty" doc:"Bought: up_to of one of the option's covers. What is included when left out."`
	Pickup *civil.Day    `json:"pickup,omitempty" doc:"By pickup: one of the option's days, to be fetched on."`
}

type routeIn struct {
	ID   ident.Return `path:"id"`
	Body ReturnRoute
}

func chooseReturnRoute(a *API, tx *flow.Tx, c call, in *routeIn) (reply[Return], error) {
	if err := seen(tx.Tx, c.Merchant, in.Body.Point); err != nil {
		return reply[Return]{}, err
	}
	b := in.Body
	r, err := a.returns.Choose(tx, c.Merchant, in.ID, returns.Choice{Route: b.Route, Point: b.Point, Cover: amountOf(b.Cover), Pickup: dayOf(b.Pickup)})
	return ok(showReturn(r)), err
}

// NewPickup is another day to be fetched on.
type NewPickup struct {
	Day civil.Day `json:"day"`
}

type pickupIn struct {
	ID   ident.Return `path:"id"`
	Body NewPickup
}

func fetchAgain(_ *API, tx *flow.Tx, c call, in *pickupIn) (reply[Return], error) {
	r, err := returns.FetchAgain(tx, c.Merchant, in.ID, in.Body.Day)
	return ok(showReturn(r)), named(err, "pickup", "day")
}

// PickupDays are the days on which a parcel can be fetched that nobody came for.
type PickupDays struct {
	Days []civil.Day `json:"days" doc:"Empty where a day stands, or the parcel is not fetched."`
}

func pickupDays(_ *API, tx *db.Tx, c call, in *returnPath) (PickupDays, error) {
	r, err := returns.Get(tx, c.Merchant, in.ID)
	if err != nil {
		return PickupDays{}, err
	}
	days, err := returns.PickupDays(tx, c.Merchant, r)
	return PickupDays{append([]civil.Day{}, days...)}, err
}

func returnRoutes(a *API, tx *db.Tx, c call, in *returnPath) (ReturnOptions, error) {
	r, err := returns.Get(tx, c.Merchant, in.ID)
	if err != nil {
		return ReturnOptions{}, err
	}
	f, err := a.returns.Ways(tx, c.Merchant, r)
	return showOffered(f), err
}

// accepted is 202: it is under way.
func accepted[T any](body T) reply[T] { return reply[T]{Status: http.StatusAccepted, Body: body} }
