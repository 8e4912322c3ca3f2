package simulated

import (
	"context"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/egress"
)

// Dispatcher takes changes, as parcel carriers do: until the evening before the
// day, and none once the parcel is out. It asks at the address of the connection.
type Dispatcher struct{}

// evening is before the day of a delivery, which begins at midnight: 20:00.
const evening = 4 * time.Hour

// Changes are what it takes of parcels to a door.
func (Dispatcher) Changes(s carrier.Service) (all []carrier.Allowance) {
	if s.Mode.Collected() {
		return nil
	}
	for _, what := range fact.ChangeKinds {
		otherTime := what == fact.Reschedule || what == fact.Redirect || what == fact.HoldBack
		all = append(all, carrier.Allowance{What: what, Before: evening, Within: 2 * time.Hour, Holds: otherTime})
	}
	return all
}

// Change asks for one.
func (Dispatcher) Change(ctx context.Context, out *egress.Client, c carrier.Connection, key string, r carrier.ChangeRequest) (carrier.ChangeAnswer, error) {
	return carrier.PostChange(ctx, out, c, key, r)
}
