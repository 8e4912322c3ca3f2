package order

import (
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	sqlPlace = `insert into order_order (merchant, id, reference, fingerprint, link, shopper, locale, service, point,
		state, currency, total, delivery, placed, cancelled_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'placed', $10, $11, $12, $13, '')
		on conflict (merchant, reference) do nothing returning id`
	sqlInsertLine = `insert into order_line
		(merchant, order_id, id, kind, sku, name, units, unit, captured, currency, grams, traits)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`
	sqlInsertAddress = `insert into order_address
		(merchant, order_id, purpose, name, street, extra, postcode, city, country, phone)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	sqlCancel = `update order_order set state = 'cancelled', cancelled = $3, cancelled_by = $4
		where merchant = $1 and id = $2 and state = 'placed' returning shopper`
	sqlSendTo      = `update order_order set point = $3 where merchant = $1 and id = $2`
	sqlFingerprint = `select fingerprint from order_order where merchant = $1 and reference = $2`
)

const (
	sqlOrder = `select o.id, o.reference, o.shopper, o.locale, o.currency, o.placed, o.state, o.service, o.point,
		o.total, o.delivery, a.name, a.street, a.extra, a.postcode, a.city, a.country, a.phone
		from order_order o
		join order_address a on a.merchant = o.merchant and a.order_id = o.id and a.purpose = 'ship'
		where o.merchant = $1 and o.id = $2`
	sqlOrders = `select o.id, o.reference, o.shopper, o.locale, o.currency, o.placed, o.state, o.service, o.point,
		o.total, o.delivery, a.name, a.street, a.extra, a.postcode, a.city, a.country, a.phone
		from order_order o
		join order_address a on a.merchant = o.merchant and a.order_id = o.id and a.purpose = 'ship'
		where o.merchant = $1 and o.id in ($2)`
	sqlOrderByReference = `select o.id, o.reference, o.shopper, o.locale, o.currency, o.placed, o.state, o.service, o.point,
		o.total, o.delivery, a.name, a.street, a.extra, a.postcode, a.city, a.country, a.phone
		from order_order o
		join order_address a on a.merchant = o.merchant and a.order_id = o.id and a.purpose = 'ship'
		where o.merchant = $1 and o.reference = $2`
	sqlOrdersBefore = `select o.id, o.reference, o.shopper, o.locale, o.currency, o.placed, o.state, o.service, o.point,
		o.total, o.delivery, a.name, a.street, a.extra, a.postcode, a.city, a.country, a.phone
		from order_order o
		join order_address a on a.merchant = o.merchant and a.order_id = o.id and a.purpose = 'ship'
		where o.merchant = $1 and o.id < $2 order by o.id desc limit $3`
	sqlOrderByLink = `-- across merchants: a link tells whose order it opens
		select merchant, id from order_order where link = $1 and link <> ''`
	sqlLines = `select id, kind, sku, name, units, unit, captured, currency, grams, traits from order_line
		where merchant = $1 and order_id = $2 order by id`
	sqlBilling = `select name, street, extra, postcode, city, country, phone from order_address
		where merchant = $1 and order_id = $2 and purpose = 'bill'`
)

func scanOrder(r db.Row) (o Order, err error) {
	a := &o.Ship
	err = r.Scan(&o.ID, &o.Reference, &o.Shopper, &o.Locale, &o.Currency, &o.Placed, &o.State, &o.Service, &o.Point,
		&o.Value.Minor, &o.Delivery.Minor, &a.Name, &a.Street, &a.Extra, &a.Postcode, &a.City, &a.Country, &a.Phone)
	o.Value.Currency, o.Delivery.Currency = o.Currency, o.Currency
	return o, err
}

func scanWhereabouts(r db.Row) (w whereabouts, err error) {
	err = r.Scan(&w.merchant, &w.order)
	return w, err
}

func scanLine(r db.Row) (l Line, err error) {
	var currency money.Currency
	var traits string
	err = r.Scan(&l.ID, &l.Kind, &l.SKU, &l.Name, &l.Units, &l.Unit.Minor, &l.Captured.Minor, &currency, &l.Grams, &traits)
	l.Unit.Currency, l.Captured.Currency = currency, currency
	if err == nil {
		l.Traits, err = readTraits(traits)
	}
	return l, err
}

func scanAddress(r db.Row) (a Address, err error) {
	err = r.Scan(&a.Name, &a.Street, &a.Extra, &a.Postcode, &a.City, &a.Country, &a.Phone)
	return a, err
}

const (
	sqlInsertParcel = `insert into order_parcel
		(merchant, id, order_id, shopper, direction, connection, service, number, announced, postcode, country)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
	sqlInsertPacked   = `insert into order_packed (merchant, parcel, line, units) values ($1, $2, $3, $4)`
	sqlParcelByNumber = `select id, order_id, shopper, direction, connection, service, number, announced, postcode, country
		from order_parcel where merchant = $1 and connection = $2 and number = $3`
	sqlParcelsByID = `select id, order_id, shopper, direction, connection, service, number, announced, postcode, country
		from order_parcel where merchant = $1 and id in ($2)`
	sqlParcelsOf = `select id, order_id, shopper, direction, connection, service, number, announced, postcode, country
		from order_parcel where merchant = $1 and order_id in ($2) order by id`
	sqlLeft = `select l.id, l.units - cast(coalesce((
			select sum(k.units) from order_parcel p
			join order_packed k on k.merchant = p.merchant and k.parcel = p.id
			where p.merchant = $1 and p.order_id = $2 and p.direction = $3 and k.line = l.id), 0) as bigint)
			- cast(coalesce((
			select sum(k.units) from order_shortage h
			join order_shortage_line k on k.merchant = h.merchant and k.shortage = h.id
			where h.merchant = $1 and h.order_id = $2 and h.said_by = 'merchant' and $3 = 'out' and k.line = l.id), 0) as bigint)
		from order_line l
		where l.merchant = $1 and l.order_id = $2 and l.kind = 'goods' order by l.id`
	sqlUnpacked = `select l.order_id, cast(sum(l.units) as bigint), cast(coalesce((
			select sum(k.units) from order_parcel p
			join order_packed k on k.merchant = p.merchant and k.parcel = p.id
			where p.merchant = $1 and p.order_id = l.order_id and p.direction = 'out'), 0) as bigint),
			cast(coalesce((
			select sum(k.units) from order_shortage h
			join order_shortage_line k on k.merchant = h.merchant and k.shortage = h.id
			where h.merchant = $1 and h.order_id = l.order_id and h.said_by = 'merchant'), 0) as bigint)
		from order_line l
		where l.merchant = $1 and l.order_id in ($2) and l.kind = 'goods' group by l.order_id`
)

