package promise

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Commitments are read with their last verdict.
const (
	sqlInsertCommitment = `insert into promise_commitment (merchant, id, kind, order_id, shopper, service, stock,
		since, until, zone, clock, collect, origin, quote, shown, locale, confidence, basis, handover_by, grace,
		state, verdicts, made, predecessor, due_at, assess_at, about)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
		'open', 0, $21, $22, $23, $24, $25) on conflict (merchant, quote, kind) do nothing`
	sqlCommitments = `select c.id, c.kind, c.order_id, c.shopper, c.service, c.stock, c.since, c.until, c.zone, c.clock,
		c.collect, c.origin, coalesce(c.quote, ''), c.shown, c.locale, coalesce(c.confidence, 0), coalesce(c.basis, ''),
		c.handover_by, c.grace, c.state, c.about, c.made, c.told_at, c.consented, c.contested, coalesce(c.predecessor, ''), coalesce(c.successor, ''),
		c.due_at, c.verdicts, coalesce(v.id, ''), v.at, coalesce(v.state, ''), coalesce(v.reason, ''), coalesce(v.late_by, 0),
		coalesce(v.late_known, false), coalesce(v.early_by, 0), coalesce(v.missing_units, 0),
		coalesce(v.missing_lines, 0), coalesce(v.liable, ''), coalesce(v.trust, ''),
		coalesce(v.told, false), coalesce(v.evidence, ''), coalesce(v.cause, '')
		from promise_commitment c
		left join promise_verdict v on v.merchant = c.merchant and v.commitment = c.id and v.sequence = c.verdicts
		where c.merchant = $1 and c.id in ($2) order by c.id`
	sqlCommitmentsOf = `select c.id, c.kind, c.order_id, c.shopper, c.service, c.stock, c.since, c.until, c.zone, c.clock,
		c.collect, c.origin, coalesce(c.quote, ''), c.shown, c.locale, coalesce(c.confidence, 0), coalesce(c.basis, ''),
		c.handover_by, c.grace, c.state, c.about, c.made, c.told_at, c.consented, c.contested, coalesce(c.predecessor, ''), coalesce(c.successor, ''),
		c.due_at, c.verdicts, coalesce(v.id, ''), v.at, coalesce(v.state, ''), coalesce(v.reason, ''), coalesce(v.late_by, 0),
		coalesce(v.late_known, false), coalesce(v.early_by, 0), coalesce(v.missing_units, 0),
		coalesce(v.missing_lines, 0), coalesce(v.liable, ''), coalesce(v.trust, ''),
		coalesce(v.told, false), coalesce(v.evidence, ''), coalesce(v.cause, '')
		from promise_commitment c
		left join promise_verdict v on v.merchant = c.merchant and v.commitment = c.id and v.sequence = c.verdicts
		where c.merchant = $1 and c.order_id in ($2) and c.about = '' order by c.order_id, c.id`
	sqlCommitmentsAbout = `select c.id, c.kind, c.order_id, c.shopper, c.service, c.stock, c.since, c.until, c.zone, c.clock,
		c.collect, c.origin, coalesce(c.quote, ''), c.shown, c.locale, coalesce(c.confidence, 0), coalesce(c.basis, ''),
		c.handover_by, c.grace, c.state, c.about, c.made, c.told_at, c.consented, c.contested, coalesce(c.predecessor, ''), coalesce(c.successor, ''),
		c.due_at, c.verdicts, coalesce(v.id, ''), v.at, coalesce(v.state, ''), coalesce(v.reason, ''), coalesce(v.late_by, 0),
		coalesce(v.late_known, false), coalesce(v.early_by, 0), coalesce(v.missing_units, 0),
		coalesce(v.missing_lines, 0), coalesce(v.liable, ''), coalesce(v.trust, ''),
		coalesce(v.told, false), coalesce(v.evidence, ''), coalesce(v.cause, '')
		from promise_commitment c
		left join promise_verdict v on v.merchant = c.merchant and v.commitment = c.id and v.sequence = c.verdicts
		where c.merchant = $1 and c.about in ($2) and c.about <> '' order by c.about, c.id`
	sqlCommitmentsBefore = `select c.id, c.kind, c.order_id, c.shopper, c.service, c.stock, c.since, c.until, c.zone, c.clock,
		c.collect, c.origin, coalesce(c.quote, ''), c.shown, c.locale, coalesce(c.confidence, 0), coalesce(c.basis, ''),
		c.handover_by, c.grace, c.state, c.about, c.made, c.told_at, c.consented, c.contested, coalesce(c.predecessor, ''), coalesce(c.successor, ''),
		c.due_at, c.verdicts, coalesce(v.id, ''), v.at, coalesce(v.state, ''), coalesce(v.reason, ''), coalesce(v.late_by, 0),
		coalesce(v.late_known, false), coalesce(v.early_by, 0), coalesce(v.missing_units, 0),
		coalesce(v.missing_lines, 0), coalesce(v.liable, ''), coalesce(v.trust, ''),
		coalesce(v.told, false), coalesce(v.evidence, ''), coalesce(v.cause, '')
		from promise_commitment c
		left join promise_verdict v on v.merchant = c.merchant and v.commitment = c.id and v.sequence = c.verdicts
		where c.merchant = $1 and c.id < $2 order by c.id desc limit $3`
	sqlCommitmentsInState = `select c.id, c.kind, c.order_id, c.shopper, c.service, c.stock, c.since, c.until, c.zone, c.clock,
		c.collect, c.origin, coalesce(c.quote, ''), c.shown, c.locale, coalesce(c.confidence, 0), coalesce(c.basis, ''),
		c.handover_by, c.grace, c.state, c.about, c.made, c.told_at, c.consented, c.contested, coalesce(c.predecessor, ''), coalesce(c.successor, ''),
		c.due_at, c.verdicts, coalesce(v.id, ''), v.at, coalesce(v.state, ''), coalesce(v.reason, ''), coalesce(v.late_by, 0),
		coalesce(v.late_known, false), coalesce(v.early_by, 0), coalesce(v.missing_units, 0),
		coalesce(v.missing_lines, 0), coalesce(v.liable, ''), coalesce(v.trust, ''),
		coalesce(v.told, false), coalesce(v.evidence, ''), coalesce(v.cause, '')
		from promise_commitment c
		left join promise_verdict v on v.merchant = c.merchant and v.commitment = c.id and v.sequence = c.verdicts
		where c.merchant = $1 and c.state = $4 and c.id < $2 order by c.id desc limit $3`
	sqlCount = `select count(*) from promise_commitment
		where merchant = $1 and state = $2 and about = '' and kind in ('deliver_by', 'deliver_in_slot')`
	sqlSlotStates = `select state from promise_commitment
		where merchant = $1 and service = $2 and kind = 'deliver_in_slot' and state in ('kept', 'broken')
		order by until desc limit $3`
)

