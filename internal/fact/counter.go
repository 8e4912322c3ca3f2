package fact

import "github.com/promesse-dev/promesse/internal/core/ident"

// DeviceSet is a device let in to a counter, or shown out.
type DeviceSet struct {
	Device  ident.Device `json:"device"`
	Point   ident.Point  `json:"point"`
	Revoked bool         `json:"revoked"`
}

// ClerkSet is a clerk let in to a counter, or shown out.
type ClerkSet struct {
	Clerk ident.Member `json:"clerk"`
	Point ident.Point  `json:"point"`
	Gone  bool         `json:"gone"`
}

// Waiting is what facts about a parcel that waits at a counter say of it.
type Waiting struct {
	Hold    ident.Hold    `json:"hold"`
	Parcel  ident.Parcel  `json:"parcel"`
	Order   ident.Order   `json:"order"`
	Shopper ident.Shopper `json:"shopper"`
	Point   ident.Point   `json:"point"`
}

// ParcelHeld is a parcel that a clerk took in, to be fetched at the point.
type ParcelHeld struct{ Waiting }

// ParcelLocked is a parcel for which too many wrong codes were given.
type ParcelLocked struct{ Waiting }

// ParcelHandedOver is a parcel that a clerk gave to whoever had its code.
type ParcelHandedOver struct {
	Waiting
	Clerk  ident.Member `json:"clerk"`
	Device ident.Device `json:"device"`
}

// Kind names the fact.
func (DeviceSet) Kind() Kind { return "counter.device_set" }

// Kind names the fact.
func (ClerkSet) Kind() Kind { return "counter.clerk_set" }

// Kind names the fact.
func (ParcelHeld) Kind() Kind { return "counter.held" }

// Kind names the fact.
func (ParcelLocked) Kind() Kind { return "counter.locked" }

// Kind names the fact.
func (ParcelHandedOver) Kind() Kind { return "counter.handed_over" }
