package api

import (
	"fmt"
	"net/http"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/checkout"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
)

func changeRoutes() []Route {
	return []Route{
		read(get("/api/v1/orders/{id}/changes", ordersRead, "changes", "orders", "What can be changed about a delivery now, and what was asked for"), changesNow),
		write(post("/api/v1/orders/{id}/changes", ordersWrite, "askChange", "orders", "Ask the carrier for a change, at the shopper's wish").keyed().status(http.StatusAccepted).
			says("Nothing is changed before the carrier agrees: GET the same path, or hear lastmile.change_accepted, change_refused and change_unanswered by webhook."), askChange),
		write(post("/api/v1/changes/{id}/answer", eventsWrite, "answerChange", "orders", "Say, as its carrier, what becomes of a change").status(http.StatusOK).
			says("A carrier without an address for questions hears of changes by webhook (lastmile.change_asked). A late answer still counts."), answerChange),
	}
}

// Changes is what can be changed about a delivery, and what was asked for.
type Changes struct {
	Possible []PossibleChange `json:"possible"`
	Not      []NoChange       `json:"not" doc:"What the service takes, and not now."`
	Why      lastmile.WhyNot  `json:"why,omitempty" enum:"over,settled,unpacked,several,collected,carrier,own_page" doc:"Why its carrier can be asked for nothing. Another address can be had while nothing is packed; a parcel that is late may still be taken back."`
	Page     string           `json:"page,omitempty" doc:"Where the carrier takes changes itself, from the recipient alone."`
	Asked    []Change         `json:"asked" doc:"The first first."`
}

// PossibleChange is a change that may be asked for.
type PossibleChange struct {
	What     fact.ChangeKind `json:"what" enum:"reschedule,redirect,address,safe_place,neighbour,hold,cancel"`
	Until    civil.Instant   `json:"until,omitzero" doc:"Exclusive; left out: as long as the parcel is not there."`
	Within   int             `json:"answered_within_seconds"`
	Slots    []Slot          `json:"slots,omitempty"`
	Days     []civil.Day     `json:"days,omitempty" doc:"One of them is chosen; to be redirected, when the parcel would be at the point."`
	Networks []string        `json:"networks,omitempty" doc:"Whose points the parcel may be redirected to."`
	Closed   []civil.Day     `json:"closed,omitempty" doc:"Days that would be among them, and that an incident takes."`
	AtOnce   bool            `json:"at_once,omitempty" doc:"Nobody has to agree: nothing is packed yet."`
}

// NoChange is one that may not, and why.
type NoChange struct {
	What fact.ChangeKind `json:"what" enum:"reschedule,redirect,address,safe_place,neighbour,hold,cancel"`
	Why  lastmile.WhyNot `json:"why" enum:"out,late,no_room,no_points,several,excluded" doc:"several: to be taken back all of it must be in one parcel; excluded: the law lets nobody withdraw from some of it."`
}

// NewChange is what a shopper wants otherwise.
type NewChange struct {
	What    fact.ChangeKind `json:"what" enum:"reschedule,redirect,address,safe_place,neighbour,hold,cancel"`
	From    civil.Instant   `json:"from,omitzero" doc:"Of one of the slots, where there are slots."`
	Until   civil.Instant   `json:"until,omitzero" doc:"Exclusive. At another address, the end of the window promised there, where it is another one: the fault change_moves_day says which, for the shopper to see and agree to."`
	Day     *civil.Day      `json:"day,omitempty" doc:"One of the days, where there are none."`
	Point   ident.Point     `json:"point,omitempty" doc:"To which it is redirected."`
	Address *Address        `json:"address,omitempty" doc:"To which it is delivered instead; in the same country."`
	Words   string          `json:"words,omitempty" doc:"Where to leave it, or with whom."`
	AskedBy fact.Party      `json:"asked_by" enum:"shopper" doc:"Only the shopper's own choice moves a date."`
}

// Change is a change that was asked for.
type Change struct {
	ID         ident.Change         `json:"id"`
	Order      ident.Order          `json:"order"`
	Parcel     ident.Parcel         `json:"parcel,omitempty"`
	What       fact.ChangeKind      `json:"what" enum:"reschedule,redirect,address,safe_place,neighbour,hold,cancel"`
	State      lastmile.ChangeState `json:"state" enum:"asked,accepted,refused,unanswered" doc:"Unanswered is no success and no refusal: all is as it was, and a late answer still counts."`
	From       civil.Instant        `json:"from,omitzero"`
	Until      civil.Instant        `json:"until,omitzero" doc:"Exclusive."`
	Point      ident.Point          `json:"point,omitempty"`
	Address    *Address             `json:"address,omitempty" doc:"To which it is delivered instead. Left out once its shopper was erased."`
	Before     *Address             `json:"address_before,omitempty"`
	Words      string               `json:"words,omitempty" doc:"The shopper's own."`
	Reason     fact.ChangeReason    `json:"reason,omitempty" enum:"too_late,already_out,full,not_possible,said_no,apart,no_answer" doc:"The last two of one that was to be carried out together with others: another one could not be, or nobody answered in time."`
	Said       string               `json:"said,omitempty" doc:"The carrier's own words."`
	AskedAt    civil.Instant        `json:"asked_at"`
	AnswerBy   civil.Instant        `json:"answer_by" doc:"Exclusive: after it the change is unanswered."`
	AnsweredAt civil.Instant        `json:"answered_at,omitzero"`
	Together   bool                 `json:"together,omitempty" doc:"It is carried out together with other deliveries of the shopper's, or not at all: accepted by its carrier, it stays asked until all are; and no late answer counts."`
	AgreedAt   civil.Instant        `json:"agreed_at,omitzero" doc:"When its carrier accepted, and kept it possible."`
}

