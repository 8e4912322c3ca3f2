package api

import (
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/returns"
)

// Wondering asks how articles could come back, before they are bought.
type Wondering struct {
	Country string `json:"country" doc:"Where they would go: ISO 3166-1, two letters."`
	Lines   []Item `json:"lines" maxItems:"100"`
}

// BackTerms are what is said of an article before it is bought; an order placed
// now is judged by them.
type BackTerms struct {
	SKU         string            `json:"sku,omitempty"`
	Days        int               `json:"days" doc:"After it is in hand, by the shop's policy."`
	Until       *civil.Day        `json:"until,omitempty" doc:"A later last day."`
	Excluded    string            `json:"excluded,omitempty" doc:"Why it does not come back for a change of mind."`
	Withdraw    int               `json:"withdraw_days,omitempty" doc:"In which the law lets a consumer withdraw for any reason."`
	Law         string            `json:"excluded_by_law,omitempty" doc:"The case of article L221-28 of the Code de la consommation by which it does not."`
	Settlements []fact.Settlement `json:"settlements" doc:"Beside the refund."`
	Ways        []BackWay         `json:"ways"`
	Process     int               `json:"process_days" doc:"From the reception to the money."`
}

// BackWay is a way back as it would be offered for one unit.
type BackWay struct {
	Route   fact.Route   `json:"route"`
	Unless  string       `json:"unless,omitempty" doc:"Why it is not offered for this article."`
	Price   money.Amount `json:"price" doc:"Taken from what is refunded; nothing for a fault."`
	Insured money.Amount `json:"insured" doc:"Cover included."`
	Least   int          `json:"least_days" doc:"The carrier's working days."`
	Most    int          `json:"most_days"`
}

type wonderingIn struct{ Body Wondering }

func returnTerms(a *API, tx *db.Tx, c call, in *wonderingIn) (out List[BackTerms], err error) {
	if len(in.Body.Lines) == 0 {
		return out, fault.New(fault.Invalid, "field_required", "lines")
	}
	out.Items = []BackTerms{}
	for _, i := range in.Body.Lines {
		said, err := a.returns.Before(tx, c.Merchant, returns.Article{
			Line:    order.Line{SKU: i.SKU, Name: i.Name, Unit: i.UnitPrice, Grams: i.Grams, Traits: i.Traits.room()},
			Country: in.Body.Country,
		})
		if err != nil {
			return out, fmt.Errorf("terms of %q: %w", i.SKU, err)
		}
		out.Items = append(out.Items, showBefore(i, said))
	}
	return out, nil
}

func showBefore(i Item, b returns.Before) BackTerms {
	in := i.UnitPrice.Currency
	return BackTerms{
		SKU: i.SKU, Days: b.Days, Until: optional(b.Until), Excluded: b.Excluded, Withdraw: b.Withdraw, Law: b.Law,
		Settlements: b.Settlements, Process: b.Process,
		Ways: mapped(b.Ways, func(w returns.Way) BackWay {
			return BackWay{w.Route, w.Unless, money.Of(w.Price, in), money.Of(w.Insured, in), w.Least, w.Most}
		}),
	}
}
