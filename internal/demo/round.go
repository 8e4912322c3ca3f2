package demo

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// ride is what becomes of an order by appointment.
type ride int

const (
	inSlot   ride = iota
	halfHour      // thirty minutes after the slot, to the second: an apology, and no more
	behind        // thirty-one minutes or more, and the shopper is told first
	ahead         // could come early, and asks
	hasty         // comes early and does not ask
	nobody        // opens the door: the next day again
)

// appointment is what a round is drawn for.
type appointment struct {
	placed civil.Instant
	slot   civil.Window
	to     town
	ride   ride
	sky    sky
}

// round is what a courier does about an appointment, as it is drawn.
type round struct {
	*shop
	appointment
	d         dice
	announced civil.Instant
	scans     []scan
	door      civil.Instant // when the goods are handed over
	asks      civil.Instant // when the courier asks to come early; 0: it does not
	early     civil.Instant // and when it could
}

// drive draws a round.
func (s *shop) drive(d dice, a appointment) *round {
	r := &round{shop: s, appointment: a, d: d}
	left := max(a.slot.From.Add(-d.between(65*time.Minute, 150*time.Minute)), a.placed.Add(packing))
	r.announced = max(left.Add(-d.between(10*time.Minute, time.Hour)), a.placed.Add(10*time.Minute))
	r.see(left, "left", "Commande chargée")
	r.door = a.slot.From.Add(d.between(time.Minute, a.slot.Until.Sub(a.slot.From)))
	if h, ok := a.sky.keeps(nil, a.to, a.slot.From.Day(paris)); ok {
		reason, label := h.kind.reason()
		r.run(d.between(35*time.Minute, 3*time.Hour), reason, label) // courage, but no speed
		return r
	}
	switch a.ride {
	case ahead:
		r.hope()
	case hasty:
		r.door = a.slot.From.Add(-d.between(5*time.Minute, 40*time.Minute))
		r.arrive()
	case halfHour:
		r.door = a.slot.Until.Add(30 * time.Minute)
		r.arrive()
	case behind:
		r.run(d.between(31*time.Minute, 80*time.Minute), "delay", "Circulation difficile")
	case nobody:
		r.wait()
	default:
		r.arrive()
	}
	return r
}

func (r *round) see(at civil.Instant, status, label string) *scan {
	r.scans = append(r.scans, scan{at: at, status: status, label: label, where: r.to.city})
	return &r.scans[len(r.scans)-1]
}

// out is the courier on the way, some minutes before the door.
func (r *round) out(door civil.Instant) {
	left := r.scans[0].at
	r.see(max(door.Add(-r.d.between(4*time.Minute, 25*time.Minute)), left.Add(time.Minute)), "on_round", "En tournée")
}

// arrive is a round that ends at the door.
func (r *round) arrive() {
	r.out(r.door)
	r.door = max(r.door, r.scans[len(r.scans)-1].at.Add(time.Minute))
	r.handOver()
}

func (r *round) handOver() { r.see(r.door, "delivered", "Remis").place = draw(r.d, hands) }

// hands are in whose the goods are left: the shopper's when nobody says.
var hands = []share[string]{{"", 90}, {"neighbour", 5}, {"reception", 5}}

// run is a round that comes after the slot, by so much, and says so while there
// is time.
func (r *round) run(late time.Duration, reason, label string) {
	r.door = r.slot.Until.Add(late)
	r.out(r.slot.From)
	known := r.slot.Until.Add(-r.d.between(10*time.Minute, 40*time.Minute))
	s := r.see(known, "on_round", label+", arrivée vers "+r.door.In(paris).Format("15:04"))
	s.eta, s.reason = r.door, reason
	r.handOver()
}

// wait is a round to a door that nobody opens, and the next one.
func (r *round) wait() {
	r.out(r.door)
	r.see(r.door.Add(time.Minute), "failed", "Personne n'a ouvert").reason = "absent"
	day := r.days.shop.Add(r.slot.From.Day(paris), 1)
	r.door = local(day, hour(17)).Add(r.d.between(0, 2*time.Hour))
	r.handOver()
}

// hope is a courier with time to spare: what comes of it hangs on an answer, and
// is drawn when there is one.
func (r *round) hope() {
	left := r.scans[0].at
	r.asks = max(left.Add(5*time.Minute), r.slot.From.Add(-r.d.between(60*time.Minute, 90*time.Minute)))
	r.early = r.asks.Add(r.d.between(25*time.Minute, 40*time.Minute))
}

// meet ends a round whose courier asked: early with the shopper's consent, in
// the slot without.
func (r *round) meet(consent bool) {
	r.scans = nil
	door := r.door
	if consent {
		door = r.early.Add(r.d.between(time.Minute, 8*time.Minute))
	}
	r.see(max(r.early.Add(-3*time.Minute), door.Add(-15*time.Minute)), "on_round", "En tournée")
	r.door = door
	r.handOver()
}
