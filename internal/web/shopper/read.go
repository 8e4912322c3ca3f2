package shopper

import (
	"cmp"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	helpdesk "github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/merchant"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// lived is all that the page of an order is made of.
type lived struct {
	ui.Reading
	link        ident.Link
	chosen      lang.Locale // by hand; empty: the order's own
	shop        merchant.Organisation
	brand       merchant.Brand
	order       orders.Order
	point       relay.Point // where it is collected; its ID is empty when nobody chose
	lines       []orders.Line
	packed      bool // all that will be sent is in a parcel
	commitments []promise.Commitment
	delivery    promise.Commitment          // in force
	whole       promise.Commitment          // that all is there; its ID is empty when nobody promised it
	warnings    []promise.Warning           // of the delivery, those that stand
	incidents   map[string]promise.Incident // behind them, by cause
	remedies    []remedy.Remedy
	shortages   []orders.Shortage
	early       lastmile.Early // its ID is empty when nobody asked
	parcels     []orders.Parcel
	contents    map[ident.Parcel]map[ident.Line]int
	legs        map[ident.Parcel][]tracking.Leg
	stories     map[ident.Parcel]tracking.Story
	events      []tracking.Event
	facts       []flow.Fact
	carriers    map[ident.Connection]carrier.Connection
	rights      []returns.Right         // what may come back; only where they were read
	sendbacks   []returns.Return        // likewise, the oldest first
	talks       []helpdesk.Conversation // with the shop, the oldest first; only where they were read
	claims      []helpdesk.Claim        // likewise, and where one contests a scan
	waiting     []waiting               // at counters; only where it was read
	doorCode    string                  // which the shopper may say to the courier today; empty: none
	mutable     lastmile.Possible       // what can be changed about the delivery; only where it was read
	wished      []lastmile.Change       // what was asked for, the first first; likewise
	stamp       stamp
	changes     civil.Instant // when words about time will be others; zero: never
}

// whose is the order that a link opens. The fault is not_found.
func whose(tx *db.Tx, link ident.Link) (tracking.Whole, error) {
	m, id, ok, err := orders.ByLink(tx, ident.Hash(string(link)))
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "not_found", "")
	}
	return tracking.Whole{Merchant: m, Order: id}, err
}

// readOrder reads the order that a link opens, for a reader of a language; empty
// is the order's own. The fault is not_found.
func readOrder(tx *db.Tx, link ident.Link, loc lang.Locale) (*lived, error) {
	of, err := whose(tx, link)
	if err != nil {
		return nil, err
	}
	return readWhole(tx, of, link, loc)
}

// readWhole reads an order whose link is known otherwise.
func readWhole(tx *db.Tx, of tracking.Whole, link ident.Link, loc lang.Locale) (d *lived, err error) {
	d = &lived{link: link, chosen: loc}
	for _, part := range []func(*db.Tx, ident.Merchant) error{d.readShop, d.readSale(of.Order), d.readPromises, d.readJourney, d.readHistory} {
		if err := part(tx, of.Merchant); err != nil {
			return nil, err
		}
	}
	d.Reading = ui.Reading{Locale: cmp.Or(loc, d.order.Locale), Now: tx.Now}
	d.Zone, err = civil.Zone(cmp.Or(d.delivery.Zone, d.shop.Zone))
	return d, err
}

func (d *lived) readShop(tx *db.Tx, m ident.Merchant) (err error) {
	d.shop, d.brand, err = merchant.Face(tx, m)
	return err
}

func (d *lived) readSale(id ident.Order) func(*db.Tx, ident.Merchant) error {
	return func(tx *db.Tx, m ident.Merchant) (err error) {
		if d.order, err = orders.Get(tx, m, id); err != nil {
			return err
		}
		if d.order.Point != "" {
			if d.point, err = relay.Get(tx, d.order.Point); err != nil {
				return err
			}
		}
		if d.lines, err = orders.Lines(tx, m, id); err != nil {
			return err
		}
		packed, err := orders.Packed(tx, m, []ident.Order{id})
		if err != nil {
			return err
		}
		d.packed = packed[id]
		missing, err := orders.Shortages(tx, m, []ident.Order{id})
		d.shortages = missing[id]
		return err
	}
}

