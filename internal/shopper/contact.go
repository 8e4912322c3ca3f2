package shopper

import (
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/mailbox"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// How long a link proves a new address, in machine time, and how many an address
// may ask for in an hour: letters go to a mailbox that has not said yes to them.
const (
	MoveLife = time.Hour
	maxMoves = 3
)

// Consent is a shopper's word to a shop, with the words that were shown.
type Consent struct {
	Number    int64
	Words     string
	Given     civil.Instant
	Withdrawn civil.Instant // zero: it is in force
}

// Consents are all that a shopper gave a shop, the newest first.
func Consents(tx *db.Tx, m ident.Merchant, s ident.Shopper) ([]Consent, error) {
	return db.All(tx, sqlConsentsOf, scanConsentOf, m, s)
}

// Phone is a telephone number as somebody gave it.
type Phone struct {
	Number string // as typed; empty: none any more
	Proved bool   // a code that was sent there came back
}

// SetPhone replaces a shopper's telephone number, and answers the one before if its
// holder had proved it: somebody should be told there. Saying the same again changes
// nothing. The faults are not_found, invalid_utf8 and field_too_long.
func SetPhone(tx *flow.Tx, m ident.Merchant, s ident.Shopper, p Phone) (before string, err error) {
	var faults fault.List
	p.Number = strings.TrimSpace(p.Number)
	text.Check(&faults, "phone", p.Number, maxPhone)
	if err := faults.Err(); err != nil {
		return "", err
	}
	was, ok, err := db.One(tx.Tx, sqlPhone, scanPhone, m, s)
	switch {
	case err != nil:
		return "", err
	case !ok:
		return "", fault.New(fault.NotFound, "not_found", "shopper")
	case was.Number == p.Number && (was.Proved || !p.Proved):
		return "", nil
	}
	proved := civil.Instant(0)
	if p.Proved {
		proved = tx.Now
	}
	if err := tx.Do(sqlSetPhone, m, s, p.Number, proved); err != nil || was.Number == p.Number {
		return "", err
	}
	if was.Proved {
		before = was.Number
	}
	return before, emitChanged(tx, m, s, fact.ByPhone)
}

// PhoneOf is a shopper's telephone number, and whether they proved to hold it.
func PhoneOf(tx *db.Tx, m ident.Merchant, s ident.Shopper) (Phone, error) {
	p, _, err := db.One(tx, sqlPhone, scanPhone, m, s)
	return p, err
}

func emitChanged(tx *flow.Tx, m ident.Merchant, s ident.Shopper, way fact.ContactWay) error {
	return tx.Emit(m, string(s), string(ident.New[ident.Fact](tx.Mint)), fact.ContactChanged{Shopper: s, Way: way})
}

// Exported tells a shop that its shopper took along what it knows of them.
func Exported(tx *flow.Tx, m ident.Merchant, s ident.Shopper) error {
	return tx.Emit(m, string(s), string(ident.New[ident.Fact](tx.Mint)), fact.ShopperExported{Shopper: s})
}

// AskMove makes a link that, sent to another address and back, makes it the address
// of whoever reads the mail of from. Beyond three in an hour there is no more of
// them: more is false. The faults are email_invalid and same_address.
func AskMove(tx *flow.Tx, from, to string) (link ident.Link, more bool, err error) {
	to = strings.TrimSpace(to)
	switch {
	case !mailbox.Formed(to):
		return "", false, fault.New(fault.Invalid, "email_invalid", "email")
	case Fold(to) == Fold(from):
		return "", false, fault.New(fault.Invalid, "same_address", "email")
	}
	if err := tx.Do(sqlForgetMoves, tx.Wall.Add(-MoveLife)); err != nil {
		return "", false, err
	}
	asked, _, err := db.One(tx.Tx, sqlMovesAsked, db.Scalar[int], Fold(from), tx.Wall.Add(-time.Hour))
	if err != nil || asked >= maxMoves {
		return "", false, err
	}
	link = ident.NewLink(tx.Mint)
	return link, true, tx.Do(sqlAskMove, ident.Hash(string(link)), Fold(from), to, tx.Wall, tx.Wall.Add(MoveLife))
}

// Moving is an address on its way to another.
type Moving struct{ From, To string }

// MoveBehind is what a link would do. Reading it uses nothing up. The fault is
// link_expired.
func MoveBehind(tx *db.Tx, link ident.Link) (Moving, error) {
	mv, ok, err := db.One(tx, sqlMoveBehind, scanMoving, ident.Hash(string(link)), tx.Wall)
	if err == nil && !ok {
		err = spaceOver()
	}
	return mv, err
}

// Move uses a link up: the shops at which whoever it is consented know them by the
// new address from now on. A shop that knows the new address as another customer
// keeps the two apart: it is in stayed. Passkeys go along, and all sessions of the old
// address end. Run it
// in a write of the merchants of Places. The fault is link_expired.
func Move(tx *flow.Tx, link ident.Link) (mv Moving, moved, stayed []Place, err error) {
	if mv, err = MoveBehind(tx.Tx, link); err != nil {
		return mv, nil, nil, err
	}
	first, err := tx.Changed(sqlUseMove, ident.Hash(string(link)), tx.Wall)
	if err == nil && !first {
		err = spaceOver()
	}
	if err != nil {
		return mv, nil, nil, err
	}
	places, err := Places(tx.Tx, mv.From)
	if err != nil {
		return mv, nil, nil, err
	}
	for _, p := range places {
		if p.Person == "" {
			continue
		}
		free, err := tx.Changed(sqlMoveContact, p.Merchant, p.ID, Fold(mv.To), mv.To)
		switch {
		case err != nil:
			return mv, nil, nil, err
		case !free:
			stayed = append(stayed, p)
			continue
		}
		moved = append(moved, p)
		if err := emitChanged(tx, p.Merchant, p.ID, fact.ByEmail); err != nil {
			return mv, nil, nil, err
		}
	}
	if len(moved) > 0 {
		if err := tx.Do(sqlMovePerson, contactHash(mv.To), moved[0].Person, tx.Now); err != nil {
			return mv, nil, nil, err
		}
		if err := tx.Do(sqlMovePasskeys, Fold(mv.From), Fold(mv.To)); err != nil {
			return mv, nil, nil, err
		}
	}
	return mv, moved, stayed, LeaveEverywhere(tx, mv.From)
}

const (
	sqlConsentsOf = `select number, wording, given, withdrawn from shopper_consent
		where merchant = $1 and shopper = $2 order by number desc`
	sqlPhone       = `select phone, coalesce(phone_proved, 0) from shopper_contact where merchant = $1 and id = $2`
	sqlSetPhone    = `update shopper_contact set phone = $3, phone_proved = nullif(cast($4 as bigint), 0) where merchant = $1 and id = $2`
	sqlMoveContact = `update shopper_contact set folded = $3, email = $4 where merchant = $1 and id = $2
		and not exists (select 1 from shopper_contact o where o.merchant = $1 and o.folded = $3)`
	sqlMovePerson = `-- across merchants: a person is one human over all shops, here under the address that was proved last
		insert into shopper_person (contact, id, verified) values ($1, $2, $3) on conflict (contact) do nothing`
	sqlForgetMoves = `-- across merchants: an address that is being changed belongs to no merchant
		delete from shopper_move where until < $1`
	sqlMovesAsked = `-- across merchants: an address that is being changed belongs to no merchant
		select count(*) from shopper_move where folded = $1 and asked > $2`
	sqlAskMove = `-- across merchants: an address that is being changed belongs to no merchant
		insert into shopper_move (hash, folded, email, asked, until) values ($1, $2, $3, $4, $5)`
	sqlMoveBehind = `-- across merchants: an address that is being changed belongs to no merchant
		select folded, email from shopper_move where hash = $1 and until > $2 and used is null`
	sqlUseMove = `-- across merchants: an address that is being changed belongs to no merchant
		update shopper_move set used = $2 where hash = $1 and used is null`
)

func scanConsentOf(r db.Row) (c Consent, err error) {
	err = r.Scan(&c.Number, &c.Words, &c.Given, &c.Withdrawn)
	return c, err
}

func scanPhone(r db.Row) (p Phone, err error) {
	var proved civil.Instant
	err = r.Scan(&p.Number, &proved)
	p.Proved = proved != 0
	return p, err
}

func scanMoving(r db.Row) (m Moving, err error) {
	err = r.Scan(&m.From, &m.To)
	return m, err
}
