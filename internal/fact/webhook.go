package fact

import "github.com/promesse-dev/promesse/internal/core/ident"

// EndpointSet is an address of a seller's system that hears of facts, set or changed.
type EndpointSet struct {
	Endpoint ident.Endpoint `json:"endpoint"`
}

// EndpointRested is an address that failed for so long that nothing is sent to
// it until somebody looks.
type EndpointRested struct {
	Endpoint ident.Endpoint `json:"endpoint"`
}

// Kind names the fact.
func (EndpointSet) Kind() Kind { return "webhook.endpoint_set" }

// Kind names the fact.
func (EndpointRested) Kind() Kind { return "webhook.endpoint_rested" }
