package demo

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// scan is something the carrier saw.
type scan struct {
	at                       civil.Instant
	status, label            string
	reason, place, precision string
	supersedes               string
	where                    string
	eta                      civil.Instant // when the courier says that it comes
}

// carriage is all that will become of an order's parcel. It is drawn when the
// order is placed and never changes.
type carriage struct {
	announced civil.Instant // the shop tells us its number
	scans     []scan        // in the order they happen
}

// door is when the goods are handed over; 0 when they never are.
func (c carriage) door() (at civil.Instant) {
	for _, s := range c.scans {
		if s.status == "delivered" {
			at = s.at
		}
	}
	return at
}

// journey is what a carriage is drawn for.
type journey struct {
	placed   civil.Instant
	promised civil.Instant // the end of what the shopper was told; 0 when nothing was
	to       town
	near     bool // in an agglomeration
	by       *hauler
	slow     bool // the shop hands it over later than it said
	fate     fate
	sky      sky
}

// carry draws what becomes of a parcel.
func (s *shop) carry(d dice, j journey) carriage {
	van := s.van(d, j)
	announced := van.Add(-d.between(10*time.Minute, 4*time.Hour))
	r := route{shop: s, d: d, journey: j, days: draw(d, j.by.tempo(j.near).takes)}
	r.hubs(van)
	r.end(r.held(s.days.carrier.Add(van.Day(paris), r.days)))
	return carriage{announced: max(announced, j.placed.Add(10*time.Minute)), scans: r.scans}
}

// packing is how long it takes at least until an order can leave.
const packing = 30 * time.Minute

// van is the instant at which the carrier takes the parcel. It is the day the
// shop thinks of, unless the van had gone when the order came.
func (s *shop) van(d dice, j journey) civil.Instant {
	c := s.trade.cutoffs()
	day, _ := c.Dispatch(j.placed, s.days.shop, s.days.carrier)
	if j.slow {
		day = s.days.shop.Add(day, 1+d.IntN(3))
	}
	late := d.between(0, 40*time.Minute)
	for !s.days.carrier.Is(day) || local(day, s.trade.van).Add(late) < j.placed.Add(packing) {
		day = s.days.shop.Add(day, 1)
	}
	return local(day, s.trade.van).Add(late)
}

// route is a carriage as it is drawn.
type route struct {
	*shop
	journey
	d     dice
	days  int // of the carrier's, that the way really takes
	scans []scan
}

func (r *route) see(at civil.Instant, status, label, where string) *scan {
	r.scans = append(r.scans, scan{at: at, status: status, label: label, where: where})
	return &r.scans[len(r.scans)-1]
}

// hubs is the way of the parcel until it is near.
func (r *route) hubs(van civil.Instant) {
	r.see(van.Add(-r.d.between(5*time.Minute, 2*time.Hour)), "pending", "Annoncé par l'expéditeur", "")
	r.see(van, "picked_up", "Pris en charge par le transporteur", r.trade.Postcode)
	if r.fate == silent && r.d.chance(0.5) {
		return
	}
	hub := van.Add(r.d.between(2*time.Hour, 4*time.Hour))
	r.see(hub, "in_transit", "En cours d'acheminement", "Plateforme "+r.trade.Postcode[:2])
	if r.fate != silent {
		r.see(hub.Add(r.d.between(time.Hour, 4*time.Hour)), "in_transit", "Parti de la plateforme", "Plateforme "+r.trade.Postcode[:2])
	}
}

// held waits for the first day on which nothing keeps the carrier from the
// place, and says why it waits.
func (r *route) held(day civil.Day) civil.Day {
	for range 10 {
		h, ok := r.sky.keeps(r.by, r.to, day)
		if !ok || r.fate == silent {
			break
		}
		at := max(h.from, local(day, hour(6)+30)).Add(r.d.between(0, 90*time.Minute))
		day = r.shop.days.carrier.Add(day, 1)
		reason, label := h.kind.reason()
		s := r.see(at, "exception", label, r.to.city)
		s.reason, s.eta = reason, local(day, hour(18))
	}
	return day
}

