package tracking

import (
	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Leg is a number that a parcel travels under, and whose number it is.
type Leg struct {
	Parcel     ident.Parcel
	Connection ident.Connection
	Number     string // folded
	Since      civil.Instant
}

const (
	sqlLegsOf = `select parcel, connection, number, since from tracking_leg
		where merchant = $1 and parcel in ($2) order by since, connection, number`
	sqlHolders = `-- across merchants: whoever knows a parcel's number and its postcode is told its milestone
		select merchant, parcel from tracking_leg where number = $1 limit 20`
	// The cross joins tell SQLite to go from an order to its parcels, legs and events.
	sqlScans = `select v.column1, v.column2, (select count(*)
			from tracking_parcel p cross join tracking_leg l cross join tracking_event e
			where p.merchant = v.column1 and p.order_id = v.column2
			and l.merchant = p.merchant and l.parcel = p.id
			and e.merchant = l.merchant and e.connection = l.connection and e.number = l.number)
		from (values {$1: text, text}) as v`
)

// Legs reads the numbers that parcels travel under, the oldest first.
func Legs(tx *db.Tx, m ident.Merchant, parcels []ident.Parcel) (map[ident.Parcel][]Leg, error) {
	rows, err := db.All(tx, sqlLegsOf, scanLegOf, m, db.In(parcels))
	of := map[ident.Parcel][]Leg{}
	for _, l := range rows {
		of[l.Parcel] = append(of[l.Parcel], l)
	}
	return of, err
}

func scanLegOf(r db.Row) (l Leg, err error) {
	err = r.Scan(&l.Parcel, &l.Connection, &l.Number, &l.Since)
	return l, err
}

// Holder is a parcel and whose it is.
type Holder struct {
	Merchant ident.Merchant
	Parcel   ident.Parcel
}

// ByNumber finds the parcels that travel under a number, whatever their merchant
// and carrier: whoever asks must know more than the number before being told
// anything. Of more than twenty it finds twenty.
func ByNumber(tx *db.Tx, number string) ([]Holder, error) {
	return db.All(tx, sqlHolders, scanHolder, carrier.FoldNumber(number))
}

func scanHolder(r db.Row) (h Holder, err error) {
	err = r.Scan(&h.Merchant, &h.Parcel)
	return h, err
}

// Whole is an order and whose it is.
type Whole struct {
	Merchant ident.Merchant
	Order    ident.Order
}

// Scans counts the events of all parcels of orders. They are never taken back,
// so a copy of what they say is true as long as the count is the same.
func Scans(tx *db.Tx, orders []Whole) (map[Whole]int, error) {
	if len(orders) == 0 {
		return nil, nil
	}
	rows := make([][]any, len(orders))
	for i, o := range orders {
		rows[i] = []any{o.Merchant, o.Order}
	}
	counts, err := db.All(tx, sqlScans, scanCount, db.Rows(rows))
	of := make(map[Whole]int, len(counts))
	for _, c := range counts {
		of[c.Whole] = c.events
	}
	return of, err
}

type count struct {
	Whole
	events int
}

func scanCount(r db.Row) (c count, err error) {
	err = r.Scan(&c.Merchant, &c.Order, &c.events)
	return c, err
}
