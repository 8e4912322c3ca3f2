package lastmile

import (
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// WhyNot is why something about a delivery can not be changed here and now.
type WhyNot string

// The reasons.
const (
	NotOver    WhyNot = "over"      // it came, or will not come any more
	NotSettled WhyNot = "settled"   // nothing is owed any more, or its deadline has passed
	NotPacked  WhyNot = "unpacked"  // no carrier has it yet
	NotAlone   WhyNot = "several"   // several parcels are on their way
	NotPoint   WhyNot = "collected" // it goes to a point already
	NotCarrier WhyNot = "carrier"   // this carrier can not be told
	NotHere    WhyNot = "own_page"  // it can, on its own page
	NotOut     WhyNot = "out"       // the courier has it on the round
	NotLate    WhyNot = "late"      // too late for this delivery
	NotRoom    WhyNot = "no_room"   // there is no other slot, no other day
	NoPoints   WhyNot = "no_points" // nobody knows a point that its carrier goes to
)

// Possible is what can be changed about the delivery of an order now.
type Possible struct {
	Order      order.Order
	Parcel     order.Parcel // its ID is empty: nothing is packed yet
	Service    carrier.Service
	Connection carrier.Connection
	Offers     []ChangeOffer
	Not        []ChangeNot
	Why        WhyNot // why nothing is; empty: something is, or each is in Not
	Page       string // where the carrier takes changes itself; empty: nowhere

	story tracking.Story
	grams int
	zone  *time.Location
}

// ChangeOffer is a change that may be asked for, and what there is to choose.
type ChangeOffer struct {
	What     fact.ChangeKind
	Until    civil.Instant // exclusive; zero: as long as the parcel is not there
	Within   time.Duration // how long its carrier takes to answer
	Slots    []Slot
	Days     []civil.Day
	Networks []string // whose points it may be redirected to
	Holds    bool     // it can be asked for together with changes of other deliveries
}

// ChangeNot is one that is not, and why.
type ChangeNot struct {
	What fact.ChangeKind
	Why  WhyNot
}

// Days that are offered: to be brought on, and to be kept until.
const (
	daysOffered = 7
	daysHeld    = 14
)

// Can is what the carrier's service takes, by where the parcel is, until its
// cut-off. The fault is not_found at "order".
func (o *Office) Can(tx *db.Tx, m ident.Merchant, id ident.Order, d Delivery) (p Possible, err error) {
	if p.Order, err = order.Get(tx, m, id); err != nil {
		return p, err
	}
	if p.zone, err = civil.Zone(d.Zone); err != nil {
		return p, err
	}
	if p.Why, err = p.find(tx, m, d); err != nil || p.Why != "" {
		return p, err
	}
	changer, ok := carrier.As[carrier.Changer](o.Adapters, p.Connection.Adapter)
	if !ok {
		p.Why = NotCarrier
		if page, has := carrier.As[carrier.ChangePage](o.Adapters, p.Connection.Adapter); has && p.Parcel.Number != "" {
			p.Why, p.Page = NotHere, page.ChangePage(p.Parcel.Number)
		}
		return p, nil
	}
	for _, a := range changer.Changes(p.Service) {
		offer, why, err := p.consider(tx, m, a, d)
		switch {
		case err != nil:
			return p, err
		case why != "":
			p.Not = append(p.Not, ChangeNot{a.What, why})
		default:
			p.Offers = append(p.Offers, offer)
		}
	}
	return p, nil
}

// find reads the one parcel that is on its way, or what will carry it.
func (p *Possible) find(tx *db.Tx, m ident.Merchant, d Delivery) (why WhyNot, err error) {
	if p.Order.State == order.Cancelled {
		return NotOver, nil
	}
	if why, err = p.underway(tx, m); err != nil || why != "" {
		return why, err
	}
	if !d.Open || tx.Now >= d.Until {
		return NotSettled, nil
	}
	services, err := carrier.Services(tx, m)
	if err != nil {
		return "", err
	}
	id := p.Parcel.Service
	if id == "" {
		id = p.Order.Service
	}
	i := slices.IndexFunc(services, func(s carrier.Service) bool { return s.ID == id })
	if i < 0 {
		return NotCarrier, nil
	}
	p.Service = services[i]
	if p.Connection, err = carrier.Get(tx, m, p.Service.Connection); err != nil {
		return "", err
	}
	switch {
	case p.Order.Point != "" || p.Service.Mode.Collected():
		return NotPoint, nil
	case p.Parcel.ID == "" && p.Service.Mode != carrier.Slot:
		return NotPacked, nil
	}
	p.grams, err = gramsOf(tx, m, p.Order.ID)
	return "", err
}

// gramsOf is how heavy the goods of an order are.
func gramsOf(tx *db.Tx, m ident.Merchant, o ident.Order) (grams int, err error) {
	lines, err := order.Lines(tx, m, o)
	for _, l := range lines {
		grams += l.Grams * l.Units
	}
	return grams, err
}

func (p *Possible) underway(tx *db.Tx, m ident.Merchant) (WhyNot, error) {
	of, err := order.Parcels(tx, m, []ident.Order{p.Order.ID})
	if err != nil {
		return "", err
	}
	out := slices.DeleteFunc(of[p.Order.ID], func(x order.Parcel) bool { return x.Direction != fact.Out })
	ids := make([]ident.Parcel, len(out))
	for i, x := range out {
		ids[i] = x.ID
	}
	stories, err := tracking.Stories(tx, m, ids)
	if err != nil {
		return "", err
	}
	left := slices.DeleteFunc(slices.Clone(out), func(x order.Parcel) bool { return ended(stories[x.ID]) })
	switch {
	case len(out) > 0 && len(left) == 0:
		return NotOver, nil
	case len(out) > 1:
		return NotAlone, nil
	case len(left) == 1:
		p.Parcel, p.story = left[0], stories[left[0].ID]
	}
	return "", nil
}

// ended reports whether a parcel is there, waits at a point, or will not come.
func ended(s tracking.Story) bool {
	return s.Clocks.InHand.Known() || s.Clocks.Closed.Known() || s.Clocks.Ready.Known() || s.Status.Phase() == fact.PhaseReturn
}

// consider is one change, or why it is not offered.
func (p Possible) consider(tx *db.Tx, m ident.Merchant, a carrier.Allowance, d Delivery) (offer ChangeOffer, why WhyNot, err error) {
	offer = ChangeOffer{What: a.What, Within: a.Within, Holds: a.Holds}
	if !a.OnRoad {
		offer.Until = p.begins(d).Add(-a.Before)
		switch {
		case p.story.Status.Phase() == fact.PhaseLastMile && p.story.Status != fact.FailedAttempt:
			return offer, NotOut, nil
		case tx.Now >= offer.Until:
			return offer, NotLate, nil
		}
	}
	switch {
	case a.What == fact.Reschedule && d.Slot:
		offer.Slots, err = p.slots(tx, m, d)
		return offer, unlessAny(len(offer.Slots)), err
	case a.What == fact.Reschedule:
		offer.Days = p.days(tx.Now, d, 0, daysOffered)
		return offer, unlessAny(len(offer.Days)), nil
	case a.What == fact.HoldBack:
		offer.Days = p.days(tx.Now, d, daysOffered, daysHeld)
		return offer, unlessAny(len(offer.Days)), nil
	case a.What == fact.Redirect:
		return p.considerPoints(tx, m, offer, d)
	}
	return offer, "", nil
}

// considerPoints is where the parcel may be collected instead: at points of its
// carrier's network, and in the shop's own stores.
func (p Possible) considerPoints(tx *db.Tx, m ident.Merchant, offer ChangeOffer, d Delivery) (ChangeOffer, WhyNot, error) {
	for _, network := range []string{p.Connection.Adapter, string(m)} {
		listed, err := relay.Listed(tx, network)
		if err != nil {
			return offer, "", err
		}
		if listed {
			offer.Networks = append(offer.Networks, network)
		}
	}
	if len(offer.Networks) == 0 {
		return offer, NoPoints, nil
	}
	offer.Days = p.days(tx.Now, d, -1, 1)
	return offer, unlessAny(len(offer.Days)), nil
}

func unlessAny(n int) WhyNot {
	if n == 0 {
		return NotRoom
	}
	return ""
}

// begins is when the delivery may begin: with its slot, or its last day.
func (p Possible) begins(d Delivery) civil.Instant {
	if d.Slot {
		return d.From
	}
	return (d.Until - 1).Day(p.zone).Start(p.zone)
}

// slots are the other ones of the service.
func (p Possible) slots(tx *db.Tx, m ident.Merchant, d Delivery) ([]Slot, error) {
	slots, err := Offer(tx, m, Asking{Services: []ident.Service{p.Service.ID}, Zone: p.zone, Now: tx.Now})
	return slices.DeleteFunc(slots, func(s Slot) bool { return s.From == d.From && s.Until == d.Until }), err
}

// days are those on which the service brings parcels, so many of them after the
// day of the promise, some passed over; -1 begins with that day itself.
func (p Possible) days(now civil.Instant, d Delivery, skip, upTo int) (days []civil.Day) {
	t := timetable{service: p.Service}
	last := max((d.Until - 1).Day(p.zone), now.Day(p.zone))
	from := last + 1
	if skip < 0 {
		from, skip = max(last, now.Day(p.zone)+1), 0
	}
	for day := from; len(days) < upTo && day < from+60; day++ {
		if t.delivers(day) {
			days = append(days, day)
		}
	}
	return days[min(skip, len(days)):]
}

// offer is the offer of a kind; the fault says why there is none.
func (p Possible) offer(what fact.ChangeKind) (ChangeOffer, error) {
	for _, offer := range p.Offers {
		if offer.What == what {
			return offer, nil
		}
	}
	for _, not := range p.Not {
		switch {
		case not.What == what && not.Why == NotLate:
			return ChangeOffer{}, fault.New(fault.Conflict, "change_too_late", "what")
		case not.What == what && not.Why == NotOut:
			return ChangeOffer{}, fault.New(fault.Conflict, "change_out", "what")
		}
	}
	if p.Why == NotSettled || p.Why == NotOver {
		return ChangeOffer{}, fault.New(fault.Conflict, "change_too_late", "what")
	}
	return ChangeOffer{}, fault.New(fault.Conflict, "change_not_offered", "what")
}

// wanted is what a wish asks for exactly, out of an offer.
func (p Possible) wanted(tx *flow.Tx, m ident.Merchant, offer ChangeOffer, w Wish, d Delivery) (fact.Wanted, string, error) {
	switch offer.What {
	case fact.LeaveSafe, fact.ToNeighbour:
		words := text.Lines(w.Words)
		var faults fault.List
		text.Required(&faults, "spot", words, maxWords)
		return fact.Wanted{}, words, faults.Err()
	case fact.Redirect:
		want := p.on(offer.Days[0])
		want.Point = w.Point
		return want, "", p.fits(tx.Tx, offer, w.Point, want, m)
	}
	if d.Slot {
		want := fact.Wanted{From: w.Slot.From, Until: w.Slot.Until, Slot: true}
		if err := civil.CheckInstant("slot", w.Slot.From, tx.Now); err != nil {
			return want, "", err
		}
		if w.Slot == d.Window {
			return want, "", fault.New(fault.Invalid, "change_same_slot", "slot")
		}
		_, err := slotAt(tx.Tx, m, p.Service.ID, want, d.Zone)
		return want, "", err
	}
	if !slices.Contains(offer.Days, w.Day) {
		return fact.Wanted{}, "", fault.New(fault.Invalid, "change_day", "day")
	}
	return p.on(w.Day), "", nil
}

// on is the whole of a day.
func (p Possible) on(day civil.Day) fact.Wanted {
	return fact.Wanted{From: day.Start(p.zone), Until: day.End(p.zone)}
}

// holdOpen is how long after it came a point must open at all.
const holdOpen = 7 * 24 * time.Hour

// fits refuses a point to which the parcel can not go. The faults are
// point_unknown, point_gone, point_not_served, point_too_small and point_closed.
func (p Possible) fits(tx *db.Tx, offer ChangeOffer, id ident.Point, want fact.Wanted, m ident.Merchant) error {
	point, err := relay.Get(tx, id)
	if fault.Is(err, "not_found") || err == nil && point.Owner() != "" && point.Owner() != m {
		return fault.New(fault.Invalid, "point_unknown", "point", "value", string(id))
	}
	switch {
	case err != nil:
		return err
	case !point.Gone.IsZero():
		return fault.New(fault.Conflict, "point_gone", "point", "name", point.Name)
	case !slices.Contains(offer.Networks, point.Network) || !point.Offers(relay.Collect):
		return fault.New(fault.Conflict, "point_not_served", "point", "name", point.Name, "service", p.Service.Name)
	}
	reason, err := point.Unfit(relay.Query{Grams: p.grams, Now: tx.Now, Since: want.From, Until: want.From.Add(holdOpen)})
	switch {
	case err != nil:
		return err
	case reason == relay.TooHeavy:
		return fault.New(fault.Conflict, "point_too_small", "point", "name", point.Name, "limit", point.Limits.MaxGrams)
	case reason == relay.ClosedAllHold:
		return fault.New(fault.Conflict, "point_closed", "point", "name", point.Name)
	}
	return nil
}

// Grams is how heavy the goods are, to look for points.
func (p Possible) Grams() int { return p.grams }

// slotAt finds the slot of a service with these ends, by the destination's
// clocks. The faults are unknown_slot and slot_closed, at "slot".
func slotAt(tx *db.Tx, m ident.Merchant, s ident.Service, w fact.Wanted, zone string) (Slot, error) {
	slot, err := slotOf(tx, m, Booking{Service: s, From: w.From, Until: w.Until, Zone: zone})
	switch {
	case fault.Is(err, "unknown_slot"):
		return slot, fault.New(fault.Conflict, "unknown_slot", "slot")
	case err == nil && slot.Closed(tx.Now):
		return slot, fault.New(fault.Conflict, "slot_closed", "slot")
	}
	return slot, err
}