// end is what happens from the day on which it would be delivered.
func (r *route) end(day civil.Day) {
	next := r.shop.days.carrier.Add(day, 1)
	told, midnight := r.edge(day)
	switch r.fate {
	case silent:
	case lastTick:
		r.near(told)
		r.handOver(midnight.Add(-time.Second))
	case firstTick:
		r.near(told)
		r.handOver(midnight)
	case dayOnly:
		r.near(day)
		r.handOver(local(day, hour(12))).precision = "day"
	case lost:
		r.missing(day)
	case nextDay:
		r.astray(day, next)
		r.doorstep(next)
	case daysLate:
		comes := r.shop.days.carrier.Add(day, 3+r.d.IntN(3))
		r.astray(day, comes)
		r.doorstep(comes)
	case absent:
		r.attempt(day)
		r.doorstep(next)
	case refused:
		r.sentBack(day)
	case mistaken:
		r.wrongDoor(day)
		r.doorstep(next)
	case confused:
		r.doorstep(day)
		r.doorstep(next)
	default:
		r.doorstep(day)
	}
}

// near is the morning of the day on which the parcel comes.
func (r *route) near(day civil.Day) (van civil.Instant) {
	r.see(local(day, hour(5)).Add(r.d.between(0, 2*time.Hour)), "arrived_local", "Arrivé au site de distribution", r.to.city)
	van = local(day, hour(7)+30).Add(r.d.between(0, 90*time.Minute))
	r.see(van, "out_for_delivery", "En cours de livraison", r.to.city)
	return van
}

var doors = []share[string]{{"doorstep", 50}, {"mailbox", 30}, {"neighbour", 8}, {"reception", 8}, {"safe_place", 4}}

// doorstep is a delivery.
func (r *route) doorstep(day civil.Day) {
	r.near(day)
	r.handOver(local(day, hour(9)+30).Add(r.d.between(0, 10*time.Hour)))
}

func (r *route) handOver(at civil.Instant) *scan {
	s := r.see(at, "delivered", "Livré", r.to.city)
	s.place = draw(r.d, doors)
	return s
}

// edge is the end of the day the shopper was told, or of its own when nothing
// was, or nothing the carrier could still keep.
func (r *route) edge(day civil.Day) (told civil.Day, end civil.Instant) {
	told = (r.promised - 1).Day(paris)
	if r.promised == 0 || told < day || told > day+7 {
		told = day
	}
	return told, told.End(paris)
}

// astray is a parcel that the hub sent the wrong way. Only the honest carrier
// says when it will really come.
func (r *route) astray(day, comes civil.Day) {
	s := r.see(local(day, hour(6)).Add(r.d.between(0, 3*time.Hour)), "exception", "Erreur de tri, nouvel acheminement", "Plateforme 45")
	s.reason = "sort_error"
	if r.by == express {
		s.eta = local(comes, hour(18))
	}
}

// attempt is a delivery to a closed door.
func (r *route) attempt(day civil.Day) {
	van := r.near(day)
	s := r.see(van.Add(r.d.between(time.Hour, 8*time.Hour)), "failed_attempt", "Destinataire absent", r.to.city)
	s.reason = "absent"
}

// missing is a parcel that is looked for, and given up.
func (r *route) missing(day civil.Day) {
	found := r.shop.days.carrier.Add(day, 6+r.d.IntN(4))
	s := r.see(local(found, 14*60).Add(r.d.between(0, 3*time.Hour)), "lost", "Colis déclaré perdu", "Service client")
	s.reason = "lost"
}

// sentBack is a parcel the shopper does not want.
func (r *route) sentBack(day civil.Day) {
	van := r.near(day)
	s := r.see(van.Add(r.d.between(time.Hour, 8*time.Hour)), "failed_attempt", "Refusé par le destinataire", r.to.city)
	s.reason = "refused"
	r.see(local(day, hour(19)), "returning", "Retour à l'expéditeur", r.to.city)
	home := r.shop.days.carrier.Add(day, 2+r.days)
	r.see(local(home, 11*60), "returned", "Rendu à l'expéditeur", r.trade.Postcode)
}

// wrongDoor is a delivery that was none: the carrier says so in the evening.
func (r *route) wrongDoor(day civil.Day) {
	van := r.near(day)
	at := van.Add(r.d.between(2*time.Hour, 8*time.Hour))
	r.see(at, "delivered", "Livré", r.to.city).place = "doorstep"
	s := r.see(at.Add(r.d.between(2*time.Hour, 6*time.Hour)), "exception", "Livraison annulée, remis au mauvais destinataire", r.to.city)
	s.reason, s.supersedes = "misrouted", "delivered"
}
