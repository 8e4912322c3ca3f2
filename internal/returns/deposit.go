package returns

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/relay"
)

// Source is who says that a parcel was left.
type Source string

// The sources.
const (
	AtCounter Source = "counter" // a clerk of a relay point scanned it
	AtStore   Source = "store"   // a clerk of the merchant's own
	ByScan    Source = "carrier" // the carrier's own scan
	ByReceipt Source = "receipt" // the shopper showed what the counter gave them
)

// Left is a parcel left at a counter, as it is told to us.
type Left struct {
	Source Source
	Number string // on the label; empty at a store, and for a receipt
	Point  ident.Point
	Place  string // as it is printed on the proof
	Clerk  string // likewise
	Device string
	At     civil.Instant // by the counter's clock; zero: now
}

// Proof is the proof of a deposit. Each holds the hash of the one before it, of
// the same merchant, so that none can be changed, added or taken away unseen.
type Proof struct {
	ID       ident.Deposit `json:"id"`
	Sequence int64         `json:"sequence"`
	Number   string        `json:"number"` // that people read out: "D-000042-7KQ2"
	Return   ident.Return  `json:"return"`
	Parcel   ident.Parcel  `json:"parcel"`
	Source   Source        `json:"source"`
	Point    ident.Point   `json:"point"`
	Place    string        `json:"place"`
	Clerk    string        `json:"clerk"`
	Device   string        `json:"device"`
	At       civil.Instant `json:"at"`
	Recorded civil.Instant `json:"recorded"`
	Was      string        `json:"was"` // hash of the proof before it
	Hash     string        `json:"-"`
}

// seal is the hash of a proof with all that it says.
func (p Proof) seal() (string, error) {
	body, err := json.Marshal(p)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:]), nil
}

const (
	sqlLastProof = `select id, sequence, number, return_id, parcel, source, point, place, clerk, device, at, recorded, was, hash
		from returns_deposit where merchant = $1 and sequence > 0 order by sequence desc limit 1`
	sqlInsertProof = `insert into returns_deposit
		(merchant, sequence, id, return_id, parcel, number, source, point, place, clerk, device, at, recorded, was, hash)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`
	sqlProofs = `select id, sequence, number, return_id, parcel, source, point, place, clerk, device, at, recorded, was, hash
		from returns_deposit where merchant = $1 and return_id in ($2)`
	sqlProofsAfter = `select id, sequence, number, return_id, parcel, source, point, place, clerk, device, at, recorded, was, hash
		from returns_deposit where merchant = $1 and sequence > $2 order by sequence limit $3`
)

func scanProof(r db.Row) (p Proof, err error) {
	err = r.Scan(&p.ID, &p.Sequence, &p.Number, &p.Return, &p.Parcel, &p.Source, &p.Point, &p.Place, &p.Clerk, &p.Device,
		&p.At, &p.Recorded, &p.Was, &p.Hash)
	return p, err
}

// Proofs reads the proofs of deposit of returns.
func Proofs(tx *db.Tx, m ident.Merchant, ids []ident.Return) (map[ident.Return]Proof, error) {
	rows, err := db.All(tx, sqlProofs, scanProof, m, db.In(ids))
	of := make(map[ident.Return]Proof, len(rows))
	for _, p := range rows {
		of[p.Return] = p
	}
	return of, err
}

// How far a counter's clock may be from ours: a shift kept offline, a clock that is fast.
const (
	shift = 48 * time.Hour
	ahead = 5 * time.Minute
)

// Deposit takes a parcel at a counter and gives its proof. The same deposit told
// again answers the proof there is.
//
// The faults are not_found at return, label_used (its label, or its code, served
// already for another parcel than this one's number says), label_void,
// label_unknown (a number that is no label of this return), deposit_back_dated
// (before the return was asked for, longer ago than a shift, or in the future),
// return_state and those of the words.
func Deposit(tx *flow.Tx, m ident.Merchant, id ident.Return, l Left) (Proof, error) {
	r, err := Get(tx.Tx, m, id)
	if err != nil {
		return Proof{}, err
	}
	if err := l.check(tx, r); err != nil {
		return Proof{}, err
	}
	if p, ok, err := deposited(tx.Tx, m, id); err != nil || ok {
		return p, err
	}
	if l.Number != "" {
		if err := r.served(tx.Tx, m, l.Number); err != nil {
			return Proof{}, err
		}
	}
	return r.deposit(tx, m, l)
}

func deposited(tx *db.Tx, m ident.Merchant, id ident.Return) (Proof, bool, error) {
	of, err := Proofs(tx, m, []ident.Return{id})
	p, ok := of[id]
	return p, ok, err
}

func (l *Left) check(tx *flow.Tx, r Return) error {
	var faults fault.List
	text.Required(&faults, "place", l.Place, maxName)
	text.Check(&faults, "clerk", l.Clerk, maxName)
	text.Check(&faults, "device", l.Device, maxName)
	if l.At == 0 {
		l.At = tx.Now
	}
	if l.At < r.Asked || l.At < tx.Now.Add(-shift) || l.At > tx.Now.Add(ahead) {
		faults.Add(fault.Conflict, "deposit_back_dated", "at")
	}
	l.At = min(l.At, tx.Now)
	return faults.Err()
}

