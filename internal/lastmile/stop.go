package lastmile

import (
	"cmp"
	"crypto/subtle"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/pin"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Rounds is what verbs about stops need beside a transaction: the master key, which
// makes the codes of shoppers. It is safe for concurrent use.
type Rounds struct{ vault *vault.Vault }

// NewRounds is the verbs over the master key.
func NewRounds(v *vault.Vault) *Rounds { return &Rounds{v} }

// Tries is how often the code that a shopper says at the door may be wrong.
const Tries = pin.Tries

// fleet is the adapter that a shop's own couriers speak through.
const fleet = "ownfleet"

// Stop is a door that a courier goes to on a day.
type Stop struct {
	ID      ident.Stop
	Day     civil.Day // local
	Order   ident.Order
	Courier ident.Member // empty: taken off the round
	Tries   int          // wrong codes of the shopper
	Booking Booking      // the order's place in a slot; its ID is empty when it was given back
}

// Locked reports whether too many wrong codes were said at the stop.
func (s Stop) Locked() bool { return s.Tries >= Tries }

// Assign puts an order on a courier's round of a day, or takes it off every round
// of that day when the courier is empty. The faults are not_found at courier (also
// one who left), slot_not_booked at order, and not_our_round at order: others
// bring it.
func Assign(tx *flow.Tx, m ident.Merchant, o ident.Order, day civil.Day, to ident.Member) error {
	before, had, err := db.One(tx.Tx, sqlStopOn, scanStop, m, o, day)
	if err != nil || before.Courier == to {
		return err
	}
	if to != "" {
		if err := assignable(tx.Tx, m, o, to); err != nil {
			return err
		}
	}
	s := Stop{ID: ident.New[ident.Stop](tx.Mint), Day: day, Order: o, Courier: to}
	if had {
		s.ID = before.ID
		err = tx.Do(sqlReassign, m, s.ID, to)
	} else {
		err = tx.Do(sqlInsertStop, m, s.ID, day, o, to, tx.Now)
	}
	if err != nil {
		return err
	}
	return tx.Emit(m, string(o), string(ident.New[ident.Fact](tx.Mint)), fact.StopSet{Stop: s.ID, Order: o, Courier: to, Day: day})
}

func assignable(tx *db.Tx, m ident.Merchant, o ident.Order, to ident.Member) error {
	c, err := crew.MemberOf(tx, m, to)
	if err == nil && (c.Gone() || c.Post != crew.Rounds(m)) || fault.Is(err, "not_found") {
		err = fault.New(fault.NotFound, "not_found", "courier")
	}
	if err != nil {
		return err
	}
	b, err := booked(tx, m, o)
	if err != nil {
		return err
	}
	ours, err := fleetServices(tx, m)
	if err == nil && !ours[b.Service] {
		err = fault.New(fault.Conflict, "not_our_round", "order")
	}
	return err
}

// fleetServices are the services of a shop's own couriers.
func fleetServices(tx *db.Tx, m ident.Merchant) (map[ident.Service]bool, error) {
	by, err := Fleet(tx, m)
	if err != nil {
		return nil, err
	}
	services, err := carrier.Services(tx, m)
	ours := map[ident.Service]bool{}
	for _, s := range services {
		_, is := by[s.Connection]
		ours[s.ID] = is && s.Mode == carrier.Slot
	}
	return ours, err
}

// Fleet is the connections under which a shop's own couriers report.
func Fleet(tx *db.Tx, m ident.Merchant) (map[ident.Connection]carrier.Connection, error) {
	all, err := carrier.Connections(tx, m)
	of := map[ident.Connection]carrier.Connection{}
	for _, c := range all {
		if c.Adapter == fleet {
			of[c.ID] = c
		}
	}
	return of, err
}

// lookBack is how many days before a day orders are looked for that were not
// brought: those of last week are the desk's.
const lookBack = 7 * 24 * time.Hour

// maxPlaces is how many places are listed, the last ones.
const maxPlaces = 500

// Places reads the places that a shop's own couriers may have to go to on a
// window of a day: those in its slots, and those of the week before, which may
// still be to bring. They are in the order of their slots.
func Places(tx *db.Tx, m ident.Merchant, w civil.Window) ([]Booking, error) {
	ours, err := fleetServices(tx, m)
	if err != nil {
		return nil, err
	}
	all, err := db.All(tx, sqlPlaces, scanBooking, m, w.From.Add(-lookBack), w.Until, maxPlaces)
	all = slices.DeleteFunc(all, func(b Booking) bool { return !ours[b.Service] })
	slices.SortFunc(all, func(a, b Booking) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.ID, b.ID)) })
	return all, err
}

