package crew

import (
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// SignIn begins a shift: earlier ones of the device end. A wrong PIN is no error,
// because it is counted: the token is empty then, and after five of them whose it is
// is locked until they are given another. The fault is not_found at member: nobody of
// the device's post.
func (k *Roster) SignIn(tx *flow.Tx, d Device, id ident.Member, code string) (token string, c Member, err error) {
	c, err = MemberOf(tx.Tx, d.Merchant, id)
	if err == nil && (c.Gone() || c.Post != d.Post) {
		err = unknown()
	}
	if err != nil || c.Locked() {
		return "", c, err
	}
	right, err := tx.Changed(sqlRightPIN, d.Merchant, id, k.pin(c, code))
	if err != nil {
		return "", c, err
	}
	if !right {
		c.Tries++
		return "", c, tx.Do(sqlWrongPIN, d.Merchant, id)
	}
	if err := tx.Do(sqlEndShifts, d.Merchant, d.ID, tx.Wall); err != nil {
		return "", c, err
	}
	token = ident.NewSecret(tx.Mint, shiftPrefix)
	return token, c, tx.Do(sqlInsertShift, d.Merchant, ident.New[ident.Shift](tx.Mint), ident.Hash(token), d.ID, id,
		tx.Wall, tx.Wall.Add(d.Trade.ShiftLife()))
}

// SignOut ends a shift. Ending it again changes nothing.
func SignOut(tx *flow.Tx, s Shift) error { return tx.Do(sqlEndShifts, s.Merchant, s.Device, tx.Wall) }

// ShiftOf tells whose shift a token is, on the device that holds it. The fault is
// unauthorized for one that is over, of another device, or of somebody shown out.
func ShiftOf(tx *db.Tx, d Device, token string) (Shift, error) {
	s, ok, err := db.One(tx, sqlShiftOf, scanShift, ident.Hash(token))
	if err == nil && (!ok || s.Device != d.ID || s.Merchant != d.Merchant || s.Over(tx.Wall)) {
		err = fault.New(fault.Unauthorized, "unauthorized", "")
	}
	return s, err
}

// ShiftWas reads a shift of a device, over or not: what was done in it without
// network may come later. The fault is not_found.
func ShiftWas(tx *db.Tx, d Device, id ident.Shift) (Shift, error) {
	s, ok, err := db.One(tx, sqlShift, scanShift, d.Merchant, id)
	if err == nil && (!ok || s.Device != d.ID) {
		err = fault.New(fault.NotFound, "not_found", "shift")
	}
	return s, err
}

const (
	sqlInsertShift = `insert into crew_shift (merchant, id, token, device, member, began, until) values ($1, $2, $3, $4, $5, $6, $7)`
	sqlShiftOf     = `-- across merchants: a token tells whose shift it is
		select s.id, s.merchant, d.trade, d.point, s.device, d.name, s.member, c.name, s.began, s.until, s.ended
		from crew_shift s
		join crew_member c on c.merchant = s.merchant and c.id = s.member and c.until is null
		join crew_device d on d.merchant = s.merchant and d.id = s.device and d.revoked is null
		where s.token = $1`
	sqlShift = `select s.id, s.merchant, d.trade, d.point, s.device, d.name, s.member, c.name, s.began, s.until, s.ended
		from crew_shift s
		join crew_member c on c.merchant = s.merchant and c.id = s.member
		join crew_device d on d.merchant = s.merchant and d.id = s.device
		where s.merchant = $1 and s.id = $2`
	sqlEndShifts = `update crew_shift set ended = $3 where merchant = $1 and device = $2 and ended is null`
)

func scanShift(r db.Row) (s Shift, err error) {
	err = r.Scan(&s.ID, &s.Merchant, &s.Trade, &s.Point, &s.Device, &s.Named, &s.Member, &s.Name, &s.Began, &s.Until, &s.Ended)
	return s, err
}
