package tracking

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

const (
	sqlKeep = `insert into tracking_raw (merchant, id, connection, hash, content_type, body, packed, trust, received, ages, state, error)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, 'unread', '')`
	sqlKept    = `select id, connection, hash from tracking_raw where merchant = $1 and connection in ($2) and hash in ($3)`
	sqlRead    = `update tracking_raw set state = 'read', error = '' where merchant = $1 and id in ($2)`
	sqlMisread = `update tracking_raw set state = case state when 'unread' then 'unread' else 'partly' end, error = $3
		where merchant = $1 and id = $2`
	sqlUnread = `select id, connection, content_type, body, packed, trust, received, state, error from tracking_raw
		where merchant = $1 and id > $2 and state <> 'read' order by id limit $3`
)

// keptKey is what makes a payload the same.
type keptKey struct {
	connection ident.Connection
	hash       string
}

// keptRow is a payload that was kept.
type keptRow struct {
	key keptKey
	raw ident.Raw
}

func scanKept(r db.Row) (k keptRow, err error) {
	err = r.Scan(&k.raw, &k.key.connection, &k.key.hash)
	return k, err
}

// pack makes a body a text that both engines keep whole: itself when it is text,
// else in base64.
func pack(body []byte) (text string, packed bool) {
	if text = string(body); utf8.ValidString(text) && !strings.Contains(text, "\x00") {
		return text, false
	}
	return base64.StdEncoding.EncodeToString(body), true
}

func unpack(text string, packed bool) ([]byte, error) {
	if !packed {
		return []byte(text), nil
	}
	return base64.StdEncoding.DecodeString(text)
}

func scanRaw(r db.Row) (raw Raw, err error) {
	var body string
	var packed bool
	err = r.Scan(&raw.ID, &raw.Connection, &raw.ContentType, &body, &packed, &raw.Trust, &raw.Received, &raw.State, &raw.Error)
	if err != nil {
		return raw, err
	}
	raw.Body, err = unpack(body, packed)
	return raw, err
}

// The cross join tells SQLite to go from the legs to their events; with no
// statistics it would go through all events of the merchant.
const (
	sqlKnownEvents = `select id, trust from tracking_event where merchant = $1 and id in ($2)`
	sqlInsertEvent = `insert into tracking_event
		(merchant, id, connection, number, code, label, status, reason, place, party, source, trust,
		at, exactness, since, until, location, supersedes, received, raw, expected)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`
	sqlTrustEvent = `update tracking_event set trust = $3 where merchant = $1 and id = $2`
	sqlEvents     = `select l.parcel, e.id, e.connection, e.number, e.code, e.label, e.status, e.reason, e.place, e.party, e.source, e.trust,
		e.at, e.exactness, e.since, e.until, e.location, e.supersedes, e.received, e.raw, e.expected
		from tracking_leg l cross join tracking_event e
		where l.merchant = $1 and l.parcel in ($2)
		and e.merchant = l.merchant and e.connection = l.connection and e.number = l.number
		order by e.at, e.id`
	sqlEvidence = `select l.parcel, e.id, e.connection, e.number, e.status, e.reason, e.place, e.party, e.source, e.trust,
		e.at, e.since, e.until, e.supersedes, e.received, e.expected
		from tracking_leg l cross join tracking_event e
		where l.merchant = $1 and l.parcel in ($2)
		and e.merchant = l.merchant and e.connection = l.connection and e.number = l.number`
)

func scanKnown(r db.Row) (e Event, err error) {
	err = r.Scan(&e.ID, &e.Trust)
	return e, err
}

func (e Event) values(m ident.Merchant) []any {
	return []any{
		m, e.ID, e.Connection, e.Number, e.Code, e.Label, e.Status, e.Reason, e.Place, e.Party, e.Source, e.Trust,
		int64(e.At), e.Precision, int64(e.Span.From), int64(e.Span.Until), e.Where, e.Supersedes, e.Received, e.Raw, e.Expected,
	}
}

func scanEvent(r db.Row) (e Event, err error) {
	err = r.Scan(&e.Parcel, &e.ID, &e.Connection, &e.Number, &e.Code, &e.Label, &e.Status, &e.Reason, &e.Place, &e.Party, &e.Source, &e.Trust,
		&e.At, &e.Precision, &e.Span.From, &e.Span.Until, &e.Where, &e.Supersedes, &e.Received, &e.Raw, &e.Expected)
	return e, err
}