func scanCommitment(r db.Row) (c Commitment, err error) {
	var grace, late, early int64
	var evidence string
	v := &c.Last
	err = r.Scan(&c.ID, &c.Owed, &c.Order, &c.Shopper, &c.Service, &c.Stock, &c.From, &c.Until, &c.Zone, &c.Clock,
		&c.Collect, &c.Origin, &c.Quote, &c.Shown, &c.Locale, &c.Confidence, &c.Basis, &c.HandoverBy, &grace,
		&c.State, &c.About, &c.Made, &c.ToldAt, &c.Consented, &c.Contested, &c.Predecessor, &c.Successor, &c.dueAt, &v.Sequence,
		&v.ID, &v.At, &v.State, &v.Reason, &late, &v.LateKnown, &early, &v.MissingUnits, &v.MissingLines, &v.Liable, &v.Trust,
		&v.Told, &evidence, &v.Cause)
	if err != nil {
		return c, err
	}
	c.Grace, v.LateBy, v.EarlyBy, v.Commitment = ofMicros(grace), ofMicros(late), ofMicros(early), c.ID
	v.Evidence, err = readEvidence(evidence)
	return c, err
}

// insert writes a commitment that is open, and reports whether its quote was
// still free.
func insert(tx *flow.Tx, m ident.Merchant, c Commitment) (bool, error) {
	return tx.Changed(sqlInsertCommitment, m, c.ID, c.Owed, c.Order, c.Shopper, c.Service, c.Stock,
		c.From, c.Until, c.Zone, c.Clock, c.Collect, c.Origin, orNull(c.Quote), c.Shown, c.Locale,
		orNull(c.Confidence), orNull(c.Basis), c.HandoverBy, micros(c.Grace), c.Made, orNull(c.Predecessor),
		c.dueAt, c.assessAt, c.About)
}

