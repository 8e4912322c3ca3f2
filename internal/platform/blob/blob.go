// Package blob keeps documents and pictures whole: labels, proofs, photographs
// of a damage, statements that must be shown as they were.
//
// It stores each under an id of its own with its type, its size and the SHA-256
// of its bytes, and never changes one; reading it checks the hash. It can say whose
// a document is, and erases it when that person is. Photos that no row speaks of, and
// mails, grow old: Empty takes their content out, and leaves that and when there was
// one. It emits and hears no fact. The types are a closed list of what we make or
// re-encode ourselves, so that nothing kept here runs in a browser.
//
// It deliberately looks into no document: whether a picture may be kept, and
// what must be taken out of it first, is for the room that takes it in.
package blob

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/photo"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// MaxBytes is the size of the largest document that is kept.
const MaxBytes = 10 << 20

// The types of what is kept.
const (
	PDF  = "application/pdf"
	ZPL  = "application/zpl" // a label in the language of label printers; no registered type
	PNG  = "image/png"
	JPEG = "image/jpeg"
	Text = "text/plain; charset=utf-8"
	JSON = "application/json"
	Mail = "message/rfc822"
)

// Types lists them.
var Types = []string{PDF, ZPL, PNG, JPEG, Text, JSON, Mail}

// Blob is a document as it was kept.
type Blob struct {
	ID          ident.Blob
	ContentType string
	Hash        string // SHA-256 of Body, in hexadecimal
	Body        []byte
	Stored      civil.Instant
}

// Put keeps a document. The faults are document_empty, document_too_large and
// document_type, at the field document.
func Put(tx *flow.Tx, m ident.Merchant, contentType string, body []byte) (ident.Blob, error) {
	switch {
	case !slices.Contains(Types, contentType):
		return "", fault.New(fault.Unsupported, "document_type", "document", "type", contentType)
	case len(body) == 0:
		return "", fault.New(fault.Invalid, "document_empty", "document")
	case len(body) > MaxBytes:
		return "", fault.New(fault.TooLarge, "document_too_large", "document", "mib", MaxBytes>>20)
	}
	id := ident.New[ident.Blob](tx.Mint)
	return id, tx.Do(sqlInsert, m, id, contentType, len(body), Hash(body), body, tx.Now)
}

// PutMail keeps a mail as it came, which no other row speaks of: it notes whose it is,
// so that it can be erased, and grows old. about may be empty: nobody knows.
func PutMail(tx *flow.Tx, m ident.Merchant, about ident.Shopper, body []byte) (ident.Blob, error) {
	id, err := Put(tx, m, Mail, body)
	if err == nil {
		err = age(tx, m, id)
	}
	if err != nil || about == "" {
		return id, err
	}
	return id, tx.Do(sqlBelongs, m, id, about)
}

// Erase removes documents for good. One that is not there is no error.
func Erase(tx *flow.Tx, m ident.Merchant, ids []ident.Blob) error {
	for part := range slices.Chunk(ids, atOnce) {
		if err := Refer(tx, m, part); err != nil {
			return err
		}
		if err := tx.Do(sqlErase, m, db.In(part)); err != nil {
			return err
		}
	}
	return nil
}

// atOnce is how many documents one statement removes.
const atOnce = 500

// EraseAbout removes what PutMail kept of somebody.
func EraseAbout(tx *flow.Tx, m ident.Merchant, about ident.Shopper) error {
	if err := tx.Do(sqlAgeAbout, m, about); err != nil {
		return err
	}
	return tx.Do(sqlEraseAbout, m, about)
}

// PutPhotos keeps photos as they were cleaned. They grow old until a room says, by
// Refer, that a row of its own speaks of them.
func PutPhotos(tx *flow.Tx, m ident.Merchant, all []photo.Photo) (ids []ident.Blob, err error) {
	for _, p := range all {
		id, err := Put(tx, m, p.ContentType, p.Body)
		if err == nil {
			err = age(tx, m, id)
		}
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// Get reads a document. The fault is not_found, at the field document, also for one
// whose content was taken out. One whose
// bytes are no longer those that were kept is an error and no fault.
func Get(tx *db.Tx, m ident.Merchant, id ident.Blob) (Blob, error) {
	b, ok, err := db.One(tx, sqlDocument, scan, m, id)
	switch {
	case err != nil:
		return Blob{}, err
	case !ok:
		return Blob{}, fault.New(fault.NotFound, "not_found", "document")
	case Hash(b.Body) != b.Hash:
		return Blob{}, fmt.Errorf("blob: %s is not what was kept: its hash differs", id)
	}
	return b, nil
}

// Known tells which of some documents are kept, with their content.
func Known(tx *db.Tx, m ident.Merchant, ids []ident.Blob) (map[ident.Blob]bool, error) {
	rows, err := db.All(tx, sqlKnown, scanID, m, db.In(ids))
	known := make(map[ident.Blob]bool, len(rows))
	for _, id := range rows {
		known[id] = true
	}
	return known, err
}

// Hash is the SHA-256 of bytes, in hexadecimal.
func Hash(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

const (
	sqlInsert = `insert into blob_document (merchant, id, content_type, size, hash, body, stored)
		values ($1, $2, $3, $4, $5, $6, $7)`
	sqlBelongs  = `update blob_document set about = $3 where merchant = $1 and id = $2`
	sqlErase    = `delete from blob_document where merchant = $1 and id in ($2)`
	sqlAgeAbout = `delete from blob_aging where merchant = $1 and id in (
		select id from blob_document where merchant = $1 and about = $2 and about <> '')`
	sqlEraseAbout = `delete from blob_document where merchant = $1 and about = $2 and about <> ''`

	sqlKnown    = `select id from blob_document where merchant = $1 and id in ($2) and length(body) > 0`
	sqlDocument = `select id, content_type, hash, body, stored from blob_document where merchant = $1 and id = $2 and length(body) > 0`
)

func scan(r db.Row) (b Blob, err error) {
	err = r.Scan(&b.ID, &b.ContentType, &b.Hash, &b.Body, &b.Stored)
	return b, err
}

func scanID(r db.Row) (id ident.Blob, err error) {
	err = r.Scan(&id)
	return id, err
}