// scanEvidence reads what Fold looks at, and nothing else.
func scanEvidence(r db.Row) (e Event, err error) {
	err = r.Scan(&e.Parcel, &e.ID, &e.Connection, &e.Number, &e.Status, &e.Reason, &e.Place, &e.Party, &e.Source, &e.Trust,
		&e.At, &e.Span.From, &e.Span.Until, &e.Supersedes, &e.Received, &e.Expected)
	return e, err
}

const (
	sqlInsertLeg = `insert into tracking_leg (merchant, connection, number, parcel, since) values ($1, $2, $3, $4, $5)`
	sqlLegs      = `select number, parcel from tracking_leg where merchant = $1 and connection = $2 and number in ($3)`
)

// leg is a parcel and a number it travels under.
type leg struct {
	number string
	parcel ident.Parcel
}

func scanLeg(r db.Row) (l leg, err error) {
	err = r.Scan(&l.number, &l.parcel)
	return l, err
}

const (
	sqlInsertParcel = `insert into tracking_parcel
		(merchant, id, order_id, shopper, direction, connection, service, wanted, announced,
		status, reason, place, liable, trust, disputed, events, stall_at, version)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'pending', '', '', '', '', '', '', $10, 0)`
	sqlParcels = `select id, order_id, shopper, direction, connection, service, wanted, announced,
		status, reason, place, liable, trust, handed_from, handed_until, presented_from, presented_until,
		ready_from, ready_until, in_hand_from, in_hand_until, closed_from, closed_until,
		last_scan, expected, disputed, events, stalled, stall_at, version
		from tracking_parcel where merchant = $1 and id in ($2) order by id`
	sqlSaveParcels = `update tracking_parcel set
		status = v.column3, reason = v.column4, place = v.column5, liable = v.column6, trust = v.column7,
		handed_from = v.column8, handed_until = v.column9, presented_from = v.column10, presented_until = v.column11,
		ready_from = v.column12, ready_until = v.column13, in_hand_from = v.column14, in_hand_until = v.column15,
		closed_from = v.column16, closed_until = v.column17, last_scan = v.column18, expected = v.column19, disputed = v.column20,
		events = v.column21, stall_at = v.column22, version = tracking_parcel.version + 1
		from (values {$2: text, bigint, text, text, text, text, text, bigint, bigint, bigint, bigint, bigint, bigint,
			bigint, bigint, bigint, bigint, bigint, bigint, text, text, bigint}) as v
		where tracking_parcel.merchant = $1 and tracking_parcel.id = v.column1 and tracking_parcel.version = v.column2
		returning id`
)

func (p parcel) values() []any {
	c := p.Clocks
	return []any{
		p.id, p.version, p.Status, p.Reason, p.Place, p.Liable, p.Trust,
		c.HandedOver.From, c.HandedOver.Until, c.Presented.From, c.Presented.Until, c.Ready.From, c.Ready.Until,
		c.InHand.From, c.InHand.Until, c.Closed.From, c.Closed.Until, p.LastScan, p.Expected,
		strings.Join(p.Disputed, " "), joined(p.Events), p.stallAt,
	}
}

func scanParcel(r db.Row) (p parcel, err error) {
	var disputed, events string
	c := &p.Clocks
	err = r.Scan(&p.id, &p.order, &p.shopper, &p.direction, &p.connection, &p.service, &p.wanted, &p.announced,
		&p.Status, &p.Reason, &p.Place, &p.Liable, &p.Trust,
		&c.HandedOver.From, &c.HandedOver.Until, &c.Presented.From, &c.Presented.Until,
		&c.Ready.From, &c.Ready.Until, &c.InHand.From, &c.InHand.Until, &c.Closed.From, &c.Closed.Until,
		&p.LastScan, &p.Expected, &disputed, &events, &p.stalled, &p.stallAt, &p.version)
	p.Disputed = split[string](disputed)
	p.Events = split[ident.Event](events)
	return p, err
}

// joined writes a list of words as one text; split reads it.
func joined[T ~string](words []T) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = string(w)
	}
	return strings.Join(texts, " ")
}

func split[T ~string](text string) []T {
	var words []T
	for w := range strings.FieldsSeq(text) {
		words = append(words, T(w))
	}
	return words
}

const (
	sqlStalled = `-- across merchants: the clock
		select merchant, id from tracking_parcel where stall_at is not null and stall_at <= $1 order by stall_at, id limit $2`
	sqlNextStall = `-- across merchants: the clock
		select stall_at from tracking_parcel where stall_at is not null order by stall_at, id limit 1`
	sqlStall = `update tracking_parcel set stalled = coalesce(last_scan, announced), stall_at = null
		where merchant = $1 and id in ($2) and stall_at <= $3
		returning id, order_id, status, last_scan, stalled`
)
