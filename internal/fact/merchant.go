package fact

import "github.com/promesse-dev/promesse/internal/core/ident"

// MerchantCreated is an organisation of either kind, opened.
type MerchantCreated struct {
	Organisation ident.Merchant `json:"organisation"`
	Network      bool           `json:"network"`
}

// MerchantConfigured is an organisation whose aims changed.
type MerchantConfigured struct {
	Target float64 `json:"target"`  // probability quotes aim at
	RiskAt float64 `json:"risk_at"` // probability of a miss from which shoppers are warned
}

// KeyIssued is an API key handed out once.
type KeyIssued struct {
	Key ident.Key `json:"key"`
	Set string    `json:"set"` // permission set
}

// KeyRevoked is an API key that opens nothing any more.
type KeyRevoked struct {
	Key ident.Key `json:"key"`
}

// StockPointSet is a place goods leave from, opened or changed.
type StockPointSet struct {
	StockPoint ident.StockPoint `json:"stock_point"`
}

// PolicySet is a new version of a policy.
type PolicySet struct {
	Policy ident.Policy `json:"policy"`
	Topic  string       `json:"topic"`
}

// StaffSet is somebody who works for the organisation: let in, given other
// rights, or shown out.
type StaffSet struct {
	Staff ident.Staff `json:"staff"`
	Set   string      `json:"set"` // permission set; empty once shown out
}

// BrandSet is how the organisation's pages and letters look.
type BrandSet struct{}

// Granted is a named right of one organisation to read of another.
type Granted struct {
	Grant   ident.Grant    `json:"grant"`
	Grantee ident.Merchant `json:"grantee"`
	Scope   string         `json:"scope"`
}

// GrantRevoked ends one.
type GrantRevoked struct {
	Grant ident.Grant `json:"grant"`
}

// Kind names the fact.
func (MerchantCreated) Kind() Kind { return "merchant.created" }

// Kind names the fact.
func (MerchantConfigured) Kind() Kind { return "merchant.configured" }

// Kind names the fact.
func (KeyIssued) Kind() Kind { return "merchant.key_issued" }

// Kind names the fact.
func (KeyRevoked) Kind() Kind { return "merchant.key_revoked" }

// Kind names the fact.
func (StockPointSet) Kind() Kind { return "merchant.stock_point_set" }

// Kind names the fact.
func (PolicySet) Kind() Kind { return "merchant.policy_set" }

// Kind names the fact.
func (Granted) Kind() Kind { return "merchant.granted" }

// Kind names the fact.
func (GrantRevoked) Kind() Kind { return "merchant.grant_revoked" }

// Kind names the fact.
func (StaffSet) Kind() Kind { return "merchant.staff_set" }

// Kind names the fact.
func (BrandSet) Kind() Kind { return "merchant.brand_set" }