// The compare-and-sets. A commitment's count of verdicts is its version; one
// that was amended or whose order was cancelled is never judged again.
const (
	sqlSettle = `update promise_commitment as c set state = v.column3, verdicts = v.column4, due_at = null, assess_at = null
		from (values {$2: text, bigint, text, bigint}) as v
		where c.merchant = $1 and c.id = v.column1 and c.verdicts = v.column2 and c.state <> 'amended'
		returning id`
	sqlRearm = `update promise_commitment as c set due_at = v.column3
		from (values {$2: text, bigint, bigint}) as v
		where c.merchant = $1 and c.id = v.column1 and c.verdicts = v.column2 and c.state <> 'amended'`
	sqlAmend = `update promise_commitment set state = 'amended', successor = $3, due_at = null, assess_at = null
		where merchant = $1 and id = $2 and state = 'open'`
	sqlInsertVerdict = `insert into promise_verdict (merchant, id, commitment, sequence, at, state, reason, late_by,
		late_known, early_by, missing_units, missing_lines, liable, trust, told, evidence, cause)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`
	sqlVerdicts = `select id, commitment, sequence, at, state, reason, late_by, late_known, early_by, missing_units,
		missing_lines, liable, trust, told, evidence, cause from promise_verdict where merchant = $1 and commitment = $2 order by sequence`
)

func writeVerdict(tx *flow.Tx, m ident.Merchant, v Verdict) error {
	evidence := []byte("[]")
	if len(v.Evidence) > 0 {
		var err error
		if evidence, err = json.Marshal(v.Evidence); err != nil {
			return fmt.Errorf("verdict %s: %w", v.ID, err)
		}
	}
	return tx.Do(sqlInsertVerdict, m, v.ID, v.Commitment, v.Sequence, v.At, v.State, v.Reason, micros(v.LateBy),
		v.LateKnown, micros(v.EarlyBy), v.MissingUnits, v.MissingLines, v.Liable, v.Trust, v.Told, string(evidence), v.Cause)
}

func scanVerdict(r db.Row) (v Verdict, err error) {
	var late, early int64
	var evidence string
	err = r.Scan(&v.ID, &v.Commitment, &v.Sequence, &v.At, &v.State, &v.Reason, &late, &v.LateKnown, &early,
		&v.MissingUnits, &v.MissingLines, &v.Liable, &v.Trust, &v.Told, &evidence, &v.Cause)
	if err != nil {
		return v, err
	}
	v.LateBy, v.EarlyBy = ofMicros(late), ofMicros(early)
	v.Evidence, err = readEvidence(evidence)
	return v, err
}

func readEvidence(text string) (events []ident.Event, err error) {
	if text == "" {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(text), &events); err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	return events, nil
}

// What the clock asks. A commitment that is settled has neither instant, except
// when what settled it was taken back before the deadline.
const (
	sqlDue = `-- across merchants: the clock
		select merchant, id from promise_commitment where due_at <= $1 order by due_at, id limit $2`
	sqlNextDue = `-- across merchants: the clock
		select due_at from promise_commitment where due_at is not null order by due_at limit 1`
	sqlToAssess = `-- across merchants: the clock
		select merchant, id from promise_commitment where assess_at <= $1 order by assess_at, id limit $2`
	sqlNextToAssess = `-- across merchants: the clock
		select assess_at from promise_commitment where assess_at is not null order by assess_at limit 1`
	sqlAssessAt = `update promise_commitment as c set assess_at = v.column2
		from (values {$2: text, bigint}) as v
		where c.merchant = $1 and c.id = v.column1 and c.state = 'open'`
)

func scanDue(r db.Row) (d flow.Due, err error) {
	err = r.Scan(&d.Merchant, &d.ID)
	return d, err
}

