package api

import (
	"context"
	"net/http"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// Received is what became of reported events.
type Received struct {
	Accepted   int          `json:"accepted" doc:"New ones, kept."`
	Duplicates int          `json:"duplicates" doc:"Known already."`
	Rejected   []BrokenRule `json:"rejected" doc:"Those that could not be understood; what was sent is kept all the same."`
}

type eventsIn struct {
	Carrier ident.Connection `query:"carrier" doc:"The connection that reports. A carrier's own key names it already."`
}

// reportEvents keeps what a carrier sent before anybody tries to understand it,
// in a transaction of its own: garbage is looked at later, never lost.
func reportEvents(ctx context.Context, a *API, c call, in *eventsIn) (out reply[Received], err error) {
	p := tracking.Payload{ContentType: c.media, Body: c.raw, Trust: trustOf(c.Principal)}
	if p.Connection, err = reporter(c, in.Carrier); err != nil {
		return out, err
	}
	from, err := a.keep.Do(ctx, flow.ByKey(c.Key), c.Merchant, p)
	if err != nil {
		return out, err
	}
	zone, err := civil.Zone(from.Zone)
	if err != nil {
		return out, err
	}
	reports, broken := a.carriers.Parse(from.Adapter, c.raw, zone)
	out.Status = http.StatusAccepted
	n, err := a.understand.Do(ctx, flow.ByKey(c.Key), c.Merchant, understood{
		Delivery: tracking.Delivery{Payload: p, Raw: from.raw, Reports: reports}, broken: broken,
	})
	out.Body = Received{Accepted: n.Accepted, Duplicates: n.Duplicate, Rejected: rejected(c.locale, broken)}
	if err == nil && len(reports) == 0 {
		return out, broken // kept, noted, and nothing in it
	}
	return out, err
}

// kept is a payload's place, and the carrier that sent it.
type kept struct {
	carrier.Connection
	raw ident.Raw
}

// keep writes payloads down.
func keep(tx *flow.Tx, m ident.Merchant, ps []tracking.Payload) ([]kept, error) {
	out := make([]kept, len(ps))
	senders := map[ident.Connection]carrier.Connection{}
	for i, p := range ps {
		from, met := senders[p.Connection]
		if !met {
			var err error
			if from, err = carrier.Get(tx.Tx, m, p.Connection); err != nil {
				return nil, ofCarrier(err, "carrier", p.Connection)
			}
			senders[p.Connection] = from
		}
		out[i].Connection = from
	}
	places, err := tracking.Keep(tx, m, ps)
	for i, k := range places {
		out[i].raw = k.Raw
	}
	return out, err
}

// understood is a delivery, and what of it could not be read.
type understood struct {
	tracking.Delivery
	broken error
}

// understand records what could be read, and notes what could not.
func understand(tx *flow.Tx, m ident.Merchant, us []understood) ([]tracking.Tally, error) {
	tallies := make([]tracking.Tally, len(us))
	var legible []tracking.Delivery
	var at []int
	for i, u := range us {
		if len(u.Reports) > 0 {
			legible, at = append(legible, u.Delivery), append(at, i)
		}
	}
	if len(legible) > 0 {
		counted, err := tracking.Record(tx, m, legible)
		if err != nil {
			return nil, err
		}
		for k, n := range counted {
			tallies[at[k]] = n
		}
	}
	for _, u := range us {
		if u.broken == nil {
			continue
		}
		if err := tracking.Misread(tx, m, u.Raw, u.broken.Error()); err != nil {
			return nil, err
		}
	}
	return tallies, nil
}

func rejected(loc lang.Locale, err error) []BrokenRule {
	return mapped(fault.All(err), func(f *fault.Error) BrokenRule {
		return BrokenRule{Code: f.Code, Field: f.Field, Detail: lang.Fault(loc, f)}
	})
}

// reporter is the connection that events come from: a carrier's key is bound to
// its own, whoever else reports must name one.
func reporter(c call, asked ident.Connection) (ident.Connection, error) {
	switch {
	case c.Set == merchant.Carrier && asked != "" && asked != c.Connection:
		return "", fault.New(fault.Forbidden, "forbidden", "")
	case c.Set == merchant.Carrier:
		return c.Connection, nil
	case asked == "":
		return "", fault.New(fault.Invalid, "field_required", "carrier")
	}
	return asked, nil
}

// trustOf is how far what the holder of a key says may reach.
func trustOf(p merchant.Principal) fact.Trust {
	if p.Set == merchant.Carrier {
		return fact.TrustSigned
	}
	return fact.TrustClaimed
}
