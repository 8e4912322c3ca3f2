package promise

import (
	"cmp"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Changed is the reaction to lastmile.change_accepted: the shopper chose another
// window, and the carrier will keep to it; or will have nothing brought, and nothing
// is owed any more. Where the deadline had passed before, the breach stays one; and of
// changes that are carried out together or not at all, none is.
func Changed(tx *flow.Tx, facts []flow.Fact) error {
	return flow.Each(func(tx *flow.Tx, f flow.Fact, b fact.ChangeAccepted) error {
		switch {
		case b.What == fact.CallBack:
			return void(tx, f.Merchant, []ident.Order{b.Order}, Withdrawn, map[ident.Order]flow.Fact{b.Order: f})
		case b.Until.IsZero():
			return nil // left with a neighbour, at the hour that was promised
		}
		of, err := OfOrders(tx.Tx, f.Merchant, []ident.Order{b.Order})
		if err != nil {
			return err
		}
		c := DeliveryOf(of[b.Order])
		if c.ID == "" {
			return nil
		}
		zone, err := civil.Zone(cmp.Or(b.Zone, c.Zone))
		if err != nil {
			return err
		}
		_, err = Amend(tx, f.Merchant, c.ID, Amendment{
			From: b.From, Until: b.Until, Slot: b.Slot, Zone: b.Zone, Collect: b.Point != "", By: fact.ByShopper, Shown: windowWords(c.Locale, b.Wanted, zone), Locale: c.Locale,
		})
		if fault.Is(err, "commitment_closed") && !b.Together {
			return nil
		}
		return err
	})(tx, facts)
}

// windowWords is what the shopper chose, as it was shown.
func windowWords(loc lang.Locale, w fact.Wanted, zone *time.Location) string {
	args := map[string]any{"Day": lang.Day(loc, (w.Until - 1).Day(zone))}
	switch {
	case w.Slot:
		return lang.T(loc, "quote.delivered_slot", map[string]any{"Slot": lang.Slot(loc, w.From.In(zone), w.Until.In(zone))})
	case w.Point != "":
		return lang.T(loc, "quote.ready_day", args)
	default:
		return lang.T(loc, "quote.delivered_day", args)
	}
}
