package relay

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// sqlNext gives a change its number. Its row stays locked until the commit, so
// whoever sees a number sees every change with a lower one, and lists that come
// in at once take turns.
const (
	sqlNext = `-- across merchants: relay points are everybody's
		insert into relay_version (id, version) values (1, 1)
		on conflict (id) do update set version = relay_version.version + 1
		returning version`
	sqlVersion = `-- across merchants: relay points are everybody's
		select version from relay_version where id = 1`
)

func next(tx *flow.Tx) (int64, error) {
	version, _, err := db.One(tx.Tx, sqlNext, db.Scalar[int64])
	return version, err
}

const (
	sqlInsert = `-- across merchants: relay points are everybody's, and a store's network is its merchant
		insert into relay_point (network, code, id, version, kind, name, street, extra, postcode, city, country,
			lat, lon, located, services, limits, hours, zone, capacity, seen, gone, moved, was)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`
	sqlUpdate = `-- across merchants: relay points are everybody's, and a store's network is its merchant
		update relay_point set version = $4, kind = $5, name = $6, street = $7, extra = $8, postcode = $9, city = $10, country = $11,
			lat = $12, lon = $13, located = $14, services = $15, limits = $16, hours = $17, zone = $18, capacity = $19,
			seen = $20, gone = $21, moved = $22, was = $23
		where network = $1 and code = $2 and id = $3`
	sqlLeave = `-- across merchants: relay points are everybody's
		update relay_point set gone = $4, version = $3 where network = $1 and version < $2 and gone is null returning id`
	sqlClose = `-- across merchants: a store's network is its merchant
		update relay_point set gone = $4, version = $3 where network = $1 and code = $2`
	sqlByCodes = `-- across merchants: relay points are everybody's, and a store's network is its merchant
		select network, code, id, version, kind, name, street, extra, postcode, city, country,
			lat, lon, located, services, limits, hours, zone, capacity, seen, gone, moved, was
		from relay_point where network = $1 and code in ($2)`
	sqlByID = `-- across merchants: relay points are everybody's
		select network, code, id, version, kind, name, street, extra, postcode, city, country,
			lat, lon, located, services, limits, hours, zone, capacity, seen, gone, moved, was
		from relay_point where id = $1`
	sqlOfNetwork = `-- across merchants: relay points are everybody's, and a store's network is its merchant
		select network, code, id, version, kind, name, street, extra, postcode, city, country,
			lat, lon, located, services, limits, hours, zone, capacity, seen, gone, moved, was
		from relay_point where network = $1 and code > $2 order by code limit $3`
	sqlAnyOf = `-- across merchants: relay points are everybody's, and a store's network is its merchant
		select id from relay_point where network = $1 and gone is null limit 1`
	sqlNewer = `-- across merchants: relay points are everybody's; the index shows a store for its owner alone
		select network, code, id, version, kind, name, street, extra, postcode, city, country,
			lat, lon, located, services, limits, hours, zone, capacity, seen, gone, moved, was
		from relay_point where version > $1 order by version, network, code`
	sqlNetworks = `-- across merchants: relay points are everybody's
		select network, count(*), sum(case when located = 'exact' then 1 else 0 end), sum(case when hours = '' then 1 else 0 end), max(seen)
		from relay_point where gone is null group by network order by network`
)

func insert(tx *flow.Tx, version int64, p Point) error {
	args, err := p.args(version)
	if err != nil {
		return err
	}
	return tx.Do(sqlInsert, args...)
}

func update(tx *flow.Tx, version int64, p Point) error {
	args, err := p.args(version)
	if err != nil {
		return err
	}
	return tx.Do(sqlUpdate, args...)
}

func (p Point) args(version int64) ([]any, error) {
	limits, err := json.Marshal(p.Limits)
	if err != nil {
		return nil, fmt.Errorf("point %s %s: %w", p.Network, p.Code, err)
	}
	return []any{
		p.Network, p.Code, p.ID, version, p.Kind, p.Name, p.Street, p.Extra, p.Postcode, p.City, p.Country,
		p.At.Lat, p.At.Lon, p.Located, strings.Join(p.Services, " "), string(limits), p.Hours.String(), p.Zone, p.Capacity,
		p.Seen, p.Gone, p.Moved, p.Was,
	}, nil
}

// leave marks as gone what was last named before a version.
func leave(tx *flow.Tx, network string, version, first int64) (int, error) {
	gone, err := db.All(tx.Tx, sqlLeave, db.Scalar[ident.Point], network, first, version, tx.Now)
	return len(gone), err
}

// pointRow is a point with the number of its last change.
type pointRow struct {
	Point
	version int64
}

func scanPoint(r db.Row) (row pointRow, err error) {
	p := &row.Point
	var services, limits, hours string
	err = r.Scan(&p.Network, &p.Code, &p.ID, &row.version, &p.Kind, &p.Name, &p.Street, &p.Extra, &p.Postcode, &p.City, &p.Country,
		&p.At.Lat, &p.At.Lon, &p.Located, &services, &limits, &hours, &p.Zone, &p.Capacity, &p.Seen, &p.Gone, &p.Moved, &p.Was)
	if err == nil {
		err = json.Unmarshal([]byte(limits), &p.Limits)
	}
	if err == nil {
		p.Hours, err = civil.ParseHours("hours", hours)
	}
	if err != nil {
		return row, fmt.Errorf("point %s %s: %w", p.Network, p.Code, err)
	}
	if services != "" {
		p.Services = strings.Split(services, " ")
	}
	p.Hours = p.Hours.In(civil.RegionOf(p.Country, p.Postcode))
	return row, nil
}
