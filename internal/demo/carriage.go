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
}

// carriage is all that will become of an order's parcel. It is drawn when the
// order is placed and never changes.
type carriage struct {
	announced civil.Instant // the shop tells us its number
	scans     []scan        // in the order they happen
}

// journey is what a carriage is drawn for.
type journey struct {
	placed   civil.Instant
	promised civil.Instant // the end of what the shopper was told; 0 when nothing was
	to       town
	city     bool // in an agglomeration
	slow     bool // the shop hands it over later than it said
	fate     fate
}

// standard is how many of its working days the carrier says it takes.
func (j journey) standard() int {
	if j.city {
		return 1
	}
	return 2
}

// carry draws what becomes of a parcel.
func (s *shop) carry(d dice, j journey) carriage {
	c := s.trade.cutoffs()
	day, _ := c.Dispatch(j.placed, s.days.shop, s.days.carrier)
	if j.slow {
		day = s.days.shop.Add(day, 1+d.IntN(3))
	}
	van := s.local(day, s.trade.collect).Add(d.between(0, 40*time.Minute))
	van = max(van, j.placed.Add(30*time.Minute))
	announced := van.Add(-d.between(10*time.Minute, 4*time.Hour))
	r := route{shop: s, d: d, journey: j}
	r.hubs(van)
	r.end(s.days.carrier.Add(van.Day(s.trade.zone()), j.standard()))
	return carriage{announced: max(announced, j.placed.Add(10*time.Minute)), scans: r.scans}
}

// local is the instant at which the clocks of Paris show a minute of a day.
func (s *shop) local(day civil.Day, minute int) civil.Instant {
	y, m, d := day.Date()
	return civil.At(time.Date(y, m, d, 0, minute, 0, 0, s.trade.zone()))
}

// route is a carriage as it is drawn.
type route struct {
	*shop
	journey
	d     dice
	scans []scan
}

func (r *route) see(at civil.Instant, status, label, where string) *scan {
	r.scans = append(r.scans, scan{at: at, status: status, label: label, where: where})
	return &r.scans[len(r.scans)-1]
}

// hubs is the way of the parcel until it is near.
func (r *route) hubs(van civil.Instant) {
	r.see(van.Add(-r.d.between(5*time.Minute, 2*time.Hour)), "pending", "Annoncé par l'expéditeur", "")
	r.see(van, "picked_up", "Pris en charge par le transporteur", r.trade.postcode)
	if r.fate == silent && r.d.chance(0.5) {
		return
	}
	hub := van.Add(r.d.between(2*time.Hour, 4*time.Hour))
	r.see(hub, "in_transit", "En cours d'acheminement", "Plateforme "+r.trade.postcode[:2])
	if r.fate != silent {
		r.see(hub.Add(r.d.between(time.Hour, 4*time.Hour)), "in_transit", "Parti de la plateforme", "Plateforme "+r.trade.postcode[:2])
	}
}

// end is what happens from the day on which the standard says it is delivered.
func (r *route) end(day civil.Day) {
	next := r.days.carrier.Add(day, 1)
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
		r.handOver(r.local(day, 12*60)).precision = "day"
	case lost:
		r.missing(day)
	case nextDay:
		r.astray(day)
		r.doorstep(next)
	case daysLate:
		r.astray(day)
		r.doorstep(r.days.carrier.Add(day, 3+r.d.IntN(3)))
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
	r.see(r.local(day, 5*60).Add(r.d.between(0, 2*time.Hour)), "arrived_local", "Arrivé au site de distribution", r.to.city)
	van = r.local(day, 7*60+30).Add(r.d.between(0, 90*time.Minute))
	r.see(van, "out_for_delivery", "En cours de livraison", r.to.city)
	return van
}

var doors = []share[string]{{"doorstep", 50}, {"mailbox", 30}, {"neighbour", 8}, {"reception", 8}, {"safe_place", 4}}

// doorstep is a delivery.
func (r *route) doorstep(day civil.Day) {
	r.near(day)
	r.handOver(r.local(day, 9*60+30).Add(r.d.between(0, 10*time.Hour)))
}

func (r *route) handOver(at civil.Instant) *scan {
	s := r.see(at, "delivered", "Livré", r.to.city)
	s.place = draw(r.d, doors)
	return s
}

// edge is the end of the day the shopper was told, or of the standard's when
// nothing was, or nothing the carrier could still keep.
func (r *route) edge(day civil.Day) (told civil.Day, end civil.Instant) {
	told = (r.promised - 1).Day(r.trade.zone())
	if r.promised == 0 || told < day || told > day+7 {
		told = day
	}
	return told, told.End(r.trade.zone())
}

// astray is a parcel that the hub sent the wrong way.
func (r *route) astray(day civil.Day) {
	s := r.see(r.local(day, 6*60).Add(r.d.between(0, 3*time.Hour)), "exception", "Erreur de tri, nouvel acheminement", "Plateforme 45")
	s.reason = "sort_error"
}

// attempt is a delivery to a closed door.
func (r *route) attempt(day civil.Day) {
	van := r.near(day)
	s := r.see(van.Add(r.d.between(time.Hour, 8*time.Hour)), "failed_attempt", "Destinataire absent", r.to.city)
	s.reason = "absent"
}

// missing is a parcel that is looked for, and given up.
func (r *route) missing(day civil.Day) {
	found := r.days.carrier.Add(day, 6+r.d.IntN(4))
	s := r.see(r.local(found, 14*60).Add(r.d.between(0, 3*time.Hour)), "lost", "Colis déclaré perdu", "Service client")
	s.reason = "lost"
}

// sentBack is a parcel the shopper does not want.
func (r *route) sentBack(day civil.Day) {
	van := r.near(day)
	s := r.see(van.Add(r.d.between(time.Hour, 8*time.Hour)), "failed_attempt", "Refusé par le destinataire", r.to.city)
	s.reason = "refused"
	r.see(r.local(day, 19*60), "returning", "Retour à l'expéditeur", r.to.city)
	home := r.days.carrier.Add(day, 2+r.standard())
	r.see(r.local(home, 11*60), "returned", "Rendu à l'expéditeur", r.trade.postcode)
}

// wrongDoor is a delivery that was none: the carrier says so in the evening.
func (r *route) wrongDoor(day civil.Day) {
	van := r.near(day)
	at := van.Add(r.d.between(2*time.Hour, 8*time.Hour))
	r.see(at, "delivered", "Livré", r.to.city).place = "doorstep"
	s := r.see(at.Add(r.d.between(2*time.Hour, 6*time.Hour)), "exception", "Livraison annulée, remis au mauvais destinataire", r.to.city)
	s.reason, s.supersedes = "misrouted", "delivered"
}
