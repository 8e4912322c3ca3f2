package survey

import (
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// The right moment: at ten on the next working morning at the shop's, for two
// weeks at most. Later nobody remembers.
const (
	askedAt = 10 * 60 // minutes after midnight
	outlast = 14 * 24 * time.Hour
)

// moment is the next working morning after an instant.
func moment(shop merchant.Organisation, after civil.Instant) (civil.Instant, error) {
	zone, err := civil.Zone(shop.Zone)
	if err != nil {
		return 0, err
	}
	days := civil.NewCalendar(civil.CalendarSpec{Open: civil.MondayToFriday, Region: civil.RegionOf(shop.Country, "")})
	w, err := civil.Slot(days.Next(after.Day(zone)+1), askedAt, askedAt+60, zone)
	return w.From, err
}

// plan has a shopper asked on the next working morning.
func plan(tx *flow.Tx, m ident.Merchant, o ident.Order, about fact.SurveyKind, who ident.Shopper) error {
	shop, err := merchant.Get(tx.Tx, m)
	if err != nil {
		return err
	}
	at, err := moment(shop, tx.Now)
	if err != nil {
		return err
	}
	return tx.Do(sqlPlan, m, o, about, who, tx.Now, at)
}

// Delivered is the reaction to tracking.moved: a parcel in hand is something to
// ask about, once nobody merely claims it.
func Delivered(tx *flow.Tx, facts []flow.Fact) error {
	return flow.Each(func(tx *flow.Tx, f flow.Fact, b fact.ParcelMoved) error {
		if b.Now != fact.Delivered || b.Was == fact.Delivered || b.Direction != fact.Out || b.Trust == fact.TrustClaimed {
			return nil
		}
		return plan(tx, f.Merchant, b.Order, fact.AfterDelivery, b.Shopper)
	})(tx, facts)
}

// Refunded is the reaction to payment.refunded, for what came back.
func Refunded(tx *flow.Tx, facts []flow.Fact) error {
	return flow.Each(func(tx *flow.Tx, f flow.Fact, b fact.Refunded) error {
		if b.Return == "" {
			return nil
		}
		return plan(tx, f.Merchant, b.Order, fact.AfterRefund, b.Shopper)
	})(tx, facts)
}

// Open is the reaction to what opens a matter about an order.
func Open(tx *flow.Tx, facts []flow.Fact) error { return matters(tx, facts, sqlOpen) }

// End is the reaction to what ends it.
func End(tx *flow.Tx, facts []flow.Fact) error { return matters(tx, facts, sqlEnd) }

func matters(tx *flow.Tx, facts []flow.Fact, do string) error {
	for _, f := range facts {
		o, about := matter(f.Body)
		if o == "" {
			continue
		}
		if err := tx.Do(do, f.Merchant, o, about); err != nil {
			return err
		}
	}
	return nil
}

// matter is what a fact opens or ends, and about which order.
func matter(body fact.Body) (ident.Order, string) {
	switch b := body.(type) {
	case fact.DeskAsked:
		return b.Order, string(b.Conversation)
	case fact.DeskWritten:
		return b.Order, string(b.Conversation)
	case fact.DeskAnswered:
		return b.Order, string(b.Conversation)
	case fact.DeskClosed:
		return b.Order, string(b.Conversation)
	case fact.ReturnRequested:
		return b.Order, string(b.Return)
	case fact.ReturnClosed:
		return b.Order, string(b.Return)
	case fact.ReturnCancelled:
		return b.Order, string(b.Return)
	case fact.ReturnExpired:
		return b.Order, string(b.Return)
	}
	return "", ""
}

// Cancelled is the reaction to order.cancelled: there is nothing to ask about.
func Cancelled(tx *flow.Tx, facts []flow.Fact) error {
	return flow.Each(func(tx *flow.Tx, f flow.Fact, b fact.OrderCancelled) error {
		return tx.Do(sqlDrop, f.Merchant, b.Order, fact.AfterDelivery)
	})(tx, facts)
}

// Moments is the sweep that asks whom it is time to ask.
func Moments() flow.Sweep {
	return flow.Sweep{
		Name: "survey.Moments",
		Find: func(tx *db.Tx, now civil.Instant, limit int) ([]flow.Due, error) {
			return db.All(tx, sqlDue, scanDue, now, limit)
		},
		Next: func(tx *db.Tx) (civil.Instant, error) {
			at, _, err := db.One(tx, sqlNextDue, db.Scalar[civil.Instant])
			return at, err
		},
		Do: func(tx *flow.Tx, m ident.Merchant, ids []string) error {
			due, err := db.All(tx.Tx, sqlDueOf, scanAsking, m, db.In(ids), tx.Now)
			if err != nil || len(due) == 0 {
				return err
			}
			shop, err := merchant.Get(tx.Tx, m)
			if err != nil {
				return err
			}
			for _, q := range due {
				if err := q.ask(tx, shop); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// ask asks, or waits: for what else is on its way, or while something is open.
func (q Asking) ask(tx *flow.Tx, shop merchant.Organisation) error {
	m := shop.ID
	coming, err := q.coming(tx.Tx, m)
	if err != nil {
		return err
	}
	if coming {
		return tx.Do(sqlPostpone, m, q.Order, q.About, civil.Instant(0)) // its arrival plans anew
	}
	_, open, err := db.One(tx.Tx, sqlIsOpen, db.Scalar[string], m, q.Order)
	switch {
	case err != nil:
		return err
	case tx.Now.Sub(q.Since) > outlast:
		return tx.Do(sqlDrop, m, q.Order, q.About)
	case open:
		at, err := moment(shop, tx.Now)
		if err != nil {
			return err
		}
		return tx.Do(sqlPostpone, m, q.Order, q.About, at)
	}
	if err := tx.Do(sqlAsk, m, q.Order, q.About, tx.Now); err != nil {
		return err
	}
	return tx.Emit(m, string(q.Order), string(q.Order)+"/"+string(q.About), fact.SurveyAsked{Order: q.Order, Shopper: q.Shopper, About: q.About})
}

// coming reports whether something of the order is still on its way.
func (q Asking) coming(tx *db.Tx, m ident.Merchant) (bool, error) {
	if q.About != fact.AfterDelivery {
		return false, nil
	}
	of, err := order.Parcels(tx, m, []ident.Order{q.Order})
	if err != nil {
		return false, err
	}
	var ids []ident.Parcel
	for _, p := range of[q.Order] {
		if p.Direction == fact.Out {
			ids = append(ids, p.ID)
		}
	}
	stories, err := tracking.Stories(tx, m, ids)
	return slices.ContainsFunc(ids, func(id ident.Parcel) bool {
		c := stories[id].Clocks
		return !c.InHand.Known() && !c.Closed.Known()
	}), err
}

// Reactions are the routes of the room.
func Reactions() (rs []flow.Reaction) {
	rs = []flow.Reaction{
		{On: fact.ParcelMoved{}.Kind(), Name: "survey.Delivered", Mode: flow.May, Run: Delivered},
		{On: fact.Refunded{}.Kind(), Name: "survey.Refunded", Mode: flow.May, Run: Refunded},
		{On: fact.OrderCancelled{}.Kind(), Name: "survey.Cancelled", Mode: flow.May, Run: Cancelled},
	}
	for _, on := range []fact.Kind{fact.DeskAsked{}.Kind(), fact.DeskWritten{}.Kind(), fact.ReturnRequested{}.Kind()} {
		rs = append(rs, flow.Reaction{On: on, Name: "survey.Open", Mode: flow.May, Run: Open})
	}
	for _, on := range []fact.Kind{
		fact.DeskAnswered{}.Kind(), fact.DeskClosed{}.Kind(), fact.ReturnClosed{}.Kind(), fact.ReturnCancelled{}.Kind(), fact.ReturnExpired{}.Kind(),
	} {
		rs = append(rs, flow.Reaction{On: on, Name: "survey.End", Mode: flow.May, Run: End})
	}
	return rs
}
