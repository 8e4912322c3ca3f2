package carrier

import (
	"context"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/relay"
)

// PointQuery asks a network for its points near a place.
type PointQuery struct {
	Country  string // ISO 3166-1 alpha-2
	Postcode string
	City     string    // narrows a postcode of several towns
	At       geo.Point // instead of the postcode; zero: not known
	Service  string    // relay.Send or relay.Collect; empty: either
	Grams    int       // of the parcel; 0: not known
	On       civil.Day // when it is handed in
	Limit    int       // 0: as many as the network gives
}

// Points is an adapter that can list the points of its network. They are as
// relay.Check wants them, without an id; what could not be read is in the error,
// a fault.List, beside the good ones, or nothing was read and it is a Refusal.
type Points interface {
	Points(ctx context.Context, out *egress.Client, c Connection, a Account, q PointQuery) ([]relay.Point, error)
}
