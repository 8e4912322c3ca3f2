package fact

import "github.com/promesse-dev/promesse/internal/core/ident"

// ServiceSet is a carrier's service a merchant may use, with its standards.
type ServiceSet struct {
	Service ident.Service `json:"service"`
}

// Kind names the fact.
func (ServiceSet) Kind() Kind { return "carrier.service_set" }
