package crew

import (
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/pin"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Employ lets somebody in at a post, with a PIN of six digits. Their name is as it is
// printed on proofs. The faults are pin_invalid at pin, and those of the name.
func (k *Roster) Employ(tx *flow.Tx, at Post, name, code string) (Member, error) {
	var faults fault.List
	text.Required(&faults, "name", name, maxName)
	pin.Check(&faults, code)
	if err := faults.Err(); err != nil {
		return Member{}, err
	}
	c := Member{ID: ident.New[ident.Member](tx.Mint), Post: at, Name: strings.TrimSpace(name), Since: tx.Now}
	if err := tx.Do(sqlInsertMember, c.Merchant, c.ID, c.Trade, c.Point, c.Name, k.pin(c, code), c.Since); err != nil {
		return Member{}, err
	}
	return c, c.told(tx)
}

// pin is what is stored of a PIN: nobody without the master key can try all of them.
func (k *Roster) pin(c Member, code string) string {
	return ident.Hash(string(k.vault.Link(c.Trade.salt(), string(c.ID)+"/"+code)))
}

// told emits what became of somebody.
func (c Member) told(tx *flow.Tx) error {
	var became fact.Body = fact.ClerkSet{Clerk: c.ID, Point: c.Point, Gone: c.Gone()}
	if c.Trade == Courier {
		became = fact.CourierSet{Courier: c.ID, Gone: c.Gone()}
	}
	return tx.Emit(c.Merchant, string(c.Merchant), string(ident.New[ident.Fact](tx.Mint)), became)
}

// SetPIN gives somebody another PIN, and lets them try again. The faults are
// not_found, also for who was shown out, and pin_invalid.
func (k *Roster) SetPIN(tx *flow.Tx, m ident.Merchant, id ident.Member, code string) error {
	var faults fault.List
	pin.Check(&faults, code)
	if err := faults.Err(); err != nil {
		return err
	}
	c, err := MemberOf(tx.Tx, m, id)
	if err != nil {
		return err
	}
	known, err := tx.Changed(sqlSetPIN, m, id, k.pin(c, code))
	if err == nil && !known {
		err = unknown()
	}
	return err
}

// Dismiss shows somebody out, and ends their shifts. The fault is not_found.
func Dismiss(tx *flow.Tx, m ident.Merchant, id ident.Member) error {
	c, err := MemberOf(tx.Tx, m, id)
	if err != nil || c.Gone() {
		return err
	}
	c.Until = tx.Now
	if err := tx.Do(sqlDismiss, m, id, tx.Now); err != nil {
		return err
	}
	return c.told(tx)
}

// MemberOf reads somebody, also who was shown out. The fault is not_found at member.
func MemberOf(tx *db.Tx, m ident.Merchant, id ident.Member) (Member, error) {
	c, ok, err := db.One(tx, sqlMember, scanMember, m, id)
	if err == nil && !ok {
		err = unknown()
	}
	return c, err
}

func unknown() error { return fault.New(fault.NotFound, "not_found", "member") }

// Members lists who an organisation let in for a trade, also those shown out.
func Members(tx *db.Tx, m ident.Merchant, t Trade) ([]Member, error) {
	return db.All(tx, sqlMembers, scanMember, m, t)
}

// At lists who works at a post.
func At(tx *db.Tx, p Post) ([]Member, error) {
	return db.All(tx, sqlMembersAt, scanMember, p.Merchant, p.Trade, p.Point)
}

const (
	sqlInsertMember = `insert into crew_member (merchant, id, trade, point, name, pin, tries, since) values ($1, $2, $3, $4, $5, $6, 0, $7)`
	sqlMember       = `select id, merchant, trade, point, name, tries, since, until from crew_member where merchant = $1 and id = $2`
	sqlMembersAt    = `select id, merchant, trade, point, name, tries, since, until from crew_member
		where merchant = $1 and trade = $2 and point = $3 and until is null order by id`
	sqlMembers = `select id, merchant, trade, point, name, tries, since, until from crew_member
		where merchant = $1 and trade = $2 order by point, id`
	sqlSetPIN   = `update crew_member set pin = $3, tries = 0 where merchant = $1 and id = $2 and until is null`
	sqlRightPIN = `update crew_member set tries = 0 where merchant = $1 and id = $2 and pin = $3 and tries < 5 and until is null`
	sqlWrongPIN = `update crew_member set tries = tries + 1 where merchant = $1 and id = $2 and tries < 5`
	sqlDismiss  = `update crew_member set until = $3 where merchant = $1 and id = $2 and until is null`
)

func scanMember(r db.Row) (c Member, err error) {
	err = r.Scan(&c.ID, &c.Merchant, &c.Trade, &c.Point, &c.Name, &c.Tries, &c.Since, &c.Until)
	return c, err
}
