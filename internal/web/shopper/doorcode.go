package shopper

import (
	"github.com/promesse-dev/promesse/internal/lastmile"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// readDoor reads the code that the shopper may say at the door, on the day when a
// courier of the shop's own comes. Nobody is given one without rounds to make it.
func (d *lived) readDoor(tx *db.Tx, rounds *lastmile.Rounds) error {
	if rounds == nil || d.order.State != orders.Placed || !d.coming() {
		return nil
	}
	st, there, err := lastmile.StopFor(tx, d.shop.ID, d.order.ID, d.Now.Day(d.Zone))
	if err == nil && there && !st.Locked() {
		d.doorCode = rounds.Code(st)
	}
	return err
}

// coming reports whether something is still on its way to the shopper.
func (d *lived) coming() bool {
	for _, p := range d.outgoing() {
		if !tracking.Final(d.stories[p.ID].Status) {
			return true
		}
	}
	return false
}

// inThrees is a code in two threes, as people say it; empty when there is none.
func inThrees(code string) string {
	if len(code) != 6 {
		return ""
	}
	return code[:3] + "\u00a0" + code[3:]
}

// doorToday is an exhibit whose courier comes today.
func doorToday(d *lived) { d.doorCode = "482913" }
