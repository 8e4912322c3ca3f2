package order

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	sqlInsertShare = `insert into order_share (merchant, id, order_id, parcel, hash, made) values ($1, $2, $3, $4, $5, $6)`
	sqlShares      = `select id, order_id, parcel, made, ended from order_share where merchant = $1 and order_id = $2 order by id`
	sqlEndShare    = `update order_share set hash = '', ended = $4 where merchant = $1 and id = $2 and order_id = $3 and ended is null returning parcel`
	sqlShared      = `-- across merchants: a link tells whose parcel it shows
		select merchant, order_id, parcel, made from order_share where hash = $1 and hash <> ''`
)

// MaxShares is how many links to the parcels of an order open at a time.
const MaxShares = 10

// Share is a link by which others see where a parcel is, and nothing else of it.
type Share struct {
	ID     ident.Share
	Order  ident.Order
	Parcel ident.Parcel
	Made   civil.Instant
	Ended  civil.Instant // when it was taken back; zero: it was not
}

// ShareParcel makes such a link, which is in the answer and nowhere else. The faults
// are not_found, at the field parcel, for a parcel that is not on its way out with
// the order, and shares_full.
func ShareParcel(tx *flow.Tx, m ident.Merchant, o Order, p ident.Parcel) (ident.Link, error) {
	of, err := ParcelsByID(tx.Tx, m, []ident.Parcel{p})
	if err != nil {
		return "", err
	}
	if found := of[p]; found.Order != o.ID || found.Direction != fact.Out {
		return "", fault.New(fault.NotFound, "not_found", "parcel")
	}
	all, err := Shares(tx.Tx, m, o.ID)
	if err != nil {
		return "", err
	}
	open := 0
	for _, s := range all {
		if s.Ended == 0 {
			open++
		}
	}
	if open >= MaxShares {
		return "", fault.New(fault.Conflict, "shares_full", "parcel", "limit", MaxShares)
	}
	id, link := ident.New[ident.Share](tx.Mint), ident.NewLink(tx.Mint)
	if err := tx.Do(sqlInsertShare, m, id, o.ID, p, ident.Hash(string(link)), tx.Now); err != nil {
		return "", err
	}
	return link, tx.Emit(m, string(o.ID), string(id), fact.ParcelShared{Share: id, Order: o.ID, Shopper: o.Shopper, Parcel: p})
}

// Unshare takes a link back. Taking it back again changes nothing.
func Unshare(tx *flow.Tx, m ident.Merchant, o Order, id ident.Share) error {
	p, open, err := db.One(tx.Tx, sqlEndShare, db.Scalar[ident.Parcel], m, id, o.ID, tx.Now)
	if err != nil || !open {
		return err
	}
	return tx.Emit(m, string(o.ID), string(id), fact.ParcelUnshared{Share: id, Order: o.ID, Shopper: o.Shopper, Parcel: p})
}

// Shares reads the links to the parcels of an order, the first first.
func Shares(tx *db.Tx, m ident.Merchant, o ident.Order) ([]Share, error) {
	return db.All(tx, sqlShares, scanShareLink, m, o)
}

// SharedBy is whose parcel a link shows. The fault is not_found, the same for a link
// that was taken back and for one that nobody made.
func SharedBy(tx *db.Tx, link ident.Link) (m ident.Merchant, s Share, err error) {
	type shared struct {
		merchant ident.Merchant
		Share
	}
	found, ok, err := db.One(tx, sqlShared, func(r db.Row) (x shared, err error) {
		err = r.Scan(&x.merchant, &x.Order, &x.Parcel, &x.Made)
		return x, err
	}, ident.Hash(string(link)))
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "not_found", "")
	}
	return found.merchant, found.Share, err
}

func scanShareLink(r db.Row) (s Share, err error) {
	err = r.Scan(&s.ID, &s.Order, &s.Parcel, &s.Made, &s.Ended)
	return s, err
}
