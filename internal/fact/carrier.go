package fact

import "github.com/promesse-dev/promesse/internal/core/ident"

// ConnectionSet is a merchant's account with a carrier, opened or changed.
type ConnectionSet struct {
	Connection ident.Connection `json:"connection"`
}

// ServiceSet is a carrier's service a merchant may use, with its standards.
type ServiceSet struct {
	Service ident.Service `json:"service"`
}

// Kind names the fact.
func (ServiceSet) Kind() Kind { return "carrier.service_set" }

// Kind names the fact.
func (ConnectionSet) Kind() Kind { return "carrier.connection_set" }
