package merchant

import (
	"encoding/json"
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	sqlInsertOrganisation = `insert into merchant_organisation
		(merchant, kind, name, country, zone, locale, currency, target, risk_at, created)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	sqlConfigure = `-- whole merchant: it is one row
		update merchant_organisation set target = $2, risk_at = $3 where merchant = $1`
	sqlOrganisation = `-- whole merchant: it is one row
		select merchant, kind, name, country, zone, locale, currency, target, risk_at, created
		from merchant_organisation where merchant = $1`
	sqlOrganisations = `-- across merchants: whoever runs the installation lists its organisations
		select merchant, kind, name, country, zone, locale, currency, target, risk_at, created
		from merchant_organisation where merchant > $1 order by merchant limit $2`
)

func scanOrganisation(r db.Row) (o Organisation, err error) {
	err = r.Scan(&o.ID, &o.Kind, &o.Name, &o.Country, &o.Zone, &o.Locale, &o.Currency, &o.Target, &o.RiskAt, &o.Created)
	return o, err
}

const (
	sqlInsertKey = `insert into merchant_key (merchant, id, hash, permissions, connection, label, issued)
		values ($1, $2, $3, $4, $5, $6, $7)`
	sqlRevokeKey = `update merchant_key set revoked = $3 where merchant = $1 and id = $2 and revoked is null`
	sqlKeyKnown  = `select id from merchant_key where merchant = $1 and id = $2`
	sqlPrincipal = `-- across merchants: a key tells which merchant it opens
		select k.merchant, k.id, k.permissions, k.connection, o.kind
		from merchant_key k join merchant_organisation o on o.merchant = k.merchant
		where k.hash = $1 and k.revoked is null`
	sqlKeys = `-- whole merchant: an organisation has a handful of keys
		select id, permissions, connection, label, issued, revoked from merchant_key where merchant = $1 order by id`
)

func scanPrincipal(r db.Row) (p Principal, err error) {
	err = r.Scan(&p.Merchant, &p.Key, &p.Set, &p.Connection, &p.Kind)
	return p, err
}

func scanKey(r db.Row) (k Key, err error) {
	err = r.Scan(&k.ID, &k.Set, &k.Connection, &k.Label, &k.Issued, &k.Revoked)
	return k, err
}

const (
	sqlInsertStockPoint = `insert into merchant_stock_point
		(merchant, id, name, country, postcode, zone, cutoffs, prep_days, closures, version)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)`
	sqlUpdateStockPoint = `update merchant_stock_point set name = $3, country = $4, postcode = $5, zone = $6,
		cutoffs = $7, prep_days = $8, closures = $9, version = version + 1
		where merchant = $1 and id = $2 returning version`
	sqlStockPoints = `-- whole merchant: a merchant has a handful of stock points
		select id, name, country, postcode, zone, cutoffs, prep_days, closures
		from merchant_stock_point where merchant = $1 order by id`
)

// saveStockPoint writes a stock point, gives it an id when it has none, and
// answers how often it was set.
func saveStockPoint(tx *flow.Tx, m ident.Merchant, s *StockPoint) (version int64, err error) {
	cutoffs, err := json.Marshal(s.Cutoffs.Minute)
	if err != nil {
		return 0, err
	}
	closures, err := json.Marshal(s.Closures)
	if err != nil {
		return 0, err
	}
	known := s.ID != ""
	if !known {
		s.ID = ident.New[ident.StockPoint](tx.Mint)
	}
	args := []any{m, s.ID, s.Name, s.Country, s.Postcode, s.Zone, string(cutoffs), s.PrepDays, string(closures)}
	if !known {
		return 1, tx.Do(sqlInsertStockPoint, args...)
	}
	version, known, err = db.One(tx.Tx, sqlUpdateStockPoint, db.Scalar[int64], args...)
	if err == nil && !known {
		return 0, fault.New(fault.NotFound, "not_found", "stock_point")
	}
	return version, err
}

func scanStockPoint(r db.Row) (s StockPoint, err error) {
	var cutoffs, closures string
	err = r.Scan(&s.ID, &s.Name, &s.Country, &s.Postcode, &s.Zone, &cutoffs, &s.PrepDays, &closures)
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal([]byte(cutoffs), &s.Cutoffs.Minute); err != nil {
		return s, fmt.Errorf("stock point %s: %w", s.ID, err)
	}
	if err := json.Unmarshal([]byte(closures), &s.Closures); err != nil {
		return s, fmt.Errorf("stock point %s: %w", s.ID, err)
	}
	s.Cutoffs.Preparation = s.PrepDays
	s.Cutoffs.Zone, err = civil.Zone(s.Zone)
	return s, err
}

const (
	sqlInsertPolicy = `insert into merchant_policy (merchant, id, topic, source, since) values ($1, $2, $3, $4, $5)`
	sqlPolicy       = `select id, topic, source, since from merchant_policy
		where merchant = $1 and topic = $2 order by id desc limit 1`
	sqlPolicyAt = `select id, topic, source, since from merchant_policy
		where merchant = $1 and topic = $2 and since <= $3 order by id desc limit 1`
	sqlPolicies = `select id, topic, source, since from merchant_policy
		where merchant = $1 and topic = $2 order by id desc`
)

func scanPolicy(r db.Row) (p Policy, err error) {
	err = r.Scan(&p.ID, &p.Topic, &p.Source, &p.Since)
	return p, err
}

const (
	sqlInsertGrant = `insert into merchant_grant (merchant, id, grantee, scope, since) values ($1, $2, $3, $4, $5)
		on conflict (merchant, grantee, scope) where until is null do nothing`
	sqlGrantHeld  = `select id from merchant_grant where merchant = $1 and grantee = $2 and scope = $3 and until is null`
	sqlEndGrant   = `update merchant_grant set until = $3 where merchant = $1 and id = $2 and until is null`
	sqlGrantKnown = `select id from merchant_grant where merchant = $1 and id = $2`
	sqlGrantees   = `-- whole merchant: an organisation gives a handful of grants
		select grantee from merchant_grant where merchant = $1 and scope = $2 and until is null order by grantee`
	sqlGrantors = `-- across merchants: a grant lets its holder read of the grantor, for the scope it names
		select merchant from merchant_grant where grantee = $1 and scope = $2 and until is null order by merchant`
)