func (d *lived) readPromises(tx *db.Tx, m ident.Merchant) error {
	ids := []ident.Order{d.order.ID}
	of, err := promise.OfOrders(tx, m, ids)
	if err != nil {
		return err
	}
	d.commitments = of[d.order.ID]
	d.delivery, d.whole = promise.DeliveryOf(d.commitments), promise.CompleteOf(d.commitments)
	if !d.delivery.Contested.IsZero() { // the headline says who decides, and by when
		if err := d.readClaims(tx); err != nil {
			return err
		}
	}
	warnings, err := promise.Warnings(tx, m, []ident.Commitment{d.delivery.ID})
	if err != nil {
		return err
	}
	d.warnings = promise.Standing(warnings[d.delivery.ID])
	if d.incidents, err = promise.Behind(tx, m, d.warnings); err != nil {
		return err
	}
	if d.early, _, err = lastmile.EarlyOf(tx, m, d.order.ID); err != nil {
		return err
	}
	remedies, err := remedy.OfOrders(tx, m, ids)
	d.remedies = remedies[d.order.ID]
	return err
}

func (d *lived) readJourney(tx *db.Tx, m ident.Merchant) error {
	of, err := orders.Parcels(tx, m, []ident.Order{d.order.ID})
	if err != nil {
		return err
	}
	d.parcels = of[d.order.ID]
	ids := make([]ident.Parcel, len(d.parcels))
	for i, p := range d.parcels {
		ids[i] = p.ID
	}
	if d.contents, err = orders.Contents(tx, m, ids); err != nil {
		return err
	}
	if d.legs, err = tracking.Legs(tx, m, ids); err != nil {
		return err
	}
	if d.stories, err = tracking.Stories(tx, m, ids); err != nil {
		return err
	}
	if d.events, err = tracking.Events(tx, m, ids); err != nil {
		return err
	}
	connections, err := carrier.Connections(tx, m)
	d.carriers = map[ident.Connection]carrier.Connection{}
	for _, c := range connections {
		d.carriers[c.ID] = c
	}
	return err
}

// toldByScans is what most facts about an order are, and the longest; the page
// tells the scans they come from.
const toldByScans fact.Kind = "tracking.moved"

func (d *lived) readHistory(tx *db.Tx, m ident.Merchant) (err error) {
	if d.facts, err = flow.TimelineBut(tx, m, string(d.order.ID), toldByScans); err != nil {
		return err
	}
	order, shop := orderOf(d.whose()), subjectOf(m)
	newest, err := flow.Newest(tx, []flow.Subject{order, shop})
	d.stamp = stamp{order: newest[order], shop: newest[shop], scans: len(d.events)}
	return err
}

// whose is the order, and whose it is.
func (d *lived) whose() tracking.Whole { return tracking.Whole{Merchant: d.shop.ID, Order: d.order.ID} }

// query keeps the language that a reader chose by hand from page to page.
func query(chosen lang.Locale) string {
	if chosen == "" {
		return ""
	}
	return "?lang=" + string(chosen)
}

// below is the path of a page about the order, from the order's page.
func (d *lived) below(page string) string { return string(d.link) + "/" + page + query(d.chosen) }

// back is the path of the order's page, from a page about the order.
func (d *lived) back() string { return "../" + string(d.link) + query(d.chosen) }

// beside is the path of a page about the order, from another.
func (d *lived) beside(page string) string { return page + query(d.chosen) }

// changesAt notes an instant at which the words will be others.
func (d *lived) changesAt(at civil.Instant) {
	if at > d.Now && (d.changes.IsZero() || at < d.changes) {
		d.changes = at
	}
}

// outgoing is the parcels on their way to the shopper.
func (d *lived) outgoing() (out []orders.Parcel) {
	for _, p := range d.parcels {
		if p.Direction == fact.Out {
			out = append(out, p)
		}
	}
	return out
}

// linkLife is how long a link opens an order's page once all of it came, or will
// not come any more.
const linkLife = 90 * 24 * time.Hour

// dies is when the link stops opening the page; zero: not yet known.
func (d *lived) dies() civil.Instant {
	over := d.cancelled()
	if over.IsZero() && !d.packed {
		return 0
	}
	for _, p := range d.outgoing() {
		c := d.stories[p.ID].Clocks
		end := max(c.InHand.Until, c.Closed.Until)
		if end.IsZero() {
			return 0
		}
		over = max(over, end)
	}
	return over.Add(linkLife)
}

// cancelled is when the order was taken back; zero when it was not.
func (d *lived) cancelled() civil.Instant {
	for _, f := range d.facts {
		if _, ok := f.Body.(fact.OrderCancelled); ok {
			return f.At
		}
	}
	return 0
}
