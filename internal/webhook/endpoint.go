package webhook

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Limits.
const (
	maxEndpoints = 20 // of a merchant
	maxLabel     = 80 // characters
)

// Office keeps endpoints and sends to them.
type Office struct {
	Flow  *flow.Flow
	Vault *vault.Vault
	Out   *egress.Client
	Own   []netip.AddrPort // servers of this installation that may be called though they are private: simulators
}

// Open makes an endpoint, of which URL, Label and Kinds are given. Its secret is
// in the answer and nowhere else. The faults are those of fields,
// webhook_address_refused, webhook_kind_unknown, and too_many_endpoints.
func (o Office) Open(tx *flow.Tx, m ident.Merchant, in Endpoint) (e Endpoint, secret string, err error) {
	if err := in.check(o.Own); err != nil {
		return e, "", err
	}
	n, _, err := db.One(tx.Tx, sqlCountEndpoints, db.Scalar[int], m)
	if err != nil {
		return e, "", err
	}
	if n >= maxEndpoints {
		return e, "", fault.New(fault.Conflict, "too_many_endpoints", "", "limit", maxEndpoints)
	}
	e = Endpoint{ID: ident.New[ident.Endpoint](tx.Mint), URL: in.URL, Label: strings.TrimSpace(in.Label), Kinds: in.Kinds, State: On, Made: tx.Now, version: 1}
	if err := tx.Do(sqlInsertEndpoint, m, e.ID, e.URL, e.Label, e.State, e.Made); err != nil {
		return e, "", err
	}
	if err := subscribe(tx, m, e.ID, nil, e.Kinds); err != nil {
		return e, "", err
	}
	secret = newSecret(tx)
	if err := keepSecret(tx, o.Vault, m, e.ID, 1, secret); err != nil {
		return e, "", err
	}
	return e, secret, e.told(tx, m)
}

// Change gives an endpoint another URL, label or kinds. What is on its way goes to
// the new address. The faults are not_found and those of Open.
func (o Office) Change(tx *flow.Tx, m ident.Merchant, in Endpoint) error {
	if err := in.check(o.Own); err != nil {
		return err
	}
	e, err := Get(tx.Tx, m, in.ID)
	if err != nil {
		return err
	}
	if err := subscribe(tx, m, e.ID, e.Kinds, in.Kinds); err != nil {
		return err
	}
	if err := tx.Do(sqlChangeEndpoint, m, e.ID, in.URL, strings.TrimSpace(in.Label)); err != nil {
		return err
	}
	e.version++
	return e.told(tx, m)
}

func (e Endpoint) told(tx *flow.Tx, m ident.Merchant) error {
	return tx.Emit(m, string(m), fmt.Sprintf("%s/%d", e.ID, e.version), fact.EndpointSet{Endpoint: e.ID})
}

func (e Endpoint) check(own []netip.AddrPort) error {
	var faults fault.List
	text.Check(&faults, "label", strings.TrimSpace(e.Label), maxLabel)
	if egress.Check(e.URL, own) != nil {
		faults.Add(fault.Invalid, "webhook_address_refused", "url")
	}
	if len(e.Kinds) == 0 {
		faults.Add(fault.Invalid, "field_required", "kinds")
	}
	for i, k := range e.Kinds {
		if !slices.Contains(Kinds, k) {
			faults.Add(fault.Invalid, "webhook_kind_unknown", fmt.Sprintf("kinds[%d]", i), "kind", string(k))
		}
	}
	return faults.Err()
}

// subscribe has an endpoint hear of other kinds than before, from now on.
func subscribe(tx *flow.Tx, m ident.Merchant, e ident.Endpoint, before, after []fact.Kind) error {
	for _, k := range before {
		if !slices.Contains(after, k) {
			if err := tx.Do(sqlUnsubscribe, m, e, k, tx.Now); err != nil {
				return err
			}
		}
	}
	for _, k := range after {
		if !slices.Contains(before, k) {
			if err := tx.Do(sqlSubscribe, m, e, k, tx.Now); err != nil {
				return err
			}
		}
	}
	return nil
}

// Remove ends an endpoint: nothing more is sent to it, and what waits is dead.
// The fault is not_found.
func Remove(tx *flow.Tx, m ident.Merchant, id ident.Endpoint) error {
	e, err := Get(tx.Tx, m, id)
	if err != nil {
		return err
	}
	if err := subscribe(tx, m, id, e.Kinds, nil); err != nil {
		return err
	}
	if err := e.stop(tx, m, Removed, WasRemoved); err != nil {
		return err
	}
	e.version++
	return e.told(tx, m)
}

// stop has an endpoint stand still in a state; what waits is dead.
func (e Endpoint) stop(tx *flow.Tx, m ident.Merchant, s State, why string) error {
	if err := tx.Do(sqlStopEndpoint, m, e.ID, s); err != nil {
		return err
	}
	return tx.Do(sqlBury, m, e.ID, why, tx.Wall)
}

// Wake has a rested or gone endpoint hear again. What it missed is dead, and can
// be replayed. The faults are not_found and webhook_endpoint_on.
func Wake(tx *flow.Tx, m ident.Merchant, id ident.Endpoint) error {
	e, err := Get(tx.Tx, m, id)
	if err != nil {
		return err
	}
	if e.State == On {
		return fault.New(fault.Conflict, "webhook_endpoint_on", "endpoint")
	}
	if err := tx.Do(sqlWakeEndpoint, m, id); err != nil {
		return err
	}
	e.version++
	return e.told(tx, m)
}

// Rotate gives an endpoint a new secret, which is in the answer and nowhere
// else. The one before goes on signing beside it for a while. The faults are
// not_found and duration_out_of_range.
func (o Office) Rotate(tx *flow.Tx, m ident.Merchant, id ident.Endpoint, overlap time.Duration) (secret string, err error) {
	if overlap < 0 || overlap > longestOverlap {
		return "", fault.New(fault.Invalid, "duration_out_of_range", "overlap", "min", time.Duration(0), "max", longestOverlap)
	}
	e, err := Get(tx.Tx, m, id)
	if err != nil {
		return "", err
	}
	last, _, err := db.One(tx.Tx, sqlLastSecret, db.Scalar[int], m, id)
	if err != nil {
		return "", err
	}
	if err := tx.Do(sqlEndSecrets, m, id, tx.Wall.Add(overlap)); err != nil {
		return "", err
	}
	if err := tx.Do(sqlTouchEndpoint, m, id); err != nil {
		return "", err
	}
	secret, e.version = newSecret(tx), e.version+1
	if err := keepSecret(tx, o.Vault, m, id, last+1, secret); err != nil {
		return "", err
	}
	return secret, e.told(tx, m)
}
