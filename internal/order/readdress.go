package order

import (
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	// Where the bill goes does not follow the parcel.
	sqlKeepBill = `insert into order_address (merchant, order_id, purpose, name, street, extra, postcode, city, country, phone)
		select merchant, order_id, 'bill', name, street, extra, postcode, city, country, phone
		from order_address where merchant = $1 and order_id = $2 and purpose = 'ship'
		on conflict (merchant, order_id, purpose) do nothing`
	sqlReaddress = `update order_address set name = $3, street = $4, extra = $5, postcode = $6, city = $7, country = $8, phone = $9
		where merchant = $1 and order_id = $2 and purpose = 'ship'`
	sqlReaddressParcel = `update order_parcel set postcode = $3, country = $4 where merchant = $1 and id = $2`
)

// CheckAddress brings an address to its one form, as placing an order does. The
// faults are field_required, field_too_long, invalid_utf8, unknown_country and
// postcode_invalid, at "address.…".
func CheckAddress(a Address) (Address, error) {
	var c check
	a = c.address("address.", a)
	return a, c.faults.Err()
}

// Readdress has an order, and the parcel of it that is on its way, delivered at
// another address, as its shopper chose. p is empty while nothing is packed. The
// bill goes where it went. The faults are those of CheckAddress and not_found.
func Readdress(tx *flow.Tx, m ident.Merchant, o ident.Order, p ident.Parcel, to Address) error {
	to, err := CheckAddress(to)
	if err != nil {
		return err
	}
	if err := tx.Do(sqlKeepBill, m, o); err != nil {
		return err
	}
	known, err := tx.Changed(sqlReaddress, m, o, to.Name, to.Street, to.Extra, to.Postcode, to.City, to.Country, to.Phone)
	if err == nil && !known {
		err = fault.New(fault.NotFound, "not_found", "order")
	}
	if err != nil || p == "" {
		return err
	}
	return tx.Do(sqlReaddressParcel, m, p, to.Postcode, to.Country)
}
