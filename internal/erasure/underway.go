package erasure

import (
	"cmp"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/returns"
)

// Why is what an erasure waits for.
type Why string

// The reasons.
const (
	Delivery Why = "delivery" // something is on its way, and needs its address
	Answer   Why = "answer"   // a person of the shop owes an answer
	Return   Why = "return"   // something is on its way back, or may be contested
	Refund   Why = "refund"   // money is owed
)

// Hold is one thing that an erasure waits for.
type Hold struct {
	Why   Why
	Order ident.Order   // empty: about no order
	Until civil.Instant // when it should be over; zero, or past: nobody can say any more
}

// waits is the refusal: that something is under way, and then what.
func waits(holds []Hold, now civil.Instant) error {
	all := fault.List{fault.New(fault.Conflict, "erasure_waits", "shopper")}
	for _, h := range holds {
		if h.Until <= now {
			h.Until = 0
		}
		all = append(all, h.fault())
	}
	return all
}

func (h Hold) fault() *fault.Error {
	at := cmp.Or(string(h.Order), "shopper")
	switch h.Why {
	case Answer:
		return fault.New(fault.Conflict, "erasure_answer", at, "until", h.Until)
	case Return:
		return fault.New(fault.Conflict, "erasure_return", at, "until", h.Until)
	case Refund:
		return fault.New(fault.Conflict, "erasure_refund", at, "until", h.Until)
	default:
		return fault.New(fault.Conflict, "erasure_delivery", at, "until", h.Until)
	}
}

// pageOf is how many orders are looked at together.
const pageOf = 500

// UnderWay lists what has to end before a shopper is erased, the first first.
func UnderWay(tx *db.Tx, m ident.Merchant, s ident.Shopper) (all []Hold, err error) {
	talks, err := desk.OfShopper(tx, m, s, pageOf)
	if err != nil {
		return nil, err
	}
	for _, c := range talks {
		if c.Waits() && tx.Now < c.AnswerBy {
			all = append(all, Hold{Answer, c.Order, c.AnswerBy})
		}
	}
	for page := (order.Page{Limit: pageOf}); ; {
		some, err := order.OfShopper(tx, m, s, page)
		if err != nil || len(some) == 0 {
			return tidy(all), err
		}
		ids := make([]ident.Order, len(some))
		for i, o := range some {
			ids[i] = o.ID
		}
		for _, read := range []func(*db.Tx, ident.Merchant, []ident.Order) ([]Hold, error){owed, afoot, comingBack, unpaid} {
			more, err := read(tx, m, ids)
			if err != nil {
				return nil, err
			}
			all = append(all, more...)
		}
		page.After = ids[len(ids)-1]
	}
}

// tidy keeps one hold, the longest, of each reason and order.
func tidy(all []Hold) (out []Hold) {
	for _, h := range all {
		i := slices.IndexFunc(out, func(o Hold) bool { return o.Why == h.Why && o.Order == h.Order })
		switch {
		case i < 0:
			out = append(out, h)
		case out[i].Until < h.Until:
			out[i] = h
		}
	}
	slices.SortStableFunc(out, func(a, b Hold) int { return int(min(max(a.Until-b.Until, -1), 1)) })
	return out
}

// owed is what was promised and is neither kept nor broken.
func owed(tx *db.Tx, m ident.Merchant, ids []ident.Order) (all []Hold, err error) {
	open, err := promise.StillOwed(tx, m, ids)
	for _, c := range open {
		all = append(all, Hold{whyOf(c), c.Order, c.Until})
	}
	return all, err
}

func whyOf(o promise.Owing) Why {
	switch o.Owed {
	case fact.AnswerBy, fact.AcknowledgeBy:
		return Answer
	case fact.RefundBy:
		return Refund
	default:
		return Delivery
	}
}

// afoot is what was promised, broken, and may still come.
func afoot(tx *db.Tx, m ident.Merchant, ids []ident.Order) (all []Hold, err error) {
	of, err := order.OnTheWay(tx, m, ids)
	for _, a := range of {
		all = append(all, Hold{Delivery, a.Order, a.Until})
	}
	return all, err
}

// over are the states of a return with which nothing is left to do.
var over = []returns.State{returns.Closed, returns.Cancelled, returns.Expired}

func comingBack(tx *db.Tx, m ident.Merchant, ids []ident.Order) (all []Hold, err error) {
	of, err := returns.OfOrders(tx, m, ids)
	for _, id := range ids {
		for _, r := range of[id] {
			if !slices.Contains(over, r.State) {
				all = append(all, Hold{Return, id, max(r.DepositBy, r.ReceiveBy, r.RefundBy, r.ContestBy)})
			}
		}
	}
	return all, err
}

func unpaid(tx *db.Tx, m ident.Merchant, ids []ident.Order) (all []Hold, err error) {
	of, err := payment.OfOrders(tx, m, ids)
	for _, id := range ids {
		for _, r := range of[id] {
			if r.State != payment.Done {
				all = append(all, Hold{Refund, id, r.Due})
			}
		}
	}
	return all, err
}
