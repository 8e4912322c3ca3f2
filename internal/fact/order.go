package fact

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
)

// OrderPlaced is an order accepted, with what it owes already written.
type OrderPlaced struct {
	Order    ident.Order   `json:"order"`
	Shopper  ident.Shopper `json:"shopper"`
	Value    money.Amount  `json:"value"`           // goods and delivery, captured
	Delivery money.Amount  `json:"delivery"`        // of which delivery
	Point    ident.Point   `json:"point,omitempty"` // where it is collected
}

// OrderCancelled is an order the merchant or the shopper took back before dispatch.
type OrderCancelled struct {
	Order   ident.Order   `json:"order"`
	Shopper ident.Shopper `json:"shopper"`
	By      Party         `json:"by"`
}

// ParcelAnnounced is a parcel of an order, with the number its carrier knows it by.
type ParcelAnnounced struct {
	Parcel    ident.Parcel     `json:"parcel"`
	Order     ident.Order      `json:"order"`
	Shopper   ident.Shopper    `json:"shopper"`
	Direction Direction        `json:"direction"`
	Carrier   ident.Connection `json:"carrier"`
	Service   ident.Service    `json:"service"`
	Number    string           `json:"number"`
}

// UnitsMissing is units of an order that were not sent, or did not arrive whole.
type UnitsMissing struct {
	Shortage ident.Shortage `json:"shortage"`
	Order    ident.Order    `json:"order"`
	Shopper  ident.Shopper  `json:"shopper"`
	By       Party          `json:"by"`    // who says so: the merchant before it leaves, the shopper after
	Units    int            `json:"units"` // said now
	Lines    int            `json:"lines"` // over how many lines
	Damaged  bool           `json:"damaged"`
}

// ParcelShared is a link by which others see where a parcel is.
type ParcelShared struct {
	Share   ident.Share   `json:"share"`
	Order   ident.Order   `json:"order"`
	Shopper ident.Shopper `json:"shopper"`
	Parcel  ident.Parcel  `json:"parcel"`
}

// ParcelUnshared is such a link taken back.
type ParcelUnshared struct {
	Share   ident.Share   `json:"share"`
	Order   ident.Order   `json:"order"`
	Shopper ident.Shopper `json:"shopper"`
	Parcel  ident.Parcel  `json:"parcel"`
}

// Kind names the fact.
func (ParcelShared) Kind() Kind { return "order.parcel_shared" }

// Kind names the fact.
func (ParcelUnshared) Kind() Kind { return "order.parcel_unshared" }

// OrderErased is an order that no longer says to whom and where it went.
type OrderErased struct {
	Order   ident.Order   `json:"order"`
	Shopper ident.Shopper `json:"shopper"`
}

// Kind names the fact.
func (OrderErased) Kind() Kind { return "order.erased" }

// TariffSet is a delivery price, from a day on.
type TariffSet struct {
	Tariff ident.Tariff `json:"tariff"`
}

// Kind names the fact.
func (OrderPlaced) Kind() Kind { return "order.placed" }

// Kind names the fact.
func (OrderCancelled) Kind() Kind { return "order.cancelled" }

// Kind names the fact.
func (ParcelAnnounced) Kind() Kind { return "order.parcel_announced" }

// Kind names the fact.
func (TariffSet) Kind() Kind { return "order.tariff_set" }

// Kind names the fact.
func (UnitsMissing) Kind() Kind { return "order.units_missing" }