// RoundOf reads a courier's stops of a day, in the order of their slots.
func RoundOf(tx *db.Tx, m ident.Merchant, c ident.Member, day civil.Day) ([]Stop, error) {
	all, err := StopsOn(tx, m, day)
	return slices.DeleteFunc(all, func(s Stop) bool { return s.Courier != c }), err
}

// StopsOn reads the stops of all rounds of a day, in the order of their slots.
// One whose slot the shopper gave back comes first: somebody must look at it.
func StopsOn(tx *db.Tx, m ident.Merchant, day civil.Day) ([]Stop, error) {
	all, err := db.All(tx, sqlStops, scanStop, m, day)
	if err != nil {
		return nil, err
	}
	orders := make([]ident.Order, len(all))
	for i, s := range all {
		orders[i] = s.Order
	}
	of, err := Bookings(tx, m, orders)
	for i := range all {
		all[i].Booking = of[all[i].Order]
	}
	slices.SortFunc(all, func(a, b Stop) int {
		return cmp.Or(cmp.Compare(a.Booking.From, b.Booking.From), cmp.Compare(a.ID, b.ID))
	})
	return all, err
}

// StopOf reads a stop. The fault is not_found.
func StopOf(tx *db.Tx, m ident.Merchant, id ident.Stop) (Stop, error) {
	s, ok, err := db.One(tx, sqlStop, scanStop, m, id)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "not_found", "stop")
	}
	if err != nil {
		return s, err
	}
	of, err := Bookings(tx, m, []ident.Order{s.Order})
	s.Booking = of[s.Order]
	return s, err
}

// StopFor reads the stop of an order on a day; false when no courier goes there.
func StopFor(tx *db.Tx, m ident.Merchant, o ident.Order, day civil.Day) (Stop, bool, error) {
	s, ok, err := db.One(tx, sqlStopOn, scanStop, m, o, day)
	return s, ok && s.Courier != "", err
}

// Code is what the shopper may say at the door instead of signing: six digits,
// another for each stop.
func (k *Rounds) Code(s Stop) string {
	return k.vault.Digits("round-code", string(s.ID))
}

// Try compares what the shopper said with the code of the stop. A wrong one is no
// error, because it is counted: after five of them the code opens nothing any
// more (code_locked at code), and another proof is asked for.
func (k *Rounds) Try(tx *flow.Tx, m ident.Merchant, s *Stop, shown string) (right bool, err error) {
	if s.Locked() {
		return false, fault.New(fault.Conflict, "code_locked", "code")
	}
	if subtle.ConstantTimeCompare([]byte(pin.Typed(shown)), []byte(k.Code(*s))) == 1 {
		return true, nil
	}
	s.Tries++
	return false, tx.Do(sqlWrongCode, m, s.ID)
}

const (
	sqlInsertStop = `insert into lastmile_stop (merchant, id, day, order_id, courier, tries, made) values ($1, $2, $3, $4, $5, 0, $6)`
	sqlReassign   = `update lastmile_stop set courier = $3 where merchant = $1 and id = $2`
	sqlStop       = `select id, day, order_id, courier, tries from lastmile_stop where merchant = $1 and id = $2`
	sqlStopOn     = `select id, day, order_id, courier, tries from lastmile_stop where merchant = $1 and order_id = $2 and day = $3`
	sqlStops      = `select id, day, order_id, courier, tries from lastmile_stop where merchant = $1 and day = $2 and courier <> ''`
	sqlWrongCode  = `update lastmile_stop set tries = tries + 1 where merchant = $1 and id = $2 and tries < 5`
	sqlPlaces     = `select id, order_id, shopper, service, since, until, zone from lastmile_booking
		where merchant = $1 and since >= $2 and since < $3 and released_at is null order by since desc limit $4`
)

func scanStop(r db.Row) (s Stop, err error) {
	err = r.Scan(&s.ID, &s.Day, &s.Order, &s.Courier, &s.Tries)
	return s, err
}
