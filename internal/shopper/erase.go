package shopper

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Erase leaves of a shopper an id and the record of what they consented to: the words
// are the shop's. Who orders from the same address afterwards is another shopper.
//
// Where no other shop knows the address, its spaces end, with all links on their way;
// where no other consent is in force, the person is forgotten. To erase again changes
// nothing. The fault is not_found.
func Erase(tx *flow.Tx, m ident.Merchant, s ident.Shopper) (was Contact, err error) {
	if was, err = Get(tx.Tx, m, s); err != nil {
		return was, err
	}
	if err := Unlink(tx, m, s); err != nil {
		return was, err
	}
	for _, q := range []string{sqlEraseCodes, sqlEraseLinks} {
		if err := tx.Do(q, m, s); err != nil {
			return was, err
		}
	}
	fresh, err := tx.Changed(sqlEraseContact, m, s)
	if err != nil || !fresh {
		return was, err
	}
	return was, forget(tx, was.Email)
}

// Erased says, once, that nothing is left of a shopper to be erased.
func Erased(tx *flow.Tx, m ident.Merchant, s ident.Shopper, orders int) error {
	first, err := tx.Changed(sqlErased, m, s, tx.Now)
	if err != nil || !first {
		return err
	}
	return tx.Emit(m, string(s), string(s), fact.ShopperErased{Shopper: s, Orders: orders})
}

// forget drops what is kept of an address over all shops, unless one still knows it.
func forget(tx *flow.Tx, email string) error {
	if err := tx.Do(sqlErasePerson, contactHash(email)); err != nil {
		return err
	}
	for _, q := range []string{sqlEraseSessions, sqlErasePasskeys, sqlEraseSignIns, sqlEraseMoves} {
		if err := tx.Do(q, Fold(email)); err != nil {
			return err
		}
	}
	return nil
}

// ErasedAt is when a shopper was erased; zero: they were not. The fault is not_found.
func ErasedAt(tx *db.Tx, m ident.Merchant, s ident.Shopper) (civil.Instant, error) {
	at, ok, err := db.One(tx, sqlErasedAt, db.Scalar[civil.Instant], m, s)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "not_found", "shopper")
	}
	return at, err
}

const (
	sqlEraseContact = `update shopper_contact set folded = id, email = '', name = '', phone = '', phone_proved = null
		where merchant = $1 and id = $2 and folded <> id`
	sqlErased   = `update shopper_contact set erased = $3 where merchant = $1 and id = $2 and erased is null`
	sqlErasures = `-- across merchants: whom to erase again after a backup is restored
		select merchant, id, erased from shopper_contact where erased is not null order by erased, merchant, id`
	sqlErasedAt   = `select erased from shopper_contact where merchant = $1 and id = $2`
	sqlEraseCodes = `delete from shopper_code where merchant = $1 and shopper = $2`
	sqlEraseLinks = `delete from shopper_link where merchant = $1 and shopper = $2`

	sqlErasePerson = `-- across merchants: a person is one human over all shops, forgotten with the last consent
		delete from shopper_person where contact = $1 and not exists (
			select 1 from shopper_consent c where c.person = shopper_person.id and c.withdrawn is null)`
	sqlEraseSessions = `-- across merchants: a space belongs to no merchant, and ends with the last shop that knows the address
		delete from shopper_session where folded = $1 and not exists (select 1 from shopper_contact c where c.folded = $1)`
	sqlErasePasskeys = `-- across merchants: a space belongs to no merchant
		delete from shopper_passkey where folded = $1 and not exists (select 1 from shopper_contact c where c.folded = $1)`
	sqlEraseSignIns = `-- across merchants: links to a space belong to no merchant
		delete from shopper_signin where folded = $1 and not exists (select 1 from shopper_contact c where c.folded = $1)`
	sqlEraseMoves = `-- across merchants: an address that is being changed belongs to no merchant
		delete from shopper_move where (folded = $1 or lower(email) = $1) and not exists (select 1 from shopper_contact c where c.folded = $1)`
)

// Erasure is one shopper who was erased: ids and an instant, and nothing of them.
type Erasure struct {
	Merchant ident.Merchant
	Shopper  ident.Shopper
	At       civil.Instant
}

// Erasures lists who was erased, of all shops, the first first.
func Erasures(tx *db.Tx) ([]Erasure, error) {
	return db.All(tx, sqlErasures, func(r db.Row) (e Erasure, err error) {
		err = r.Scan(&e.Merchant, &e.Shopper, &e.At)
		return e, err
	})
}
