package carrier

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Durations are stored in microseconds, as instants are.
const (
	sqlInsertConnection = `insert into carrier_connection (merchant, id, adapter, name, grace, stall_after, zone, inquiries)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`
	sqlUpdateConnection = `update carrier_connection set adapter = $3, name = $4, grace = $5, stall_after = $6, zone = $7, inquiries = $8
		where merchant = $1 and id = $2`
	sqlConnection = `select id, adapter, name, grace, stall_after, zone, inquiries from carrier_connection
		where merchant = $1 and id = $2`
	sqlConnections = `-- whole merchant: a merchant has a handful of connections
		select id, adapter, name, grace, stall_after, zone, inquiries from carrier_connection where merchant = $1 order by id`
)

// saveConnection writes a connection, and gives it an id when it has none.
func saveConnection(tx *flow.Tx, m ident.Merchant, c Connection) (Connection, error) {
	known := c.ID != ""
	if !known {
		c.ID = ident.New[ident.Connection](tx.Mint)
	}
	args := []any{m, c.ID, c.Adapter, c.Name, c.Grace.Microseconds(), c.StallAfter.Microseconds(), c.Zone, c.Inquiries}
	if !known {
		return c, tx.Do(sqlInsertConnection, args...)
	}
	found, err := tx.Changed(sqlUpdateConnection, args...)
	if err == nil && !found {
		return c, fault.New(fault.NotFound, "not_found", "connection")
	}
	return c, err
}

func scanConnection(r db.Row) (c Connection, err error) {
	var grace, stall int64
	err = r.Scan(&c.ID, &c.Adapter, &c.Name, &grace, &stall, &c.Zone, &c.Inquiries)
	c.Grace, c.StallAfter = time.Duration(grace)*time.Microsecond, time.Duration(stall)*time.Microsecond
	return c, err
}

const (
	sqlInsertService = `insert into carrier_service
		(merchant, id, connection, name, mode, countries, max_grams, max_units, collects, delivers, region, standards, by_minute, last_mile, postcodes, version)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1)`
	sqlUpdateService = `update carrier_service set connection = $3, name = $4, mode = $5, countries = $6,
		max_grams = $7, max_units = $8, collects = $9, delivers = $10, region = $11, standards = $12,
		by_minute = $13, last_mile = $14, postcodes = $15, version = version + 1
		where merchant = $1 and id = $2 returning version`
	sqlServices = `-- whole merchant: a merchant has a handful of services
		select id, connection, name, mode, countries, max_grams, max_units, collects, delivers, region, standards, by_minute, last_mile, postcodes
		from carrier_service where merchant = $1 order by id`
)

// saveService writes a service, gives it an id when it has none, and answers how
// often it was set.
func saveService(tx *flow.Tx, m ident.Merchant, s Service) (_ Service, version int64, err error) {
	countries, err := json.Marshal(s.Countries)
	if err != nil {
		return s, 0, err
	}
	standards, err := json.Marshal(s.Standards)
	if err != nil {
		return s, 0, err
	}
	postcodes, err := json.Marshal(s.Postcodes)
	if err != nil {
		return s, 0, err
	}
	known := s.ID != ""
	if !known {
		s.ID = ident.New[ident.Service](tx.Mint)
	}
	args := []any{
		m, s.ID, s.Connection, s.Name, s.Mode, string(countries), s.Limits.MaxGrams, s.Limits.MaxUnits,
		int64(s.Collects), int64(s.Delivers), s.Region, string(standards), s.ByMinute, s.LastMile, string(postcodes),
	}
	if !known {
		return s, 1, tx.Do(sqlInsertService, args...)
	}
	version, known, err = db.One(tx.Tx, sqlUpdateService, db.Scalar[int64], args...)
	if err == nil && !known {
		err = fault.New(fault.NotFound, "not_found", "service")
	}
	return s, version, err
}

func scanService(r db.Row) (s Service, err error) {
	var countries, standards, postcodes string
	err = r.Scan(&s.ID, &s.Connection, &s.Name, &s.Mode, &countries, &s.Limits.MaxGrams, &s.Limits.MaxUnits,
		&s.Collects, &s.Delivers, &s.Region, &standards, &s.ByMinute, &s.LastMile, &postcodes)
	for _, list := range []struct {
		text string
		into any
	}{{countries, &s.Countries}, {standards, &s.Standards}, {postcodes, &s.Postcodes}} {
		if err == nil {
			err = json.Unmarshal([]byte(list.text), list.into)
		}
	}
	if err != nil {
		return s, fmt.Errorf("service %s: %w", s.ID, err)
	}
	return s, nil
}

const (
	sqlInsertInquiry = `insert into carrier_inquiry (merchant, id, connection, parcel, order_id, number, state, answer, asked, changed)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	sqlInquiry = `select id, connection, parcel, order_id, number, state, answer, asked, changed from carrier_inquiry
		where merchant = $1 and id = $2`
	sqlInquiries = `select id, connection, parcel, order_id, number, state, answer, asked, changed from carrier_inquiry
		where merchant = $1 and order_id = $2 order by id`
	sqlMoveInquiry = `update carrier_inquiry set state = $3, answer = $4, changed = $5
		where merchant = $1 and id = $2 and state in ('asked', 'taken') and state <> $3`
)

func scanInquiry(r db.Row) (q Inquiry, err error) {
	err = r.Scan(&q.ID, &q.Connection, &q.Parcel, &q.Order, &q.Number, &q.State, &q.Answer, &q.Asked, &q.Changed)
	return q, err
}
