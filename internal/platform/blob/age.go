package blob

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	sqlAge   = `insert into blob_aging (merchant, id, since) values ($1, $2, $3)`
	sqlRefer = `delete from blob_aging where merchant = $1 and id in ($2)`

	sqlAged = `-- across merchants: the clock
		select merchant, id from blob_aging where since <= $1 order by since, id limit $2`
	sqlOldest = `-- across merchants: the clock
		select since from blob_aging order by since, id limit 1`
	sqlNeeded = `select id from blob_document where merchant = $1 and id in ($2) and content_type = 'message/rfc822'
		and (stored >= $3 or about <> '' and about in ($4))`
	sqlSpare = `update blob_aging set since = $3 where merchant = $1 and id in ($2)`
	sqlEmpty = `update blob_document set body = '' where merchant = $1 and id in ($2)`

	sqlNobodys = `select id, content_type, hash, body, stored from blob_document
		where merchant = $1 and id > $2 and content_type = 'message/rfc822' and about = '' order by id limit $3`
)

// age has a document grow old from now on.
func age(tx *flow.Tx, m ident.Merchant, id ident.Blob) error { return tx.Do(sqlAge, m, id, tx.Now) }

// Refer notes that a row speaks of documents: they stay for as long as it does.
func Refer(tx *flow.Tx, m ident.Merchant, ids []ident.Blob) error {
	if len(ids) == 0 {
		return nil
	}
	return tx.Do(sqlRefer, m, db.In(ids))
}

// Aged finds what has grown old since an instant or longer, the oldest first: mails,
// and photos that no row speaks of.
func Aged(tx *db.Tx, since civil.Instant, limit int) ([]flow.Due, error) {
	return db.All(tx, sqlAged, func(r db.Row) (d flow.Due, err error) {
		err = r.Scan(&d.Merchant, &d.ID)
		return d, err
	}, since, limit)
}

// Oldest is since when the oldest of them does; zero: there is none.
func Oldest(tx *db.Tx) (civil.Instant, error) {
	since, _, err := db.One(tx, sqlOldest, db.Scalar[civil.Instant])
	return since, err
}

// Needed says which mails are still needed: those about some people, and those that
// came since an instant; zero: none for that reason.
type Needed struct {
	About []ident.Shopper
	Since civil.Instant
}

// Empty takes the content out of what Aged found. What it was, its size, its hash and
// when it came stay. A mail that is still needed stays whole, and its age counts from
// again. It answers how many stayed.
func Empty(tx *flow.Tx, m ident.Merchant, ids []ident.Blob, still Needed, again civil.Instant) (stayed int, err error) {
	if still.Since == 0 {
		still.Since = math.MaxInt64
	}
	spared, err := db.All(tx.Tx, sqlNeeded, scanID, m, db.In(ids), int64(still.Since), db.In(still.About))
	if err != nil {
		return 0, err
	}
	if len(spared) > 0 {
		if err := tx.Do(sqlSpare, m, db.In(spared), again); err != nil {
			return 0, err
		}
	}
	ids = slices.DeleteFunc(slices.Clone(ids), func(id ident.Blob) bool { return slices.Contains(spared, id) })
	if len(ids) == 0 {
		return len(spared), nil
	}
	if err := tx.Do(sqlEmpty, m, db.In(ids)); err != nil {
		return 0, err
	}
	return len(spared), tx.Do(sqlRefer, m, db.In(ids))
}

// mailsAtOnce is how many mails are looked through together.
const mailsAtOnce = 50

// EraseMail removes the mails of which nobody noted whose they are, and which name an
// address, in its one form.
func EraseMail(tx *flow.Tx, m ident.Merchant, folded string) error {
	for after := ident.Blob(""); ; {
		mails, err := db.All(tx.Tx, sqlNobodys, scan, m, after, mailsAtOnce)
		if err != nil || len(mails) == 0 {
			return err
		}
		var named []ident.Blob
		for _, b := range mails {
			if Names(b.Body, folded) {
				named = append(named, b.ID)
			}
		}
		if err := Erase(tx, m, named); err != nil {
			return err
		}
		after = mails[len(mails)-1].ID
	}
}

// Names reports whether a text names an address, in its one form: as a whole, not as
// the end or the beginning of somebody else's.
func Names(text []byte, folded string) bool {
	if folded == "" {
		return false
	}
	text = bytes.ToLower(text)
	for {
		before, after, found := bytes.Cut(text, []byte(folded))
		if !found {
			return false
		}
		last, first := bytes.Runes(before[max(0, len(before)-4):]), bytes.Runes(after[:min(4, len(after))])
		if (len(last) == 0 || !ofAddress(last[len(last)-1])) && !goesOn(first) {
			return true
		}
		text = after
	}
}

// ofAddress reports whether a character may stand in the name of a mailbox.
func ofAddress(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(".!#$%&*+-/=?^_{|}~", r)
}

// goesOn reports whether a domain goes on: a point ends a sentence, or does not.
func goesOn(rest []rune) bool {
	if len(rest) == 0 {
		return false
	}
	part := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	return part(rest[0]) || rest[0] == '-' || rest[0] == '.' && len(rest) > 1 && part(rest[1])
}
