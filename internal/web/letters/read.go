package letters

import (
	"fmt"
	"slices"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// desk is what lies before whoever writes about an order. Nothing is read any
// more once it is laid.
type desk struct {
	ui.Reading // in the zone where the goods go
	msg        notify.Message
	shop       merchant.Organisation
	brand      brand
	who        shopper.Contact
	order      order.Order
	point      relay.Point // where it is collected; its ID is empty when nobody chose
	lines      []order.Line
	shortages  []order.Shortage
	promises   []promise.Commitment // of the order's delivery, oldest first; and, for its remedy's letter, that of an answer
	delivery   promise.Commitment   // when it comes: the one spoken of, else the one in force
	about      promise.Commitment   // the first line; another than delivery when units are missing
	remedies   []remedy.Remedy
	parcels    []order.Parcel // outgoing, as they were announced
	stories    map[ident.Parcel]tracking.Story
	carriers   map[ident.Connection]string // names
	said       []fact.Body                 // what happened to the order, oldest first
	refused    map[fact.Topic]bool         // what the shopper wants no letters about
	change     change                      // that the letter is about, or whose letter says as much
	demand     demand                      // likewise
	back       *sendback                   // the return that the letter is about; nil: none
	troubles   troubles                    // incidents, where the letter is about a danger
}

// read lays the desk for a message.
func read(tx *db.Tx, m ident.Merchant, msg notify.Message) (*desk, error) {
	d := &desk{msg: msg}
	d.Locale, d.Now = msg.Locale, tx.Now
	steps := []func(*db.Tx, ident.Merchant) error{d.readPeople, d.readPromises}
	switch msg.Topic {
	case fact.TopicConfirmed:
		steps = append(steps, d.readLines)
	case fact.TopicShipped, fact.TopicOut, fact.TopicReady:
		steps = append(steps, d.readLines, d.readParcels)
	case fact.TopicCorrected, fact.TopicAtRisk:
		steps = append(steps, d.readLines, d.readParcels, d.readTroubles)
	case fact.TopicDelivered:
		steps = append(steps, d.readLines, d.readParcels, d.readRemedies)
	case fact.TopicBroken, fact.TopicRepaired:
		steps = append(steps, d.readLines, d.readRemedies)
	case fact.TopicNewDate, fact.TopicEarly:
		steps = append(steps, d.readSaid)
	case fact.TopicChange:
		steps = append(steps, d.readChange)
	case fact.TopicDemand:
		steps = append(steps, d.readDemand)
	case fact.TopicAmended:
		steps = append(steps, d.readAccepted)
	case fact.TopicReturnAccepted, fact.TopicReturnDeposited, fact.TopicReturnReceived, fact.TopicReturnLost, fact.TopicReturnDecided,
		fact.TopicReturnExpiring, fact.TopicReturnExpired, fact.TopicPickupMissed, fact.TopicRefundSent, fact.TopicDisputeSettled:
		steps = append(steps, d.readLines, d.readSendback, d.readRefused)
	}
	for _, step := range steps {
		if err := step(tx, m); err != nil {
			return nil, err
		}
	}
	return d, d.settle()
}

func (d *desk) readPeople(tx *db.Tx, m ident.Merchant) (err error) {
	if d.shop, err = merchant.Get(tx, m); err != nil {
		return err
	}
	b, err := merchant.BrandOf(tx, m)
	if err != nil {
		return err
	}
	d.brand = brandOf(b)
	if d.order, err = order.Get(tx, m, d.msg.Order); err != nil {
		return err
	}
	if d.order.Point != "" {
		if d.point, err = relay.Get(tx, d.order.Point); err != nil {
			return err
		}
	}
	d.who, err = shopper.Get(tx, m, d.msg.Shopper)
	return err
}

func (d *desk) readPromises(tx *db.Tx, m ident.Merchant) error {
	of, err := promise.OfOrders(tx, m, []ident.Order{d.msg.Order})
	d.promises = of[d.msg.Order]
	return err
}

func (d *desk) readLines(tx *db.Tx, m ident.Merchant) (err error) {
	d.lines, err = order.Lines(tx, m, d.msg.Order)
	return err
}

func (d *desk) readParcels(tx *db.Tx, m ident.Merchant) error {
	of, err := order.Parcels(tx, m, []ident.Order{d.msg.Order})
	if err != nil {
		return err
	}
	var ids []ident.Parcel
	for _, p := range of[d.msg.Order] {
		if p.Direction == fact.Out {
			d.parcels, ids = append(d.parcels, p), append(ids, p.ID)
		}
	}
	if d.stories, err = tracking.Stories(tx, m, ids); err != nil {
		return err
	}
	connections, err := carrier.Connections(tx, m)
	d.carriers = map[ident.Connection]string{}
	for _, c := range connections {
		d.carriers[c.ID] = c.Name
	}
	return err
}

// readRemedies reads what answers for broken promises, and which letters are
// wanted.
func (d *desk) readRemedies(tx *db.Tx, m ident.Merchant) error {
	ids := []ident.Order{d.msg.Order}
	remedies, err := remedy.OfOrders(tx, m, ids)
	if err != nil {
		return err
	}
	shortages, err := order.Shortages(tx, m, ids)
	if err != nil {
		return err
	}
	d.remedies, d.shortages = remedies[d.msg.Order], shortages[d.msg.Order]
	if err := d.readAnswer(tx, m); err != nil {
		return err
	}
	return d.readRefused(tx, m)
}

// readRefused reads what the shopper wants no letters about.
func (d *desk) readRefused(tx *db.Tx, m ident.Merchant) error {
	said, err := notify.Preferences(tx, m, d.msg.Shopper)
	d.refused = map[fact.Topic]bool{}
	for _, p := range said {
		d.refused[p.Topic] = p.Channel == d.msg.Channel && !p.Allowed
	}
	return err
}

// readAnswer reads the promise of an answer, for the letter of its remedy.
func (d *desk) readAnswer(tx *db.Tx, m ident.Merchant) error {
	if d.msg.Topic != fact.TopicRepaired {
		return nil
	}
	r, err := d.granted()
	if err != nil || r.Owed != fact.AnswerBy {
		return err
	}
	c, err := promise.Get(tx, m, r.Commitment)
	d.promises = append(d.promises, c)
	return err
}

func (d *desk) readSaid(tx *db.Tx, m ident.Merchant) error {
	facts, err := flow.Timeline(tx, m, string(d.msg.Order))
	for _, f := range facts {
		d.said = append(d.said, f.Body)
	}
	return err
}

// settle finds the promises that the letter speaks of, and the zone they are in.
func (d *desk) settle() (err error) {
	named, ok := d.commitment(d.named())
	if ok && named.Delivers() {
		d.delivery = named
	} else {
		d.delivery = d.inForce()
	}
	if d.about = d.delivery; ok {
		d.about = named
	}
	place := d.delivery.Zone
	if place == "" {
		place = d.shop.Zone
	}
	d.Zone, err = civil.Zone(place)
	return err
}

// named is the commitment that the message itself names.
func (d *desk) named() ident.Commitment {
	switch d.msg.Topic {
	case fact.TopicAmended:
		return ident.Commitment(d.msg.Cause)
	case fact.TopicRepaired:
		r, _ := d.granted()
		return r.Commitment
	default:
		return d.msg.Commitment
	}
}

func (d *desk) commitment(id ident.Commitment) (promise.Commitment, bool) {
	for _, c := range d.promises {
		if c.ID == id && id != "" {
			return c, true
		}
	}
	return promise.Commitment{}, false
}

// inForce is the youngest promise of when it comes that was not given up for another.
func (d *desk) inForce() promise.Commitment {
	for _, c := range slices.Backward(d.promises) {
		if c.Delivers() && c.State != fact.Amended {
			return c
		}
	}
	return promise.Commitment{}
}

// parcel is the one the message is about, or the first that is still awaited;
// false when none was announced.
func (d *desk) parcel() (order.Parcel, bool) {
	var awaited order.Parcel
	for _, p := range d.parcels {
		if p.ID == d.msg.Parcel() {
			return p, true
		}
		if c := d.stories[p.ID].Clocks; awaited.ID == "" && !c.InHand.Known() && !c.Closed.Known() {
			awaited = p
		}
	}
	return awaited, awaited.ID != ""
}

// granted is the remedy that the message tells of.
func (d *desk) granted() (remedy.Remedy, error) {
	for _, r := range d.remedies {
		if string(r.ID) == d.msg.Cause {
			return r, nil
		}
	}
	return remedy.Remedy{}, fmt.Errorf("the order has no remedy %s", d.msg.Cause)
}
