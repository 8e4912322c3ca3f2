package fact

import "github.com/promesse-dev/promesse/internal/core/ident"

// ShopperRegistered is a customer a merchant had not met.
type ShopperRegistered struct {
	Shopper ident.Shopper `json:"shopper"`
}

// PersonVerified is a human who proved to hold a contact.
type PersonVerified struct {
	Person ident.Person `json:"person"`
}

// ShopperLinked is a person's consent to be known as one over shops.
type ShopperLinked struct {
	Shopper ident.Shopper `json:"shopper"`
	Person  ident.Person  `json:"person"`
}

// ShopperUnlinked takes that consent back.
type ShopperUnlinked struct {
	Shopper ident.Shopper `json:"shopper"`
	Person  ident.Person  `json:"person"`
}

// ShopperSignedIn is a shopper who opened the space in which they see the shops at
// which they consented. It says nothing of the others.
type ShopperSignedIn struct {
	Shopper ident.Shopper `json:"shopper"`
}

// ContactWay is a way to reach a shopper.
type ContactWay string

// The ways.
const (
	ByEmail ContactWay = "email"
	ByPhone ContactWay = "phone"
)

// ContactChanged is a shopper who is reached otherwise from now on.
type ContactChanged struct {
	Shopper ident.Shopper `json:"shopper"`
	Way     ContactWay    `json:"way"`
}

// ShopperExported is a shopper who took along all that the shop knows of them.
type ShopperExported struct {
	Shopper ident.Shopper `json:"shopper"`
}

// ShopperErased is a shopper of whom the shop keeps no name, address or words any
// more: what is left of them is this id.
type ShopperErased struct {
	Shopper ident.Shopper `json:"shopper"`
	Orders  int           `json:"orders"` // how many there were
}

// Kind names the fact.
func (ShopperErased) Kind() Kind { return "shopper.erased" }

// Kind names the fact.
func (ShopperExported) Kind() Kind { return "shopper.exported" }

// Kind names the fact.
func (ContactChanged) Kind() Kind { return "shopper.contact_changed" }

// Kind names the fact.
func (ShopperSignedIn) Kind() Kind { return "shopper.signed_in" }

// Kind names the fact.
func (ShopperRegistered) Kind() Kind { return "shopper.registered" }

// Kind names the fact.
func (PersonVerified) Kind() Kind { return "shopper.person_verified" }

// Kind names the fact.
func (ShopperLinked) Kind() Kind { return "shopper.linked" }

// Kind names the fact.
func (ShopperUnlinked) Kind() Kind { return "shopper.unlinked" }
