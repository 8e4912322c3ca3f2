package ownfleet

import (
	"context"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/egress"
)

// What the shop's own couriers need to change a round.
const (
	notice = time.Hour // before the slot, to take a parcel off it
	reply  = 30 * time.Minute
)

// Changes are what couriers take: another slot, the shop's own counter, another door
// or none at all until an hour before, and where to leave the parcel until they stand
// at the door.
func (Couriers) Changes(s carrier.Service) []carrier.Allowance {
	if s.Mode.Collected() {
		return nil
	}
	return []carrier.Allowance{
		{What: fact.Reschedule, Before: notice, Within: reply, Holds: true},
		{What: fact.Redirect, Before: notice, Within: reply, Holds: true},
		{What: fact.Readdress, Before: notice, Within: reply},
		{What: fact.LeaveSafe, OnRoad: true, Within: reply},
		{What: fact.ToNeighbour, OnRoad: true, Within: reply},
		{What: fact.CallBack, Before: notice, Within: reply},
	}
}

// Change asks the shop's planning, at the address of the connection. A planning
// without one hears by webhook, and answers by the API.
func (Couriers) Change(ctx context.Context, out *egress.Client, c carrier.Connection, key string, r carrier.ChangeRequest) (carrier.ChangeAnswer, error) {
	return carrier.PostChange(ctx, out, c, key, r)
}
