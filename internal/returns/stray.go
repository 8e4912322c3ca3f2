package returns

import (
	"encoding/json"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/photo"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Stray is a parcel that came with nothing announced: kept until somebody finds
// out whose it is.
type Stray struct {
	Number string // what stands on it, or what the warehouse calls it
	Note   string
	Photos []ident.Blob
	By     flow.Actor
	At     civil.Instant
}

const (
	sqlKeepStray = `insert into returns_stray (merchant, number, note, photos, kept_by, at, return_id) values ($1, $2, $3, $4, $5, $6, '')
		on conflict (merchant, number) do nothing`
	sqlStrays = `select number, note, photos, kept_by, at from returns_stray
		where merchant = $1 and settled is null and (at, number) > ($2, $3) order by at, number limit $4`
	sqlSettleStray = `update returns_stray set return_id = $3, settled = $4 where merchant = $1 and number = $2 and settled is null`
	sqlStrayKnown  = `select return_id from returns_stray where merchant = $1 and number = $2`
)

func scanStray(r db.Row) (s Stray, err error) {
	var photos string
	err = r.Scan(&s.Number, &s.Note, &photos, &s.By, &s.At)
	if err == nil {
		err = json.Unmarshal([]byte(photos), &s.Photos)
	}
	return s, err
}

// KeepStray writes down a parcel that nobody announced. The same number kept again
// changes nothing. The faults are field_required, list_too_long and those of the
// words.
func KeepStray(tx *flow.Tx, m ident.Merchant, s Stray) error {
	s.Number = strings.TrimSpace(s.Number)
	var faults fault.List
	text.Required(&faults, "number", s.Number, maxName)
	text.Check(&faults, "note", s.Note, maxNote)
	if len(s.Photos) > photo.MaxFiles {
		faults.Add(fault.Invalid, "list_too_long", "photos", "limit", photo.MaxFiles)
	}
	if err := faults.Err(); err != nil {
		return err
	}
	if err := blob.Refer(tx, m, s.Photos); err != nil {
		return err
	}
	photos, err := json.Marshal(s.Photos)
	if err != nil {
		return err
	}
	return tx.Do(sqlKeepStray, m, s.Number, s.Note, string(photos), tx.By(), tx.Now)
}

// Strays pages through the parcels of which nobody knows whose they are, the
// oldest first. after is the last one of the page before; zero at first.
func Strays(tx *db.Tx, m ident.Merchant, after Stray, limit int) ([]Stray, error) {
	return db.All(tx, sqlStrays, scanStray, m, int64(after.At), after.Number, limit)
}

// Home says which return a stray parcel is, and scans that in. Said again it
// changes nothing. The faults are not_found, at stray or at return, and
// return_state.
func Home(tx *flow.Tx, m ident.Merchant, number string, id ident.Return) (Return, error) {
	was, known, err := db.One(tx.Tx, sqlStrayKnown, db.Scalar[ident.Return], m, number)
	if err != nil {
		return Return{}, err
	}
	if !known || was != "" && was != id {
		return Return{}, fault.New(fault.NotFound, "not_found", "stray")
	}
	if err := tx.Do(sqlSettleStray, m, number, id, tx.Now); err != nil {
		return Return{}, err
	}
	r, err := Get(tx.Tx, m, id)
	if err != nil || was != "" || r.State == Decided || r.State == Closed {
		return r, err
	}
	return Receive(tx, m, id)
}
