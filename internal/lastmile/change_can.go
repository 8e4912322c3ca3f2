package lastmile

import (
	"cmp"
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
	NotLawful  WhyNot = "excluded"  // the law lets nobody withdraw from some of its goods
)

// Possible is what can be changed about the delivery of an order now.
type Possible struct {
	Order      order.Order
	Parcel     order.Parcel // its ID is empty: nothing is packed yet
	Service    carrier.Service
	Connection carrier.Connection
	Offers     []ChangeOffer
	Not        []ChangeNot
	Why        WhyNot // why its carrier can be asked for nothing; empty: for something, or each is in Not
	Page       string // where the carrier takes changes itself; empty: nowhere

	merchant ident.Merchant
	story    tracking.Story
	goods    []order.Line
	whole    bool // every unit is packed, or will not be sent
	zone     *time.Location
}

// ChangeOffer is a change that may be asked for, and what there is to choose.
type ChangeOffer struct {
	What     fact.ChangeKind
	Until    civil.Instant // exclusive; zero: as long as the parcel is not there
	Within   time.Duration // how long its carrier takes to answer
	Slots    []Slot
	Days     []civil.Day
	Networks []string    // whose points it may be redirected to
	Closed   []civil.Day // of the days there would be, those that an incident takes
	AtOnce   bool        // nobody has to agree: no carrier has it yet
	Holds    bool        // it can be asked for together with changes of other deliveries
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
	p.merchant = m
	if p.Order, err = order.Get(tx, m, id); err != nil {
		return p, err
	}
	if p.zone, err = civil.Zone(d.Zone); err != nil {
		return p, err
	}
	if p.Why, err = p.find(tx, m, d); err != nil {
		return p, err
	}
	switch {
	case p.Why == NotPacked: // then its door is the shop's affair alone
		p.Offers = []ChangeOffer{{What: fact.Readdress, AtOnce: true}}
		return p, nil
	case p.Why == NotSettled && p.Service.ID != "": // late, and still to be taken back
		return p, o.askable(&p, tx, d, fact.CallBack)
	case p.Why != "":
		return p, nil
	}
	return p, o.askable(&p, tx, d, fact.ChangeKinds...)
}

// askable is what of some changes its carrier takes now.
func (o *Office) askable(p *Possible, tx *db.Tx, d Delivery, kinds ...fact.ChangeKind) error {
	changer, ok := carrier.As[carrier.Changer](o.Adapters, p.Connection.Adapter)
	if !ok && p.Why == "" {
		p.Why = NotCarrier
		if page, has := carrier.As[carrier.ChangePage](o.Adapters, p.Connection.Adapter); has && p.Parcel.Number != "" {
			p.Why, p.Page = NotHere, page.ChangePage(p.Parcel.Number)
		}
	}
	if !ok {
		return nil
	}
	for _, a := range changer.Changes(p.Service) {
		if !slices.Contains(kinds, a.What) || a.What == fact.CallBack && p.Parcel.ID == "" {
			continue // an order of which nothing is packed is taken back at the shop's
		}
		offer, why, err := p.consider(tx, a, d)
		switch {
		case err != nil:
			return err
		case why != "":
			p.Not = append(p.Not, ChangeNot{a.What, why})
		default:
			p.Offers = append(p.Offers, offer)
		}
	}
	return nil
}

// find reads the one parcel that is on its way, or what will carry it.
func (p *Possible) find(tx *db.Tx, m ident.Merchant, d Delivery) (why WhyNot, err error) {
	if p.Order.State == order.Cancelled {
		return NotOver, nil
	}
	if _, recalled, err := db.One(tx, sqlRecalled, db.Scalar[int64], m, p.Order.ID); err != nil || recalled {
		return NotOver, err
	}
	if why, err = p.underway(tx, m); err != nil || why != "" {
		return why, err
	}
	known, err := p.carried(tx, m)
	switch {
	case err != nil:
		return "", err
	case !d.Open || tx.Now >= d.Until:
		return NotSettled, nil
	case !known:
		return NotCarrier, nil
	case p.Order.Point != "" || p.Service.Mode.Collected():
		return NotPoint, nil
	case p.Parcel.ID == "" && p.Service.Mode != carrier.Slot:
		return NotPacked, nil
	}
	return "", nil
}

