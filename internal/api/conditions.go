package api

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
)

// ReturnConditions are how a shop runs its returns: the numbers, beside the
// policy. Amounts are in minor units of the organisation's currency.
type ReturnConditions struct {
	Reasons     []ReturnReason  `json:"reasons"`
	LookDays    int             `json:"look_days" doc:"A held return that nobody looked at so long is accepted."`
	DepositDays int             `json:"deposit_days" doc:"To leave the parcel at a counter."`
	LostDays    int             `json:"lost_days" doc:"After it should have come, a parcel is given up."`
	ProcessDays int             `json:"process_days" doc:"From reception to the decision and the money."`
	ContestDays int             `json:"contest_days"`
	AnswerDays  int             `json:"answer_days" doc:"To answer whoever contests."`
	StockDays   int             `json:"stock_days" doc:"For the shop to say whether an exchange is there."`
	ExtraDays   int             `json:"extra_days,omitempty" doc:"Further period of a formal notice to deliver; 10 when left out."`
	LegalRate   *int64          `json:"legal_rate,omitempty" doc:"Of interest, in basis points; unset when left out, and then nothing is reckoned with it."`
	Limits      []Limit         `json:"limits" doc:"What somebody may give back alone. Only an owner's key changes them, and shop_day."`
	ShopDay     int64           `json:"shop_day,omitempty" doc:"What all together give back in a day before an owner must let it pass; none when left out."`
	Standard    int64           `json:"standard,omitempty" doc:"Price of the cheapest standard delivery, which is all that a withdrawal gives back of a dearer one; what was paid when left out."`
	Carriers    []ReturnCarrier `json:"carriers" doc:"Over whom the labels of a route are made."`
	Covers      []RouteCover    `json:"covers" doc:"That shoppers may buy for a route, beyond the cover that the policy says is included; offered where the carrier can be asked for as much."`
	Stores      bool            `json:"stores" doc:"Articles may be brought back to a store."`
	Warehouse   *Warehouse      `json:"warehouse,omitempty" doc:"Where they go. No label is made without one."`
	Mediator    string          `json:"mediator,omitempty" doc:"Name and site of the consumers' mediator."`
}

// Limit is what holders of a set may give back without a second person.
type Limit struct {
	Set      merchant.Set `json:"set" enum:"owner,agent,developer"`
	Decision int64        `json:"decision" doc:"Of one decision."`
	Day      int64        `json:"day,omitempty" doc:"Of one person in a day; none when left out."`
}

// ReturnCarrier is who carries parcels of a route.
type ReturnCarrier struct {
	Route   fact.Route       `json:"route" enum:"relay,post,pickup"`
	Carrier ident.Connection `json:"carrier"`
}

// RouteCover is a cover to be bought for a route.
type RouteCover struct {
	Route fact.Route `json:"route" enum:"relay,post,pickup"`
	UpTo  int64      `json:"up_to" doc:"What the carrier owes at most."`
	Price int64      `json:"price" doc:"For the shopper, taken from what is refunded."`
}

// Warehouse is where returned articles go.
type Warehouse struct {
	Address
	Email string `json:"email,omitempty"`
}

func returnConditions(_ *API, tx *db.Tx, c call, _ *none) (ReturnConditions, error) {
	all, err := returns.ConditionsOf(tx, c.Merchant)
	return showConditions(all), err
}

func showConditions(c returns.Conditions) ReturnConditions {
	out := ReturnConditions{
		Reasons: mapped(c.Reasons, showReason), LookDays: c.LookDays, DepositDays: c.DepositDays, LostDays: c.LostDays,
		ProcessDays: c.ProcessDays, ContestDays: c.ContestDays, AnswerDays: c.AnswerDays, StockDays: c.StockDays, ExtraDays: c.ExtraDays, LegalRate: c.LegalRate,
		Limits: []Limit{}, ShopDay: c.ShopCap, Standard: c.Standard, Carriers: []ReturnCarrier{}, Covers: []RouteCover{}, Stores: c.Stores, Mediator: c.Mediator,
	}
	for _, set := range slices.Sorted(maps.Keys(c.Limits)) {
		out.Limits = append(out.Limits, Limit{set, c.Limits[set], c.DayCaps[set]})
	}
	for _, route := range slices.Sorted(maps.Keys(c.Carriers)) {
		out.Carriers = append(out.Carriers, ReturnCarrier{route, c.Carriers[route]})
	}
	for _, route := range slices.Sorted(maps.Keys(c.Covers)) {
		for _, k := range c.Covers[route] {
			out.Covers = append(out.Covers, RouteCover{route, k.UpTo, k.Price})
		}
	}
	if c.Warehouse != (carrier.Contact{}) {
		out.Warehouse = &Warehouse{Address(c.Warehouse.Address), c.Warehouse.Email}
	}
	return out
}

type conditionsIn struct{ Body ReturnConditions }

