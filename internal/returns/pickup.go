package returns

import (
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// pickupDays is how many working days are offered to be fetched on, from the next
// one on.
const pickupDays = 5

// pickupNews is how long the news of a parcel that was fetched in time may take.
const pickupNews = 12 * time.Hour

// pickups are the days on which a parcel can be fetched at the shopper's door.
func (w Where) pickups(now civil.Instant) (days []civil.Day) {
	open := civil.NewCalendar(civil.CalendarSpec{Open: civil.MondayToFriday, Region: w.Region})
	for n := range pickupDays {
		days = append(days, open.Add(now.Day(w.Zone), n+1))
	}
	return days
}

// fetchedOn notes the day that the shopper chose to be fetched on; who named none
// gets the first one. The fault, at pickup, is pickup_day_not_offered.
func (r *Return) fetchedOn(offered []civil.Day, day civil.Day) error {
	r.Pickup = civil.NoDay
	if r.Route != fact.BackByPickup {
		return nil
	}
	if (day == 0 || day == civil.NoDay) && len(offered) > 0 {
		day = offered[0]
	}
	if !slices.Contains(offered, day) {
		return fault.New(fault.Invalid, "pickup_day_not_offered", "pickup", "day", day)
	}
	r.Pickup, r.DepositBy = day, max(r.DepositBy, day.End(r.zone()))
	return nil
}

// Fetched is the window in which the parcel is fetched: the whole of a day, where
// the shopper lives; false while no day stands.
func (r Return) Fetched() (from, until civil.Instant, ok bool) {
	if r.Route != fact.BackByPickup || r.Pickup == civil.NoDay {
		return 0, 0, false
	}
	return r.Pickup.Start(r.zone()), r.Pickup.End(r.zone()), true
}

// Window names a pick-up among those of a return, for who promises it; empty where
// there is none.
func (r Return) Window() string {
	if _, _, ok := r.Fetched(); !ok {
		return ""
	}
	return string(r.ID) + "/" + r.Pickup.String()
}

// Unfetched reports whether the shopper is to choose another day: nobody came, or
// the label was not there in time.
func (r Return) Unfetched() bool {
	return r.Route == fact.BackByPickup && r.State == Ready && (r.MissedAt != 0 || r.Pickup == civil.NoDay)
}

// promisePickup tells of the window once the label is there. One that comes on the
// day itself comes too late for it.
func (r *Return) promisePickup(tx *flow.Tx, m ident.Merchant) error {
	from, until, ok := r.Fetched()
	if !ok {
		return nil
	}
	if from <= tx.Now {
		r.Pickup = civil.NoDay
		return r.save(tx, m, r.State)
	}
	return tx.Emit(m, string(r.Order), r.Window(), fact.PickupSet{Sendback: r.told(), Window: r.Window(), From: from, Until: until})
}

// PickupDays are the days on which a return can be fetched; none where it is not,
// or where a day stands.
func PickupDays(tx *db.Tx, m ident.Merchant, r Return) ([]civil.Day, error) {
	if !r.Unfetched() {
		return nil, nil
	}
	where, err := r.fullWhere(tx, m)
	return where.pickups(tx.Now), err
}

// FetchAgain sets another day for a parcel that nobody came for. Its label stays
// as it is: the carrier takes it until it lapses. The same day said again changes
// nothing. The faults are not_found, return_state (a day stands, or there is no
// label yet), field_required and pickup_day_not_offered.
func FetchAgain(tx *flow.Tx, m ident.Merchant, id ident.Return, day civil.Day) (Return, error) {
	r, err := Get(tx.Tx, m, id)
	if err != nil || r.Pickup == day && r.MissedAt == 0 && r.State == Ready {
		return r, err
	}
	if !r.Unfetched() {
		return Return{}, fault.New(fault.Conflict, "return_state", "return", "state", string(r.State), "verb", "pickup")
	}
	offered, err := PickupDays(tx.Tx, m, r)
	if err != nil {
		return Return{}, err
	}
	if err := r.fetchedOn(offered, day); err != nil {
		return Return{}, err
	}
	r.MissedAt = 0
	if err := r.save(tx, m, r.State); err != nil {
		return Return{}, err
	}
	return r, r.promisePickup(tx, m)
}

// overdue is when a parcel that nobody fetched is given up for that day; zero where
// none waits for it.
func (r *Return) overdue() civil.Instant {
	_, until, ok := r.Fetched()
	if !ok || r.State != Ready || r.MissedAt != 0 {
		return 0
	}
	return until.Add(pickupNews)
}

// miss tells that nobody came, and gives the shopper the time to be fetched
// another day under the same label.
func (r *Return) miss(tx *flow.Tx, m ident.Merchant) error {
	c, err := ConditionsOf(tx.Tx, m)
	if err != nil {
		return err
	}
	r.MissedAt, r.DepositBy = tx.Now, max(r.DepositBy, r.where().After(tx.Now, c.DepositDays))
	if err := r.save(tx, m, r.State); err != nil {
		return err
	}
	return tx.Emit(m, string(r.Order), r.Window(), fact.PickupMissed{Sendback: r.told(), Window: r.Window()})
}
