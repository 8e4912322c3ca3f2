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
	from, raw, err := a.keep(ctx, c, p)
	if err != nil {
		return out, err
	}
	zone, err := civil.Zone(from.Zone)
	if err != nil {
		return out, err
	}
	reports, broken := a.carriers.Parse(from.Adapter, c.raw, zone)
	out.Status = http.StatusAccepted
	err = a.flow.One(ctx, flow.ByKey(c.Key), c.Merchant, func(tx *flow.Tx) (err error) {
		out.Body, err = understand(tx, c, raw, p, reports, broken)
		return err
	})
	if err == nil && len(reports) == 0 {
		return out, broken // kept, noted, and nothing in it
	}
	return out, err
}

// keep writes the payload down, and tells which carrier sent it.
func (a *API) keep(ctx context.Context, c call, p tracking.Payload) (from carrier.Connection, raw ident.Raw, err error) {
	err = a.flow.One(ctx, flow.ByKey(c.Key), c.Merchant, func(tx *flow.Tx) (err error) {
		if from, err = carrier.Get(tx.Tx, c.Merchant, p.Connection); err != nil {
			return ofCarrier(err, "carrier", p.Connection)
		}
		raw, _, err = tracking.Keep(tx, c.Merchant, p)
		return err
	})
	return from, raw, err
}

// understand records what could be read, and notes what could not.
func understand(tx *flow.Tx, c call, raw ident.Raw, p tracking.Payload, reports []carrier.Report, broken error) (r Received, err error) {
	r.Rejected = rejected(c.locale, broken)
	if len(reports) > 0 {
		if r.Accepted, r.Duplicates, err = tracking.Record(tx, c.Merchant, raw, p, reports); err != nil {
			return r, err
		}
	}
	if broken == nil {
		return r, nil
	}
	return r, tracking.Misread(tx, c.Merchant, raw, broken.Error())
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
