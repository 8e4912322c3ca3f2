package letters

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// after is the end of a day so many days after the gallery's Tuesday.
func after(days int) civil.Instant { return on(paris, 24, 0).Add(time.Duration(days) * 24 * time.Hour) }

// sentBack is one bottle on its way back.
func sentBack(d *desk) {
	d.msg.Cause, d.msg.Commitment = "ret_1", ""
	hash := ident.Hash("a proof")
	d.back = &sendback{
		Return: returns.Return{
			ID: "ret_1", Order: "ord_1", Route: fact.BackByRelay, State: returns.Accepted, DepositBy: after(14), ReceiveBy: after(6), RefundBy: after(20),
		},
		items:    []returns.Item{{Line: "lin_1", Units: 1}},
		proof:    returns.Proof{ID: "dep_1", Number: "D-000042-7KQ2", Place: "Tabac du Canal, 75010 Paris", At: on(paris, 17, 42), Hash: hash},
		refund:   payment.Refund{ID: "rfd_1", Money: money.Of(1100, money.EUR), ArrivesBy: on(paris, 12, 0).Day(d.Zone) + 6},
		mediator: "Médiateur de la consommation, mediateur.example",
	}
}

// givenUp is a parcel that was left at a counter, and never came.
func givenUp(d *desk) {
	d.back.State, d.back.Deposited = returns.Lost, d.back.proof.At
}

// unfetched is a parcel that nobody came for.
func unfetched(d *desk) {
	d.back.Route, d.back.State, d.back.Pickup, d.back.MissedAt = fact.BackByPickup, returns.Ready, d.Now.Day(d.Zone)-1, d.Now
}

// overdue is a debt whose day is over.
func overdue(d *desk) { d.back.RefundBy, d.back.decision.RefundBy = after(-1), after(-1) }

// theirWay is a parcel that the shopper sent as they liked, on the shop's own offer.
func theirWay(d *desk) { d.back.Route, d.back.Ground = fact.BackOnTheirs, fact.ByPolicy }

func kept(d *desk) { d.back.Route = fact.BackNotNeeded }

func decided(o fact.Outcome, note string) func(*desk) {
	return func(d *desk) {
		x := returns.Decision{ID: "dcn_1", Outcome: o, Amount: money.Of(1100, money.EUR), RefundBy: after(14)}
		if o == fact.InPart {
			x.Amount = money.Of(700, money.EUR)
		}
		if note != "" {
			x.Reasons = []returns.Because{{Code: "incomplete", Note: note}}
		}
		d.back.decision = x
	}
}

func settled(s returns.DisputeState) func(*desk) {
	return func(d *desk) { d.back.dispute = returns.Dispute{ID: "dsp_1", State: s} }
}

// acknowledging is the acknowledgement of a withdrawal of the whole order.
func (p page) acknowledging(inTime, sent bool) page {
	zone, err := civil.Zone(paris)
	if err != nil {
		panic(err) // a name written in this file
	}
	w := returns.Withdrawal{
		ID: "wdr_1", Order: "ord_1", Name: "Camille Durand", Contract: "E-1042", Email: "camille@example.org", Sent: on(paris, 9, 0),
		InTime: inTime, Until: on(paris, 0, 0), RefundBy: after(14),
		Statement: "withdrawal: wdr_1\nsent: 2026-11-24T09:00:00+01:00\nname: Camille Durand\ncontract: E-1042\nemail: camille@example.org\norder: ord_1\nunits: 2 of lin_1\n",
	}
	w.Hash = ident.Hash(w.Statement)
	if sent {
		w.SendBackBy = after(14)
	}
	return withdrawn(ui.Reading{Locale: p.Locale, Zone: zone, Now: on(paris, 9, 0)}, p.Brand, w)
}
