package promise

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// archive is where the history of a lane is read: its texts, and the arguments
// that they all begin with.
type archive struct {
	lane               string
	latest, came, road string
	of                 []any // the merchant's own begin with it
	record             bool  // of the merchant's own promises
	shared             bool  // by merchants, who must be enough
}

// longAgo is before every parcel: 0001-01-01.
const longAgo civil.Day = -719_162

func (a archive) args(more ...any) []any { return slices.Concat(a.of, more) }

// read applies the rule to the history as of a day. Nothing on the road is read
// where too little came.
func (a archive) read(tx *db.Tx, today civil.Day, days *civil.Calendar) (knowledge, error) {
	latest, full, err := db.One(tx, a.latest, db.Scalar[civil.Day], a.args(today, WindowParcels-1)...)
	if err != nil {
		return knowledge{}, err
	}
	if !full {
		latest = civil.NoDay
	}
	p := Past{Today: today, Since: Since(today, latest), Days: days}
	came, err := db.All(tx, a.came, scanCame, a.args(max(p.Since, longAgo), today)...)
	if err != nil || !a.enough(came) {
		return knowledge{}, err
	}
	for _, c := range came {
		p.Passages = append(p.Passages, c.Passage)
	}
	onTheRoad, err := db.All(tx, a.road, scanRoad, a.args(max(p.eldest(), longAgo), today)...)
	if err != nil {
		return knowledge{}, err
	}
	if a.record {
		if p.Record, _, err = db.One(tx, sqlRecord, scanRecord, a.of[0], a.lane, today); err != nil {
			return knowledge{}, err
		}
	}
	for _, t := range onTheRoad {
		p.meet(t)
	}
	return knowledge{true, NewForecast(p)}, nil
}

// contribution is parcels of one merchant that came.
type contribution struct {
	merchant ident.Merchant
	Passage
}

func (a archive) enough(came []contribution) bool {
	arrived, of := 0, map[ident.Merchant]bool{}
	for _, c := range came {
		arrived += c.Parcels
		of[c.merchant] = true
	}
	return arrived >= enough && (!a.shared || len(of) >= contributors)
}

// traveller is parcels that were on the road when a day began. Some have come
// since, or are known since not to come.
type traveller struct {
	handed, arrived, closed, promised civil.Day
	parcels                           int
}

// meet adds parcels as they were when the day began. The record is of today's
// news too: what it says of them is taken back.
func (p *Past) meet(t traveller) {
	q := Passage{Start: t.handed, Came: civil.NoDay, Promised: t.promised, Parcels: t.parcels}
	q.Lost = t.closed != civil.NoDay && t.closed < p.Today
	if t.arrived != civil.NoDay && p.overdue(q) {
		p.Record.Due -= t.parcels
		p.Record.Missed -= t.parcels
	}
	p.Passages = append(p.Passages, q)
}