func setReturnConditions(_ *API, tx *flow.Tx, c call, in *conditionsIn) (reply[ReturnConditions], error) {
	wanted, err := in.Body.conditions()
	if err != nil {
		return reply[ReturnConditions]{}, err
	}
	before, err := returns.ConditionsOf(tx.Tx, c.Merchant)
	if err != nil {
		return reply[ReturnConditions]{}, err
	}
	if c.Set != merchant.Owner && !sameLimits(before, wanted) {
		return reply[ReturnConditions]{}, fault.New(fault.Forbidden, "forbidden", "limits")
	}
	for i, r := range in.Body.Carriers {
		if _, err := carrier.Get(tx.Tx, c.Merchant, r.Carrier); err != nil {
			return reply[ReturnConditions]{}, ofCarrier(err, fmt.Sprintf("carriers[%d].carrier", i), r.Carrier)
		}
	}
	return ok(showConditions(wanted)), returns.SetConditions(tx, c.Merchant, wanted)
}

// sameLimits reports whether nobody may give back more or less than before.
func sameLimits(a, b returns.Conditions) bool {
	return a.ShopCap == b.ShopCap && maps.Equal(a.Limits, b.Limits) && maps.Equal(a.DayCaps, b.DayCaps)
}

// conditions are they in the words of the room. The faults are negative_amount
// and those of the warehouse's address.
func (r ReturnConditions) conditions() (returns.Conditions, error) {
	var faults fault.List
	out := returns.Conditions{
		LookDays: r.LookDays, DepositDays: r.DepositDays, LostDays: r.LostDays, ProcessDays: r.ProcessDays, ContestDays: r.ContestDays,
		AnswerDays: r.AnswerDays, StockDays: r.StockDays, ExtraDays: cmp.Or(r.ExtraDays, returns.DefaultConditions().ExtraDays), LegalRate: r.LegalRate, ShopCap: r.ShopDay, Standard: r.Standard, Stores: r.Stores,
		Mediator: r.Mediator, Limits: map[merchant.Set]int64{}, DayCaps: map[merchant.Set]int64{}, Carriers: map[fact.Route]ident.Connection{},
		Covers: map[fact.Route][]returns.Cover{},
	}
	for _, reason := range r.Reasons {
		out.Reasons = append(out.Reasons, returns.Reason{
			Code: reason.Code, Taxon: reason.Taxon, Photo: reason.Photo, Words: returns.Words{French: reason.French, English: reason.English},
		})
	}
	positive(&faults, "shop_day", r.ShopDay)
	positive(&faults, "standard", r.Standard)
	for i, l := range r.Limits {
		positive(&faults, fmt.Sprintf("limits[%d].decision", i), l.Decision)
		positive(&faults, fmt.Sprintf("limits[%d].day", i), l.Day)
		out.Limits[l.Set] = l.Decision
		if l.Day > 0 {
			out.DayCaps[l.Set] = l.Day
		}
	}
	for _, by := range r.Carriers {
		out.Carriers[by.Route] = by.Carrier
	}
	for _, k := range r.Covers {
		out.Covers[k.Route] = append(out.Covers[k.Route], returns.Cover{UpTo: k.UpTo, Price: k.Price})
	}
	if r.Warehouse != nil {
		r.Warehouse.check(&faults)
		out.Warehouse = carrier.Contact{Address: order.Address(r.Warehouse.Address), Email: r.Warehouse.Email}
	}
	return out, faults.Err()
}

// check refuses a warehouse that no label could be made for.
func (w Warehouse) check(faults *fault.List) {
	text.Required(faults, "warehouse.name", w.Name, maxWarehouse)
	text.Required(faults, "warehouse.street", w.Street, maxWarehouse)
	text.Required(faults, "warehouse.city", w.City, maxWarehouse)
	for field, words := range map[string]string{"extra": w.Extra, "phone": w.Phone, "email": w.Email} {
		text.Check(faults, "warehouse."+field, words, maxWarehouse)
	}
	_, err := geo.NewPlace(w.Country, w.Postcode)
	*faults = append(*faults, fault.All(named(err, "country", "warehouse.country", "postcode", "warehouse.postcode"))...)
}

// maxWarehouse bounds each line of its address, in characters.
const maxWarehouse = 100

func positive(faults *fault.List, field string, n int64) {
	if n < 0 {
		faults.Add(fault.Invalid, "negative_amount", field)
	}
}

func returnsPolicy(_ *API, tx *db.Tx, c call, _ *none) (Policy, error) {
	p, set, err := merchant.PolicyOf(tx, c.Merchant, returns.Topic)
	if err == nil && !set {
		p.Source = returns.Default
	}
	return showPolicy(p), err
}

func setReturnsPolicy(_ *API, tx *flow.Tx, c call, in *policyIn) (reply[Policy], error) {
	if err := returns.CheckPolicy(in.Body.Source); err != nil {
		return reply[Policy]{}, err
	}
	p, err := merchant.SetPolicy(tx, c.Merchant, returns.Topic, in.Body.Source)
	return ok(showPolicy(p)), err
}
