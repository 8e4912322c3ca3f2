package fact

import "github.com/promesse-dev/promesse/internal/core/ident"

// PointsFed is a network's list of points taken in.
type PointsFed struct {
	Network string `json:"network"`
	Fresh   int    `json:"fresh"`
	Changed int    `json:"changed"`
	Gone    int    `json:"gone"`
}

// StoreSet is a store of the merchant's own, set or changed.
type StoreSet struct {
	Point ident.Point `json:"point"`
}

// FavouriteSet is a shopper's choice to be shown a point first, or no longer.
type FavouriteSet struct {
	Shopper ident.Shopper `json:"shopper"`
	Point   ident.Point   `json:"point"`
	Kept    bool          `json:"kept"`
}

// Kind names the fact.
func (PointsFed) Kind() Kind { return "relay.points_fed" }

// Kind names the fact.
func (StoreSet) Kind() Kind { return "relay.store_set" }

// Kind names the fact.
func (FavouriteSet) Kind() Kind { return "relay.favourite_set" }
