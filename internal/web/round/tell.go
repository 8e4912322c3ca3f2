package round

import (
	"encoding/json"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// word is what couriers write of a parcel, in the format of the shop's own fleet.
type word struct {
	Number   string      `json:"tracking_number"`
	Status   string      `json:"status"`
	At       string      `json:"occurred_at"`
	Expected string      `json:"expected_at,omitempty"`
	Reason   fact.Reason `json:"reason,omitempty"`
	Place    fact.Place  `json:"place,omitempty"`
	SignedBy string      `json:"signed_by,omitempty"`
	Visit    ident.Visit `json:"visit"` // ours, so that a payload leads back to what was said
}

// statuses are the fleet's words for acts.
var statuses = map[lastmile.Act]string{
	lastmile.Going: "on_round", lastmile.Late: "on_round", lastmile.Delivered: "delivered", lastmile.Failed: "failed",
}

func written(v lastmile.Visit, p order.Parcel) word {
	w := word{Number: p.Number, Status: statuses[v.Act], At: instant(v.At()), SignedBy: v.SignedBy, Visit: v.ID}
	switch v.Act {
	case lastmile.Late:
		w.Expected, w.Reason = instant(v.Expected), fact.ReasonDelay
	case lastmile.Failed:
		w.Reason = v.Reason
	case lastmile.Delivered:
		w.Place = v.Place
	}
	return w
}

func instant(at civil.Instant) string { return at.In(time.UTC).Format(time.RFC3339Nano) }

// payloads is what the fleet sends of a visit, by connection: one when the order
// went as usual.
func payloads(v lastmile.Visit, parcels []order.Parcel) (all []tracking.Payload, err error) {
	at := map[ident.Connection][]word{}
	var in []ident.Connection
	for _, p := range parcels {
		if at[p.Connection] == nil {
			in = append(in, p.Connection)
		}
		at[p.Connection] = append(at[p.Connection], written(v, p))
	}
	for _, c := range in {
		body, err := json.Marshal(map[string]any{"events": at[c]})
		if err != nil {
			return nil, err
		}
		all = append(all, tracking.Payload{Connection: c, ContentType: "application/json", Body: body, Trust: fact.TrustSigned})
	}
	return all, nil
}

// tell has tracking take what was said of a door as it takes what any courier
// sends: kept as it came, read by the fleet's parser, recorded.
func (s *site) tell(tx *flow.Tx, m ident.Merchant, v lastmile.Visit, d door) error {
	open := d.open()
	if len(open) == 0 {
		return fault.New(fault.Conflict, "stop_without_parcel", "stop")
	}
	all, err := payloads(v, open)
	if err != nil {
		return err
	}
	deliveries := make([]tracking.Delivery, len(all))
	for i, p := range all {
		by := d.by[p.Connection]
		zone, err := civil.Zone(by.Zone)
		if err != nil {
			return err
		}
		reports, err := s.Carriers.Parse(by.Adapter, p.Body, zone)
		if err != nil {
			return err
		}
		deliveries[i] = tracking.Delivery{Payload: p, Reports: reports}
	}
	_, err = tracking.Receive(tx, m, deliveries)
	return err
}