func scanParcel(r db.Row) (p Parcel, err error) {
	err = r.Scan(&p.ID, &p.Order, &p.Shopper, &p.Direction, &p.Connection, &p.Service, &p.Number, &p.Announced, &p.Postcode, &p.Country)
	return p, err
}

func scanShare(r db.Row) (s share, err error) {
	err = r.Scan(&s.line, &s.units)
	return s, err
}

// contents is where the units of an order's goods are, all lines together.
type contents struct {
	order   ident.Order
	ordered int64
	packed  int64 // in outgoing parcels
	missing int64 // that the merchant will not send
}

func scanContents(r db.Row) (c contents, err error) {
	err = r.Scan(&c.order, &c.ordered, &c.packed, &c.missing)
	return c, err
}

const (
	sqlInsertShortage = `insert into order_shortage (merchant, id, order_id, shopper, said_by, damaged, at)
		values ($1, $2, $3, $4, $5, $6, $7)`
	sqlInsertShort = `insert into order_shortage_line (merchant, shortage, line, units) values ($1, $2, $3, $4)`
	sqlShortages   = `select h.id, h.order_id, h.said_by, h.damaged, h.at, k.line, k.units from order_shortage h
		join order_shortage_line k on k.merchant = h.merchant and k.shortage = h.id
		where h.merchant = $1 and h.order_id in ($2)`
	sqlStandings = `select l.id, l.units, cast(coalesce(k.packed, 0) as bigint), cast(coalesce(k.in_hand, 0) as bigint),
		cast(coalesce(d.by_merchant, 0) as bigint), cast(coalesce(d.by_shopper, 0) as bigint)
		from order_line l
		left join (
			select i.line, sum(i.units) as packed, sum(case when p.in_hand is null then 0 else i.units end) as in_hand
			from order_parcel p join order_packed i on i.merchant = p.merchant and i.parcel = p.id
			where p.merchant = $1 and p.order_id = $2 and p.direction = 'out' group by i.line
		) k on k.line = l.id
		left join (
			select i.line, sum(case h.said_by when 'merchant' then i.units else 0 end) as by_merchant,
				sum(case h.said_by when 'shopper' then i.units else 0 end) as by_shopper
			from order_shortage h join order_shortage_line i on i.merchant = h.merchant and i.shortage = h.id
			where h.merchant = $1 and h.order_id = $2 group by i.line
		) d on d.line = l.id
		where l.merchant = $1 and l.order_id = $2 and l.kind = 'goods' order by l.id`
	sqlArrivals = `select count(*), cast(coalesce(sum(case when exists (
			select 1 from order_packed k where k.merchant = p.merchant and k.parcel = p.id) then 0 else 1 end), 0) as bigint)
		from order_parcel p
		where p.merchant = $1 and p.order_id = $2 and p.direction = 'out' and p.in_hand is not null`
	sqlArrive = `update order_parcel set in_hand = v.column2
		from (values {$2: text, bigint}) as v
		where merchant = $1 and id = v.column1`
)

