package api

import (
	"maps"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/insight"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/returns"
)

// ReturnsReport is what came back of a shop's sales.
type ReturnsReport struct {
	Organisation ident.Merchant    `json:"organisation"`
	Since        civil.Day         `json:"since"`
	Until        civil.Day         `json:"until" doc:"The first day that does not count any more."`
	All          ReturnShare       `json:"all" doc:"Shares are of orders placed in the period, whenever they come back."`
	ByProduct    []PartReturns     `json:"by_product" doc:"By article number, or its name where there is none."`
	ByCategory   []PartReturns     `json:"by_category"`
	BySize       []PartReturns     `json:"by_size"`
	BySupplier   []PartReturns     `json:"by_supplier"`
	ByCarrier    []PartReturns     `json:"by_carrier" doc:"Of the way out."`
	ByPromise    []PartReturns     `json:"by_promise" doc:"kept, broken, or open: do orders that came late come back more often?"`
	Stages       []ReturnStage     `json:"stages" doc:"Of returns asked for in the period, as all that follows. The last one is the whole, from asking to the money."`
	Money        []ReturnCost      `json:"money" doc:"By currency. What carriers charge for the way back is recorded nowhere, and not guessed."`
	Found        []ReturnFound     `json:"found" doc:"Units inspected. Whether they came in their original box is recorded nowhere: damage is told apart by what the shopper had said."`
	Ways         []ReturnFootprint `json:"ways" doc:"A relay point is better than the door only while the shopper does not drive there for it."`
	Unrecorded   []string          `json:"unrecorded" doc:"What was asked of this report and nobody writes down: original_box, carriage_cost."`
}

// ReturnShare is units that came back, or are to, among those bought.
type ReturnShare struct {
	Bought  int           `json:"bought"`
	Back    int           `json:"back" doc:"Returns taken back, or never deposited, do not count."`
	Rate    *float64      `json:"rate,omitempty" doc:"Back among those bought; left out when none was."`
	Reasons []ReasonShare `json:"reasons" doc:"The most frequent first."`
}

// ReasonShare is units that came back for one reason.
type ReasonShare struct {
	Taxon returns.Taxon `json:"taxon"`
	Units int           `json:"units"`
}

// PartReturns is the share of a part of the sales.
type PartReturns struct {
	Part string `json:"part" doc:"Empty: the shop did not say."`
	Name string `json:"name,omitempty" doc:"Of an article."`
	ReturnShare
}

// ReturnStage is how long a part of the way took.
type ReturnStage struct {
	Stage       string  `json:"stage" enum:"labelled,deposited,received,decided,refunded,all" doc:"What ended it."`
	Returns     int     `json:"returns" doc:"That went through it."`
	MedianHours float64 `json:"median_hours"`
	P90Hours    float64 `json:"p90_hours" doc:"Nine of ten took at most so long."`
}

// ReturnCost is what returns were worth and what was given for them.
type ReturnCost struct {
	Returns   int          `json:"returns"`
	Value     money.Amount `json:"value" doc:"Captured for the units."`
	Fees      money.Amount `json:"fees" doc:"Of the way back, that shoppers were told they would bear."`
	Decided   money.Amount `json:"decided" doc:"Owed by decisions, exchanges included."`
	Paid      money.Amount `json:"paid" doc:"By the means that paid."`
	Credit    money.Amount `json:"credit" doc:"Given as store credit."`
	Surcharge money.Amount `json:"surcharge" doc:"Of the law, for lateness."`
}

// ReturnFound is units inspected.
type ReturnFound struct {
	Said    returns.Condition `json:"said,omitempty" enum:"unopened,opened,used,damaged,wrong_article,missing" doc:"By the shopper."`
	Found   returns.Condition `json:"found,omitempty" enum:"unopened,opened,used,damaged,wrong_article,missing" doc:"By the warehouse."`
	Outcome returns.Disposal  `json:"outcome" enum:"restock,refurbish,second_hand,donate,recycle,destroy"`
	Units   int               `json:"units"`
	Value   int64             `json:"value" doc:"At their price, in minor units."`
}

// ReturnFootprint is what a way back emitted.
type ReturnFootprint struct {
	Route     fact.Route   `json:"route" enum:"relay,post,store,pickup,own_way"`
	Parcels   int          `json:"parcels"`
	Unplaced  int          `json:"unplaced,omitempty" doc:"Of which nobody knows how far they came: a mean journey is taken."`
	LowGrams  carbon.Grams `json:"co2e_grams_walked" doc:"When every shopper walked to the counter."`
	HighGrams carbon.Grams `json:"co2e_grams_driven" doc:"When every shopper drove for it."`
	Method    string       `json:"method"`
}

func returnsReport(a *API, tx *db.Tx, c call, in *reportIn) (r ReturnsReport, err error) {
	asked, err := in.read(tx, c.Merchant)
	if err != nil {
		return r, err
	}
	all, err := insight.ReturnsOf(tx, asked.of, asked.begin(), asked.end(), a.desk.Factors)
	r = showReturned(all)
	r.Organisation, r.Since, r.Until = asked.of, asked.since, asked.until
	return r, err
}

func showReturned(all insight.Returned) ReturnsReport {
	r := ReturnsReport{
		All: showShare(all.All), ByCategory: partReturns(all.ByCategory), BySize: partReturns(all.BySize), BySupplier: partReturns(all.BySupplier),
		ByCarrier: partReturns(all.ByCarrier), ByPromise: partReturns(all.ByPromise), ByProduct: []PartReturns{},
		Unrecorded: []string{"original_box", "carriage_cost"},
	}
	for _, k := range slices.Sorted(maps.Keys(all.ByProduct)) {
		p := all.ByProduct[k]
		r.ByProduct = append(r.ByProduct, PartReturns{k, p.Name, showShare(p.Share)})
	}
	r.Stages = mapped(all.Stages, func(s insight.Stage) ReturnStage {
		return ReturnStage{s.Name, s.N, s.Median.Hours(), s.P90.Hours()}
	})
	r.Money = mapped(all.Money, func(x insight.ReturnMoney) ReturnCost { return ReturnCost(x) })
	r.Found = mapped(all.Found, func(f insight.Found) ReturnFound { return ReturnFound(f) })
	r.Ways = mapped(all.Ways, func(w insight.WayBack) ReturnFootprint {
		return ReturnFootprint{w.Route, w.Parcels, w.Unplaced, w.Low, w.High, carbon.Method}
	})
	return r
}

func showShare(s insight.Share) ReturnShare {
	out := ReturnShare{Bought: s.Bought, Back: s.Back, Reasons: []ReasonShare{}}
	if rate, ok := s.Rate(); ok {
		out.Rate = &rate
	}
	for _, taxon := range slices.Sorted(maps.Keys(s.Reasons)) {
		out.Reasons = append(out.Reasons, ReasonShare{taxon, s.Reasons[taxon]})
	}
	slices.SortStableFunc(out.Reasons, func(a, b ReasonShare) int { return b.Units - a.Units })
	return out
}

func partReturns[K ~string](by map[K]insight.Share) []PartReturns {
	return mapped(slices.Sorted(maps.Keys(by)), func(k K) PartReturns { return PartReturns{Part: string(k), ReturnShare: showShare(by[k])} })
}