// earliest reads the one instant of an answer; zero when there is none.
func earliest(tx *db.Tx, q string) (civil.Instant, error) {
	at, _, err := db.One(tx, q, db.Scalar[civil.Instant])
	return at, err
}

const (
	sqlInsertWarning = `insert into promise_warning (merchant, id, commitment, cause, probability, at)
		values ($1, $2, $3, $4, $5, $6)`
	sqlWarnings = `select id, commitment, cause, probability, at, lifted_at from promise_warning
		where merchant = $1 and commitment in ($2) order by commitment, at, cause`
)

func scanWarning(r db.Row) (w Warning, err error) {
	err = r.Scan(&w.ID, &w.Commitment, &w.Cause, &w.Probability, &w.At, &w.Lifted)
	return w, err
}

// Told is the earliest telling that still stands.
const (
	sqlInsertTelling = `insert into promise_telling (merchant, message, commitment, at) values ($1, $2, $3, $4)
		on conflict (merchant, message) do nothing`
	sqlUndoTelling = `update promise_telling set undone_at = $3
		where merchant = $1 and message = $2 and undone_at is null returning commitment`
	sqlRetell = `update promise_commitment set told_at = (select min(t.at) from promise_telling t
			where t.merchant = $1 and t.commitment = $2 and t.undone_at is null)
		where merchant = $1 and id = $2`
)

// Consented is the earliest instant a shopper agreed to.
const (
	sqlInsertConsent = `insert into promise_consent (merchant, early, commitment, since, at) values ($1, $2, $3, $4, $5)
		on conflict (merchant, early) do nothing`
	sqlReconsent = `update promise_commitment set consented = (select min(n.since) from promise_consent n
			where n.merchant = $1 and n.commitment = $2)
		where merchant = $1 and id = $2`
)

// History. Of a lane, a service or a pool: the day on which the last but so many
// parcels came; those that came from a day on, before today; and those that had
// not come this morning, handed over from a day on.
const (
	sqlTransits = `select source, service, zone, pool, handed, arrived, closed, promised from promise_transit
		where merchant = $1 and source in ($2)`
	sqlSaveTransit = `insert into promise_transit (merchant, source, service, zone, pool, handed, arrived, closed, promised)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (merchant, source) do update set service = excluded.service, zone = excluded.zone, pool = excluded.pool,
		handed = excluded.handed, arrived = excluded.arrived, closed = excluded.closed, promised = excluded.promised`
	sqlForgetTransit = `delete from promise_transit where merchant = $1 and source = $2`
	sqlOwnLatest     = `select arrived from promise_transit where merchant = $1 and service = $2 and zone = $3 and arrived < $4
		order by arrived desc limit 1 offset $5`
	sqlOwnCame = `select merchant, handed, arrived, count(*) from promise_transit
		where merchant = $1 and service = $2 and zone = $3 and arrived >= $4 and arrived < $5
		group by arrived, handed, merchant`
	sqlOwnRoad = `select handed, arrived, closed, promised, count(*) from promise_transit
		where merchant = $1 and service = $2 and zone = $3 and arrived is null and handed >= $4 and handed < $5
		group by handed, arrived, closed, promised
		union all select handed, arrived, closed, promised, count(*) from promise_transit
		where merchant = $1 and service = $2 and zone = $3 and arrived >= $5 and handed >= $4 and handed < $5
		group by handed, arrived, closed, promised`
	sqlServiceLatest = `select arrived from promise_transit where merchant = $1 and service = $2 and arrived < $3
		order by arrived desc limit 1 offset $4`
	sqlServiceCame = `select merchant, handed, arrived, count(*) from promise_transit
		where merchant = $1 and service = $2 and arrived >= $3 and arrived < $4
		group by arrived, handed, merchant`
	sqlServiceRoad = `select handed, arrived, closed, promised, count(*) from promise_transit
		where merchant = $1 and service = $2 and arrived is null and handed >= $3 and handed < $4
		group by handed, arrived, closed, promised
		union all select handed, arrived, closed, promised, count(*) from promise_transit
		where merchant = $1 and service = $2 and arrived >= $4 and handed >= $3 and handed < $4
		group by handed, arrived, closed, promised`
	sqlPoolLatest = `-- across merchants: when parcels came, of those who grant pool_history to a network of ours
		select arrived from promise_transit where pool = $2 and zone = $3 and merchant in ($1) and arrived < $4
		order by arrived desc limit 1 offset $5`
	sqlPoolCame = `-- across merchants: transit times of those who grant pool_history to a network of ours
		select merchant, handed, arrived, count(*) from promise_transit
		where pool = $2 and zone = $3 and merchant in ($1) and arrived >= $4 and arrived < $5
		group by arrived, handed, merchant`
	sqlPoolRoad = `-- across merchants: parcels on the road, of those who grant pool_history to a network of ours
		select handed, arrived, closed, cast(null as text), count(*) from promise_transit
		where pool = $2 and zone = $3 and merchant in ($1) and arrived is null and handed >= $4 and handed < $5
		group by handed, arrived, closed
		union all select handed, arrived, closed, cast(null as text), count(*) from promise_transit
		where pool = $2 and zone = $3 and merchant in ($1) and arrived >= $5 and handed >= $4 and handed < $5
		group by handed, arrived, closed`
	sqlStamp = `insert into promise_lane (merchant, lane, stamp) values ($1, $2, $3)
		on conflict (merchant, lane) do update set stamp = excluded.stamp`
	sqlStamps     = `select lane, stamp from promise_lane where merchant = $1 and lane in ($2)`
	sqlPoolStamps = `-- across merchants: whether the transit times of a pool have changed
		select cast(coalesce(sum(stamp), 0) as bigint) from promise_lane where merchant in ($1) and lane = $2`
)