func scanShortage(r db.Row) (s Shortage, err error) {
	var l Short
	err = r.Scan(&s.ID, &s.Order, &s.By, &s.Damaged, &s.At, &l.Line, &l.Units)
	s.Lines = []Short{l}
	return s, err
}

func scanStanding(r db.Row) (s standing, err error) {
	err = r.Scan(&s.line, &s.ordered, &s.packed, &s.inHand, &s.byMerchant, &s.byShopper)
	return s, err
}

// arrivals is how many parcels of an order are in the shopper's hands, and how
// many of those have contents nobody told.
type arrivals struct{ parcels, untold int }

func scanArrivals(r db.Row) (a arrivals, err error) {
	err = r.Scan(&a.parcels, &a.untold)
	return a, err
}

const (
	sqlInsertTariff = `insert into order_tariff
		(merchant, id, service, zone, max_grams, currency, min_basket, price, free_from, since, until, version)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)`
	sqlUpdateTariff = `update order_tariff set service = $3, zone = $4, max_grams = $5, currency = $6,
		min_basket = $7, price = $8, free_from = $9, since = $10, until = $11, version = version + 1
		where merchant = $1 and id = $2 returning version`
	sqlTariffs = `-- whole merchant: a price list is a few dozen rows
		select id, service, zone, max_grams, currency, min_basket, price, free_from, since, until
		from order_tariff
		where merchant = $1 and (since is null or since <= $2) and (until is null or until > $2) order by id`
)

// saveTariff writes a row, gives it an id when it has none, and answers how
// often it was set.
func saveTariff(tx *flow.Tx, m ident.Merchant, t *Tariff) (version int64, err error) {
	known := t.ID != ""
	if !known {
		t.ID = ident.New[ident.Tariff](tx.Mint)
	}
	args := []any{
		m, t.ID, t.Service, t.Zone, t.MaxGrams, t.Price.Currency,
		t.MinBasket.Minor, t.Price.Minor, t.FreeFrom.Minor, t.Since, t.Until,
	}
	if !known {
		return 1, tx.Do(sqlInsertTariff, args...)
	}
	version, known, err = db.One(tx.Tx, sqlUpdateTariff, db.Scalar[int64], args...)
	if err == nil && !known {
		return 0, fault.New(fault.NotFound, "not_found", "tariff")
	}
	return version, err
}

func scanTariff(r db.Row) (t Tariff, err error) {
	var currency money.Currency
	err = r.Scan(&t.ID, &t.Service, &t.Zone, &t.MaxGrams, &currency,
		&t.MinBasket.Minor, &t.Price.Minor, &t.FreeFrom.Minor, &t.Since, &t.Until)
	t.MinBasket.Currency, t.Price.Currency, t.FreeFrom.Currency = currency, currency, currency
	return t, err
}
