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

// CarrierAsked is a question about a parcel put to its carrier.
type CarrierAsked struct {
	Inquiry ident.Inquiry    `json:"inquiry"`
	Parcel  ident.Parcel     `json:"parcel"`
	Order   ident.Order      `json:"order"`
	Carrier ident.Connection `json:"carrier"`
}

// CarrierAnswered is what became of it: unknown is not success.
type CarrierAnswered struct {
	Inquiry  ident.Inquiry `json:"inquiry"`
	Parcel   ident.Parcel  `json:"parcel"`
	Order    ident.Order   `json:"order"`
	Answered bool          `json:"answered"` // false: the carrier could not be reached, or said nothing
}

// Kind names the fact.
func (CarrierAsked) Kind() Kind { return "carrier.asked" }

// Kind names the fact.
func (CarrierAnswered) Kind() Kind { return "carrier.answered" }

// Kind names the fact.
func (ServiceSet) Kind() Kind { return "carrier.service_set" }

// Kind names the fact.
func (ConnectionSet) Kind() Kind { return "carrier.connection_set" }