// What became of quotes, by the day promised.
const (
	sqlQuoted = `select order_id, service, until, zone from promise_commitment
		where merchant = $1 and order_id in ($2) and kind in ('deliver_by', 'deliver_in_slot')
		and origin = 'quote' and basis <> 'standard'`
	sqlAddRecord = `insert into promise_record (merchant, lane, day, due, missed) values ($1, $2, $3, $4, $5)
		on conflict (merchant, lane, day) do update set
		due = promise_record.due + excluded.due, missed = promise_record.missed + excluded.missed`
	sqlRecord = `select cast(coalesce(sum(due), 0) as bigint), cast(coalesce(sum(missed), 0) as bigint)
		from promise_record where merchant = $1 and lane = $2 and day < $3`
)

func scanTransit(r db.Row) (t transit, err error) {
	err = r.Scan(&t.source, &t.service, &t.zone, &t.pool, &t.handed, &t.arrived, &t.closed, &t.promised)
	return t, err
}

func scanCame(r db.Row) (c contribution, err error) {
	err = r.Scan(&c.merchant, &c.Start, &c.Came, &c.Parcels)
	c.Promised = civil.NoDay
	return c, err
}

func scanRoad(r db.Row) (t traveller, err error) {
	err = r.Scan(&t.handed, &t.arrived, &t.closed, &t.promised, &t.parcels)
	return t, err
}

func scanQuoted(r db.Row) (q quoted, err error) {
	err = r.Scan(&q.order, &q.service, &q.until, &q.zone)
	return q, err
}

func scanRecord(r db.Row) (rec Record, err error) {
	err = r.Scan(&rec.Due, &rec.Missed)
	return rec, err
}

// orNull keeps an absent value out of a column that may be null.
func orNull[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

// Durations are stored as instants are, in microseconds.
func micros(d time.Duration) int64 { return int64(d / time.Microsecond) }

func ofMicros(us int64) time.Duration { return time.Duration(us) * time.Microsecond }

// marked is a lane and its stamp.
type marked struct {
	lane  string
	stamp int64
}

func scanStamp(r db.Row) (s marked, err error) {
	err = r.Scan(&s.lane, &s.stamp)
	return s, err
}

// Deeds.
const (
	sqlInsertDeed = `insert into promise_deed (merchant, about, deed, fact, at) values ($1, $2, $3, $4, $5) on conflict do nothing`
	sqlDeeds      = `select about, deed, at from promise_deed where merchant = $1 and about in ($2)`
)

func scanDeed(r db.Row) (n note, err error) {
	err = r.Scan(&n.about, &n.deed, &n.at)
	return n, err
}
