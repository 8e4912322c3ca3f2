package returns

import (
	"fmt"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/ledger"
)

// Cover is what a carrier owes at most for a parcel that is lost or damaged, and
// what that costs the shopper. Amounts are in minor units of the merchant's currency.
type Cover struct {
	UpTo  int64 `json:"up_to"`
	Price int64 `json:"price"`
}

// maxCovers is how many covers a route may have.
const maxCovers = 10

// checkCovers refuses covers of ways without a label, and those that cost more
// and cover less.
func (c Conditions) checkCovers(faults *fault.List) {
	for _, route := range fact.BackRoutes {
		covers, at := c.Covers[route], "covers."+string(route)
		if len(covers) > 0 && !slices.Contains(labelled, route) {
			faults.Add(fault.Invalid, "unknown_value", "covers", "value", string(route), "known", labelled)
		}
		if len(covers) > maxCovers {
			faults.Add(fault.Invalid, "list_too_long", at, "limit", maxCovers)
		}
		last := Cover{}
		for i, k := range covers {
			switch {
			case k.UpTo < 1 || k.UpTo > maxPrice:
				faults.Add(fault.Invalid, "number_out_of_range", fmt.Sprintf("%s[%d].up_to", at, i), "value", k.UpTo, "min", 1, "max", int64(maxPrice))
			case k.Price < 1 || k.Price > maxPrice:
				faults.Add(fault.Invalid, "number_out_of_range", fmt.Sprintf("%s[%d].price", at, i), "value", k.Price, "min", 1, "max", int64(maxPrice))
			case k.UpTo <= last.UpTo || k.Price <= last.Price:
				faults.Add(fault.Invalid, "cover_order", at)
			}
			last = k
		}
	}
}

// covers are those worth buying for what comes back: more than is included, and
// none beyond the first that covers all of it. For a fault there are none: the
// seller bears that way and its risk (Code de la consommation, article L217-11).
func (c choice) covers(w Way) (out []Cover) {
	s := c.situation
	offer, served := c.served[w.Route]
	if !served || c.offered.Ground == fact.ByConformity || offer.MaxInsured.Currency != s.order.Currency {
		return nil
	}
	covered := w.Insured
	for _, k := range s.conditions.Covers[w.Route] {
		if covered >= c.load.value || k.UpTo > offer.MaxInsured.Minor {
			return out
		}
		if k.UpTo > w.Insured {
			out, covered = append(out, k), k.UpTo
		}
	}
	return out
}

// buy notes the cover of a return: the one included, or the one the shopper
// bought. The fault is cover_not_offered.
func (r *Return) buy(o Option, wanted money.Amount) error {
	r.Insured, r.Premium = o.Insured, money.Of(0, r.Value.Currency)
	if wanted.IsZero() {
		return nil
	}
	i := slices.IndexFunc(o.Covers, func(k Cover) bool { return money.Of(k.UpTo, r.Value.Currency) == wanted })
	if i < 0 {
		return fault.New(fault.Invalid, "cover_not_offered", "cover", "cover", wanted)
	}
	r.Insured, r.Premium = wanted, money.Of(o.Covers[i].Price, r.Value.Currency)
	return nil
}

// bought is the cover that the carrier is asked for; zero where its own is enough.
func (r Return) bought() money.Amount {
	if r.Premium.Minor == 0 {
		return money.Amount{}
	}
	return r.Insured
}

// Claim is what the carrier owes for a parcel that was given up for lost: its
// cover, and never more than what was in it. False where nothing was lost on a
// label of ours.
func (r Return) Claim() (money.Amount, bool) {
	lost := r.GivenUp() && r.Parcel != "" && slices.Contains(labelled, r.Route)
	return money.Of(min(r.Insured.Minor, r.Value.Minor), r.Value.Currency), lost
}

// charges are what the shopper bears of a return. A cover is borne once its label
// was made: before that nobody bought it. Of a parcel that was lost it is not: what
// the carrier owes for it is the merchant's.
func (r Return) charges() []fact.Withheld {
	out := []fact.Withheld{{Charge: fact.ChargeWayBack, Amount: r.Fee}}
	if r.Parcel != "" && !r.GivenUp() {
		out = append(out, fact.Withheld{Charge: fact.ChargeCover, Amount: r.Premium})
	}
	return out
}

// withhold takes charges from lines, the last first, and never more than they hold.
func withhold(lines []fact.RefundLine, charges []fact.Withheld) (kept []fact.Withheld) {
	for _, c := range charges {
		for i := len(lines) - 1; i >= 0 && c.Amount.Minor > 0; i-- {
			take := min(c.Amount.Minor, lines[i].Amount.Minor)
			if take == 0 {
				continue
			}
			lines[i].Amount.Minor -= take
			c.Amount.Minor -= take
			kept = append(kept, fact.Withheld{Charge: c.Charge, Line: lines[i].Line, Amount: money.Of(take, lines[i].Amount.Currency)})
		}
	}
	return kept
}

// coverAccount is what shoppers paid for cover; CoverOf is one shopper's part.
const coverAccount = "cover"

// CoverOf is the account on which stands what a shopper bought cover for.
func CoverOf(s ident.Shopper) string { return coverAccount + ":" + string(s) }

// bookCover writes into the ledger what a decision kept for cover.
func (r Return) bookCover(tx *flow.Tx, m ident.Merchant, d Decision) error {
	sum := int64(0)
	for _, w := range d.Withheld {
		if w.Charge == fact.ChargeCover {
			sum += w.Amount.Minor
		}
	}
	if sum == 0 {
		return nil
	}
	_, err := ledger.Post(tx, m, "cover:"+string(d.ID), []ledger.Posting{
		{Account: CoverOf(r.Shopper), Amount: money.Of(-sum, r.Value.Currency)},
		{Account: coverAccount, Amount: money.Of(sum, r.Value.Currency)},
	})
	return err
}
