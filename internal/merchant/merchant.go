// Package merchant is who uses an installation: organisations of two kinds,
// merchants and networks (an operator above merchants), the people who work for
// them and how those sign in, the keys that open them, how they look, the places
// goods leave from, the rules they set and the rights they grant one another.
//
// It stores organisations, staff with their sessions and sign-in links (hashed),
// brands, hashed keys, public keys of browsers, stock points, versions of
// policies and grants. It emits merchant.created, merchant.configured,
// merchant.staff_set, merchant.brand_set, merchant.key_issued,
// merchant.key_revoked, merchant.stock_point_set, merchant.policy_set,
// merchant.granted and merchant.grant_revoked, each with the organisation as its
// subject, and hears nothing.
//
// Every read across merchants goes through a grant named here (Scopes), or
// through a secret or a mailbox that tells whose it is.
//
// It deliberately e-mails nobody (web/console does), knows no password, and
// keeps the text of a policy while its meaning is the room's that owns the topic.
package merchant

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
)

// Kind is what an organisation is.
type Kind string

// The kinds. A merchant sells; a network stands above merchants: a pass, a
// marketplace, a network of relay points.
const (
	Merchant Kind = "merchant"
	Network  Kind = "network"
)

// Organisation is a tenant of the installation.
type Organisation struct {
	ID       ident.Merchant
	Kind     Kind
	Name     string
	Country  string // ISO 3166-1 alpha-2
	Zone     string // IANA name
	Locale   lang.Locale
	Currency money.Currency
	Target   float64 // probability of being kept that quotes aim at
	RiskAt   float64 // probability of a miss from which a commitment is at risk
	Created  civil.Instant
}

// The defaults of an organisation that does not say how bold it is.
const (
	DefaultTarget = 0.95
	DefaultRiskAt = 0.5
)

// maxName is how long a name may be, in characters.
const maxName = 200

// checkOption finds a value that is not one of those there are.
func checkOption[T ~string](faults *fault.List, field string, value T, options []T) {
	if !slices.Contains(options, value) {
		faults.Add(fault.Invalid, "unknown_value", field, "value", string(value))
	}
}

// checkShare finds a probability that decides nothing: 0, 1 or beyond.
func checkShare(faults *fault.List, field string, share float64) {
	if !(share > 0 && share < 1) {
		faults.Add(fault.Invalid, "share_out_of_range", field, "value", share)
	}
}

// collect adds the faults of a core package, at our own path of the field when
// one is given.
func collect(faults *fault.List, field string, err error) {
	for _, f := range fault.All(err) {
		at := *f
		if field != "" {
			at.Field = field
		}
		*faults = append(*faults, &at)
	}
}
