package api

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/remedy"
)

// Policy is the rules by which broken promises are repaired.
type Policy struct {
	ID     ident.Policy  `json:"id,omitempty" doc:"Empty for the one that promesse ships."`
	Source string        `json:"source" doc:"One CEL expression; the shipped policy is its manual."`
	Since  civil.Instant `json:"since,omitzero" doc:"Since when it rules."`
}

// NewPolicy is a policy to rule from now on.
type NewPolicy struct {
	Source string `json:"source"`
}

func showPolicy(p merchant.Policy) Policy { return Policy{p.ID, p.Source, p.Since} }

func remedyPolicy(_ *API, tx *db.Tx, c call, _ *none) (Policy, error) {
	p, set, err := merchant.PolicyOf(tx, c.Merchant, remedy.Topic)
	if err == nil && !set {
		p.Source = remedy.Default
	}
	return showPolicy(p), err
}

type policyIn struct{ Body NewPolicy }

func setRemedyPolicy(_ *API, tx *flow.Tx, c call, in *policyIn) (reply[Policy], error) {
	if err := remedy.CheckPolicy(in.Body.Source); err != nil {
		return reply[Policy]{}, err
	}
	p, err := merchant.SetPolicy(tx, c.Merchant, remedy.Topic, in.Body.Source)
	return ok(showPolicy(p)), err
}