func showChange(c lastmile.Change) Change {
	out := Change{
		ID: c.ID, Order: c.Order, Parcel: c.Parcel, What: c.What, State: c.State, From: c.Wanted.From, Until: c.Wanted.Until, Point: c.Wanted.Point,
		Words: c.Words, Reason: c.Reason, Said: c.Said, AskedAt: c.Asked, AnswerBy: c.AnswerBy,
		Together: c.Regroup != "", AgreedAt: c.Agreed,
	}
	if c.To.Street != "" {
		to, was := Address(c.To), Address(c.Was)
		out.Address, out.Before = &to, &was
	}
	if c.State == lastmile.ChangeAccepted || c.State == lastmile.ChangeRefused {
		out.AnsweredAt = c.Changed
	}
	return out
}

// owing is an order with what it is owed, as the last mile asks for it.
type owing struct {
	order    order.Order
	promised promise.Commitment
	lastmile.Delivery
}

func deliveryOf(tx *db.Tx, m ident.Merchant, id ident.Order) (w owing, err error) {
	if w.order, err = order.Get(tx, m, id); err != nil {
		return w, err
	}
	of, err := promise.OfOrders(tx, m, []ident.Order{id})
	if err != nil {
		return w, err
	}
	shop, err := merchant.Get(tx, m)
	if err != nil {
		return w, err
	}
	w.promised = promise.DeliveryOf(of[id])
	w.Delivery, err = checkout.Delivery(tx, shop, w.order, w.promised)
	return w, err
}

func changesNow(a *API, tx *db.Tx, c call, in *orderPath) (out Changes, err error) {
	d, err := deliveryOf(tx, c.Merchant, in.ID)
	if err != nil {
		return out, err
	}
	can, err := a.changes.Can(tx, c.Merchant, in.ID, d.Delivery)
	if err != nil {
		return out, err
	}
	asked, err := lastmile.Changes(tx, c.Merchant, in.ID)
	return Changes{
		Why: can.Why, Page: can.Page, Asked: mapped(asked, showChange),
		Possible: mapped(can.Offers, func(o lastmile.ChangeOffer) PossibleChange {
			return PossibleChange{What: o.What, Until: o.Until, Within: seconds(o.Within), Slots: mapped(o.Slots, showSlot), Days: o.Days, Networks: o.Networks, Closed: o.Closed, AtOnce: o.AtOnce}
		}),
		Not: mapped(can.Not, func(n lastmile.ChangeNot) NoChange { return NoChange{n.What, n.Why} }),
	}, err
}

type askChangeIn struct {
	ID   ident.Order `path:"id"`
	Body NewChange
}

func askChange(a *API, tx *flow.Tx, c call, in *askChangeIn) (reply[Change], error) {
	d, err := deliveryOf(tx.Tx, c.Merchant, in.ID)
	if err != nil {
		return reply[Change]{}, err
	}
	w := lastmile.Wish{
		Order: in.ID, Key: string(ident.New[ident.Fact](tx.Mint)), What: in.Body.What, Slot: civil.Window{From: in.Body.From, Until: in.Body.Until},
		Day: dayOf(in.Body.Day), Point: in.Body.Point, Words: in.Body.Words,
	}
	if in.Body.What == fact.Readdress {
		if w.Reach, err = a.reach(tx.Tx, c.Merchant, d, in.Body.Address); err != nil {
			return reply[Change]{}, err
		}
	}
	asked, _, err := a.changes.Ask(tx, c.Merchant, w, d.Delivery)
	if err != nil {
		return reply[Change]{}, named(err, "slot", "from", "spot", "words")
	}
	return reply[Change]{Status: http.StatusAccepted, Body: showChange(asked)}, nil
}

// reach is what would be promised at another address.
func (a *API) reach(tx *db.Tx, m ident.Merchant, d owing, to *Address) (lastmile.Reach, error) {
	if to == nil {
		return lastmile.Reach{}, fault.New(fault.Invalid, "field_required", "address")
	}
	can, err := a.changes.Can(tx, m, d.order.ID, d.Delivery)
	if err != nil {
		return lastmile.Reach{}, err
	}
	if _, err := can.Offered(fact.Readdress); err != nil {
		return lastmile.Reach{}, err
	}
	return a.desk.Reach(tx, m, checkout.Moving{Order: d.order, Owed: d.promised, Service: can.Service.ID, To: order.Address(*to)})
}

type answerChangeIn struct {
	ID      ident.Change     `path:"id"`
	Carrier ident.Connection `query:"carrier" doc:"The connection that was asked. A carrier's own key names it already."`
	Body    struct {
		Outcome carrier.ChangeOutcome `json:"outcome" enum:"accepted,refused"`
		Reason  fact.ChangeReason     `json:"reason,omitempty" enum:"too_late,already_out,full,not_possible,said_no" doc:"Of a refusal."`
		Text    string                `json:"text,omitempty" doc:"In the carrier's own words, as the shopper reads them."`
	}
}

// answerChange is a carrier that says yes or no.
func answerChange(_ *API, tx *flow.Tx, c call, in *answerChangeIn) (reply[Change], error) {
	by, err := reporter(c, in.Carrier)
	if err != nil {
		return reply[Change]{}, err
	}
	said, err := carrier.ChangeAnswer{Outcome: in.Body.Outcome, Reason: in.Body.Reason, Text: in.Body.Text}.Read()
	if err != nil {
		return reply[Change]{}, fmt.Errorf("an outcome that the document does not know: %w", err)
	}
	x, err := lastmile.Answer(tx, c.Merchant, by, in.ID, said)
	return ok(showChange(x)), err
}
