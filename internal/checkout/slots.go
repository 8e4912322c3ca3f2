package checkout

import (
	"cmp"
	"slices"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
)

// Why a service by appointment is hidden, besides what hides the others.
const (
	NoSlotLeft = "no_slot_left" // every slot of the next days that still takes orders is full
	SlotClosed = "slot_closed"  // none of the next days takes an order any more, or there is none
)

// maxSlots bounds the options of one service: three a day for a week.
const maxSlots = 21

// readSlots reads the slots of the services by appointment and how well each
// keeps them; full and closed ones too: they tell why nothing is on offer.
func (c *counter) readSlots(tx *db.Tx) error {
	if len(c.visits) == 0 {
		return nil
	}
	ids := make([]ident.Service, len(c.visits))
	for i, s := range c.visits {
		ids[i] = s.ID
	}
	slots, err := lastmile.Offer(tx, c.org.ID, lastmile.Asking{Services: ids, Zone: c.zone, Now: tx.Now, Full: true})
	c.slots = map[ident.Service][]lastmile.Slot{}
	for _, s := range slots {
		c.slots[s.Service] = append(c.slots[s.Service], s)
	}
	c.punctual = map[ident.Service]float64{}
	for _, id := range ids {
		if err == nil {
			c.punctual[id], err = promise.Punctual(tx, c.org.ID, id)
		}
	}
	return err
}

// appointments are the free slots of each service as options, and why a service
// has none.
func (c *counter) appointments(d *Desk, b basket, now civil.Instant) (options []promise.Option, hidden []promise.Hidden) {
	for _, s := range c.visits {
		stock, near := c.nearest(d, s, b)
		price, priced := c.price(s, b)
		closed := c.closed(s, stock)
		left := outside(c.slots[s.ID], closed)
		free, none := free(left, now)
		if len(left) < len(c.slots[s.ID]) && none == SlotClosed {
			none = promise.InIncident
		}
		code := cmp.Or(s.Refuses(c.to, b.grams, b.units), unless(near, promise.NoOrigin), unless(priced, promise.NoPrice), none)
		if code != "" {
			hidden = append(hidden, promise.Hidden{Service: s.ID, Code: code})
			continue
		}
		option := promise.Option{
			Service: s.ID, Name: s.Name, Mode: s.Mode, Stock: stock.ID, Zone: c.zone.String(),
			Grace: c.graces[s.Connection].Grace, Basis: promise.BasisStandard,
			Price: price, Carbon: d.footprint(s, stock, c.to, b.grams),
		}
		if p := c.punctual[s.ID]; p > 0 {
			option.Confidence, option.Basis = p, promise.BasisOwn
		}
		for _, slot := range free[:min(len(free), maxSlots)] {
			o := c.in(slot, option)
			o.Incidents = promise.Until(closed.By, o.Day)
			options = append(options, o)
		}
	}
	return options, hidden
}

// outside are the slots of the days that incidents leave.
func outside(slots []lastmile.Slot, closed promise.Closures) []lastmile.Slot {
	runs := slices.Concat(closed.Works, closed.Delivers)
	return slices.DeleteFunc(slices.Clone(slots), func(s lastmile.Slot) bool {
		return slices.ContainsFunc(runs, func(r civil.Days) bool { return r.First <= s.Day && s.Day <= r.Last })
	})
}

// unless is a reason to hide a service, or none when something is so.
func unless(so bool, code string) string {
	if so {
		return ""
	}
	return code
}

// in is an option for one slot. The goods have to be with the courier on that
// day: nobody plans the hour of a round here.
func (c *counter) in(s lastmile.Slot, o promise.Option) promise.Option {
	o.Day, o.Window, o.OrderBefore = s.Day, civil.Window{From: s.From, Until: s.Until}, s.Closes
	o.Handover, o.HandoverBy = s.Day, s.Day.End(c.zone)
	return o
}

// free are the slots that have a place and take orders; when there is none, code
// says why.
func free(slots []lastmile.Slot, now civil.Instant) (free []lastmile.Slot, code string) {
	code = SlotClosed
	for _, s := range slots {
		switch {
		case s.Closed(now):
		case s.Left == 0:
			code = NoSlotLeft
		default:
			free = append(free, s)
		}
	}
	if len(free) > 0 {
		code = ""
	}
	return free, code
}

// nearest is the stock point from which a delivery weighs least; false when
// there is none.
func (c *counter) nearest(d *Desk, s carrier.Service, b basket) (best merchant.StockPoint, ok bool) {
	if len(c.stocks) == 0 {
		return best, false
	}
	return slices.MinFunc(c.stocks, func(x, y merchant.StockPoint) int {
		return cmp.Compare(d.footprint(s, x, c.to, b.grams).Low, d.footprint(s, y, c.to, b.grams).Low)
	}), true
}

// book takes the place that an order was shown.
func book(tx *flow.Tx, m ident.Merchant, o order.Order, p *promise.Promised) error {
	if p == nil || !p.Slot {
		return nil
	}
	_, err := lastmile.Book(tx, m, lastmile.Booking{
		Service: p.Service, From: p.From, Until: p.Until, Zone: p.Zone, Order: o.ID, Shopper: o.Shopper,
	})
	return err
}