// served refuses a number that is no label of the return, or one that is void.
func (r Return) served(tx *db.Tx, m ident.Merchant, number string) error {
	l, ok, err := labelUnder(tx, m, r.ID, number)
	switch {
	case err != nil:
		return err
	case !ok:
		return fault.New(fault.Conflict, "label_unknown", "number")
	case l.State == LabelVoid:
		return fault.New(fault.Conflict, "label_void", "number")
	case l.State == LabelUsed:
		return fault.New(fault.Conflict, "label_used", "number")
	}
	return nil
}

// deposit writes the proof and moves the return on.
func (r *Return) deposit(tx *flow.Tx, m ident.Merchant, l Left) (Proof, error) {
	if !does(r.State, depositing) {
		_, err := step(r.State, depositing)
		return Proof{}, err
	}
	p, err := chain(tx, m, *r, l)
	if err != nil {
		return Proof{}, err
	}
	if err := r.doubtPlace(tx.Tx, m, l); err != nil {
		return Proof{}, err
	}
	if err := r.left(tx, m, l.At, l.Number); err != nil {
		return Proof{}, err
	}
	return p, tx.Emit(m, string(r.Order), string(p.ID), fact.ReturnDeposited{
		Sendback: r.told(), Parcel: r.Parcel, Deposit: p.ID, Point: p.Point, At: p.At, ReceiveBy: r.ReceiveBy, Window: r.Window(),
	})
}

// elsewhere is how far from the address, in metres, a deposit says something.
const elsewhere = 150_000

// doubtPlace weighs where a parcel was left: at another point than the one
// chosen, or far from where its sender lives.
func (r *Return) doubtPlace(tx *db.Tx, m ident.Merchant, l Left) error {
	if l.Point == "" {
		return nil
	}
	o, err := order.Get(tx, m, r.Order)
	if err != nil {
		return err
	}
	s := Signals{OtherPoint: r.Point != "" && r.Point != l.Point, BackDated: l.backDated(tx.Now, r.zone())}
	at, err := relay.Get(tx, l.Point)
	if fault.Is(err, "not_found") {
		r.note(Suspect(s)) // a counter we do not list
		return nil
	}
	if err != nil {
		return err
	}
	here, err := geo.NewPlace(at.Country, at.Postcode)
	home, err2 := geo.NewPlace(o.Ship.Country, o.Ship.Postcode)
	if err == nil && err2 == nil {
		metres, ok := here.Metres(home)
		s.OtherRegion = ok && metres > elsewhere
	}
	r.note(Suspect(s))
	return nil
}

// backDated reports whether a clerk's clock says an earlier day than ours: a
// shift kept offline over midnight does, and so does a deposit made up afterwards.
func (l Left) backDated(now civil.Instant, zone *time.Location) bool {
	return (l.Source == AtCounter || l.Source == AtStore) && l.At.Day(zone) < now.Day(zone)
}

// left notes that the shopper's part is done.
func (r *Return) left(tx *flow.Tx, m ident.Merchant, at civil.Instant, number string) error {
	c, err := ConditionsOf(tx.Tx, m)
	if err != nil {
		return err
	}
	where, err := r.fullWhere(tx.Tx, m)
	if err != nil {
		return err
	}
	r.Deposited = at
	r.ReceiveBy = where.arrival(at, r.Transit)
	r.LookBy = where.After(r.ReceiveBy-1, c.LostDays)
	if err := r.clock(tx.Tx, m, c, 0); err != nil {
		return err
	}
	if err := r.use(tx, m, number); err != nil {
		return err
	}
	return r.move(tx, m, depositing)
}

// chain writes a proof behind the last one. Writes of a merchant wait for one
// another, so that no two take the same place.
func chain(tx *flow.Tx, m ident.Merchant, r Return, l Left) (Proof, error) {
	last, _, err := db.One(tx.Tx, sqlLastProof, scanProof, m)
	if err != nil {
		return Proof{}, err
	}
	p := Proof{
		ID: ident.New[ident.Deposit](tx.Mint), Sequence: last.Sequence + 1, Return: r.ID, Parcel: r.Parcel, Source: l.Source,
		Point: l.Point, Place: l.Place, Clerk: l.Clerk, Device: l.Device, At: l.At, Recorded: tx.Now, Was: last.Hash,
	}
	p.Number = fmt.Sprintf("D-%06d-%s", p.Sequence, newCode(tx)[:4])
	if p.Hash, err = p.seal(); err != nil {
		return Proof{}, err
	}
	return p, tx.Do(sqlInsertProof, m, p.Sequence, p.ID, p.Return, p.Parcel, p.Number, p.Source, p.Point, p.Place, p.Clerk, p.Device,
		p.At, p.Recorded, p.Was, p.Hash)
}

// proofPage is how many proofs are read at once.
const proofPage = 500

// BrokenProof walks the proofs of a merchant and gives the first whose hash, or
// place in the chain, is not what it was; false when all are whole. That the last
// ones were cut off shows only against a head kept elsewhere: it is the second
// answer.
func BrokenProof(tx *db.Tx, m ident.Merchant) (broken Proof, head string, found bool, err error) {
	for sequence := int64(0); ; {
		page, err := db.All(tx, sqlProofsAfter, scanProof, m, sequence, proofPage)
		if err != nil || len(page) == 0 {
			return Proof{}, head, false, err
		}
		for _, p := range page {
			hash, err := p.seal()
			if err != nil {
				return p, head, false, err
			}
			if hash != p.Hash || p.Was != head || p.Sequence != sequence+1 {
				return p, head, true, nil
			}
			sequence, head = p.Sequence, p.Hash
		}
	}
}