// carried reads what the order is, and by which service it goes; false when nobody
// knows one.
func (p *Possible) carried(tx *db.Tx, m ident.Merchant) (known bool, err error) {
	if p.goods, err = goodsOf(tx, m, p.Order.ID); err != nil {
		return false, err
	}
	packed, err := order.Packed(tx, m, []ident.Order{p.Order.ID})
	if err != nil {
		return false, err
	}
	p.whole = packed[p.Order.ID]
	services, err := carrier.Services(tx, m)
	if err != nil {
		return false, err
	}
	id := cmp.Or(p.Parcel.Service, p.Order.Service)
	i := slices.IndexFunc(services, func(s carrier.Service) bool { return s.ID == id })
	if i < 0 {
		return false, nil
	}
	p.Service = services[i]
	p.Connection, err = carrier.Get(tx, m, p.Service.Connection)
	return true, err
}

// goodsOf is the goods of an order.
func goodsOf(tx *db.Tx, m ident.Merchant, o ident.Order) ([]order.Line, error) {
	lines, err := order.Lines(tx, m, o)
	return slices.DeleteFunc(lines, func(l order.Line) bool { return l.Kind != order.Goods }), err
}

// Grams is how heavy the goods are, to look for points.
func (p Possible) Grams() (grams int) {
	for _, l := range p.goods {
		grams += l.Grams * l.Units
	}
	return grams
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
func (p Possible) consider(tx *db.Tx, a carrier.Allowance, d Delivery) (offer ChangeOffer, why WhyNot, err error) {
	offer = ChangeOffer{What: a.What, Within: a.Within, Holds: a.Holds}
	if offer.Until, why = p.cutOff(tx.Now, a, d); why != "" {
		return offer, why, nil
	}
	switch {
	case a.What == fact.Reschedule && d.Slot:
		offer.Slots, offer.Closed, err = p.slots(tx, d)
		return offer, unlessAny(len(offer.Slots)), err
	case a.What == fact.Reschedule:
		offer.Days, offer.Closed = p.days(tx.Now, d, 0, daysOffered)
		return offer, unlessAny(len(offer.Days)), nil
	case a.What == fact.HoldBack:
		offer.Days, offer.Closed = p.days(tx.Now, d, daysOffered, daysHeld)
		return offer, unlessAny(len(offer.Days)), nil
	case a.What == fact.Redirect:
		return p.considerPoints(tx, offer, d)
	case a.What == fact.Readdress:
		if p.Parcel.ID == "" {
			offer.AtOnce, offer.Within = true, 0
		}
	case a.What == fact.CallBack:
		return offer, p.recallable(), nil
	}
	return offer, "", nil
}

// cutOff is until when a change is taken, or why it is not any more. Another door is
// locked for good once the parcel was out for delivery, failed or not: whoever reads
// along must not have it follow them. A parcel that is late is taken back until it is
// out: the hour before its delivery has passed.
func (p Possible) cutOff(now civil.Instant, a carrier.Allowance, d Delivery) (until civil.Instant, why WhyNot) {
	if a.OnRoad {
		return 0, ""
	}
	out := p.story.Status.Phase() == fact.PhaseLastMile
	if out && (p.story.Status != fact.FailedAttempt || a.What == fact.Readdress) {
		return 0, NotOut
	}
	if a.What == fact.Readdress && p.story.Clocks.Presented.Known() {
		return 0, NotOut
	}
	if a.What == fact.CallBack && (!d.Open || now >= d.Until) {
		return 0, ""
	}
	if until = p.begins(d).Add(-a.Before); now >= until {
		return until, NotLate
	}
	return until, ""
}

// recallable is why a parcel is not taken back: with it the shopper withdraws from
// the whole order, so all of it must be in it, and nothing that the law leaves out.
func (p Possible) recallable() WhyNot {
	switch {
	case !p.whole:
		return NotAlone
	case slices.ContainsFunc(p.goods, func(l order.Line) bool { return l.Traits.Excluded != "" }):
		return NotLawful
	}
	return ""
}

// considerPoints is where the parcel may be collected instead: at points of its
// carrier's network, and in the shop's own stores.
func (p Possible) considerPoints(tx *db.Tx, offer ChangeOffer, d Delivery) (ChangeOffer, WhyNot, error) {
	for _, network := range []string{p.Connection.Adapter, string(p.merchant)} {
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
	offer.Days, offer.Closed = p.days(tx.Now, d, -1, 1)
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

// slots are the other ones of the service; closed the days of those that incidents
// take.
func (p Possible) slots(tx *db.Tx, d Delivery) (free []Slot, closed []civil.Day, err error) {
	all, err := Offer(tx, p.merchant, Asking{Services: []ident.Service{p.Service.ID}, Zone: p.zone, Now: tx.Now})
	for _, s := range all {
		switch {
		case s.From == d.From && s.Until == d.Until:
		case !d.closed(s.Day):
			free = append(free, s)
		case !slices.Contains(closed, s.Day):
			closed = append(closed, s.Day)
		}
	}
	return free, closed, err
}

// closed reports whether an incident takes a day.
func (d Delivery) closed(day civil.Day) bool {
	return slices.ContainsFunc(d.Closed, func(r civil.Days) bool { return r.First <= day && day <= r.Last })
}

// days are those on which the service brings parcels, so many of them after the
// day of the promise, some passed over; -1 begins with that day itself. closed are
// those among them that incidents take.
func (p Possible) days(now civil.Instant, d Delivery, skip, upTo int) (days, closed []civil.Day) {
	t := timetable{service: p.Service}
	last := max((d.Until - 1).Day(p.zone), now.Day(p.zone))
	from := last + 1
	if skip < 0 {
		from, skip = max(last, now.Day(p.zone)+1), 0
	}
	for day := from; len(days) < upTo && day < from+60; day++ {
		switch {
		case !t.delivers(day):
		case d.closed(day):
			closed = append(closed, day)
		default:
			days = append(days, day)
		}
	}
	return days[min(skip, len(days)):], closed
}

// Offered is the offer of a kind; the fault, at "what", says why there is none:
// change_too_late, change_out or change_not_offered.
func (p Possible) Offered(what fact.ChangeKind) (ChangeOffer, error) {
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
	case fact.CallBack:
		return fact.Wanted{}, "", nil
	case fact.Readdress:
		want, err := w.Reach.wanted(w.Slot, d)
		return want, "", err
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

// wanted is the promise at another door, where it is another one: the shopper has
// agreed to its window. The faults are change_not_offered where nobody said that the
// service goes there, and change_moves_day.
func (r Reach) wanted(agreed civil.Window, d Delivery) (want fact.Wanted, err error) {
	switch {
	case r.To.Street == "":
		return want, fault.New(fault.Conflict, "change_not_offered", "what")
	case r.Window == civil.Window{}:
		return want, nil
	case r.Window.Until != agreed.Until:
		zone, err := civil.Zone(r.Zone)
		if err != nil {
			return want, err
		}
		return want, fault.New(fault.Conflict, "change_moves_day", "until", "day", (r.Window.Until - 1).Day(zone), "until", r.Window.Until.String())
	}
	want = fact.Wanted{From: r.Window.From, Until: r.Window.Until}
	if r.Zone != d.Zone {
		want.Zone = r.Zone
	}
	return want, nil
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
	reason, err := point.Unfit(relay.Query{Grams: p.Grams(), Now: tx.Now, Since: want.From, Until: want.From.Add(holdOpen)})
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
