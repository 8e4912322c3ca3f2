package lastmile

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

// maxName is how long the name of a device or a courier may be, in characters.
const maxName = 60

// Employ lets a courier in, with a PIN of six digits. The faults are pin_invalid
// at pin, and those of the name.
func (k *Rounds) Employ(tx *flow.Tx, m ident.Merchant, name, code string) (Courier, error) {
	var faults fault.List
	text.Required(&faults, "name", name, maxName)
	pin.Check(&faults, code)
	if err := faults.Err(); err != nil {
		return Courier{}, err
	}
	c := Courier{ID: ident.New[ident.Courier](tx.Mint), Name: strings.TrimSpace(name), Since: tx.Now}
	if err := tx.Do(sqlInsertCourier, m, c.ID, c.Name, k.pin(c.ID, code), c.Since); err != nil {
		return Courier{}, err
	}
	return c, c.told(tx, m)
}

// pin is what is stored of a PIN: nobody without the master key can try all of them.
func (k *Rounds) pin(id ident.Courier, code string) string {
	return ident.Hash(string(k.vault.Link("round-pin", string(id)+"/"+code)))
}

func (c Courier) told(tx *flow.Tx, m ident.Merchant) error {
	return tx.Emit(m, string(m), string(ident.New[ident.Fact](tx.Mint)), fact.CourierSet{Courier: c.ID, Gone: c.Until != 0})
}

// SetPIN gives a courier another PIN, and lets them try again. The faults are
// not_found and pin_invalid.
func (k *Rounds) SetPIN(tx *flow.Tx, m ident.Merchant, id ident.Courier, code string) error {
	var faults fault.List
	pin.Check(&faults, code)
	if err := faults.Err(); err != nil {
		return err
	}
	known, err := tx.Changed(sqlSetPIN, m, id, k.pin(id, code))
	if err == nil && !known {
		err = fault.New(fault.NotFound, "not_found", "courier")
	}
	return err
}

// Dismiss shows a courier out, and ends their shifts. The fault is not_found.
func Dismiss(tx *flow.Tx, m ident.Merchant, id ident.Courier) error {
	c, err := CourierOf(tx.Tx, m, id)
	if err != nil || c.Until != 0 {
		return err
	}
	c.Until = tx.Now
	if err := tx.Do(sqlDismiss, m, id, tx.Now); err != nil {
		return err
	}
	return c.told(tx, m)
}

// SignIn begins a shift: earlier ones of the device end. A wrong PIN is no error,
// because it is counted: the token is empty then, and after five of them the
// courier is locked until they are given another PIN. The fault is not_found at
// courier.
func (k *Rounds) SignIn(tx *flow.Tx, d Device, id ident.Courier, code string) (token string, c Courier, err error) {
	c, err = CourierOf(tx.Tx, d.Merchant, id)
	if err == nil && c.Until != 0 {
		err = fault.New(fault.NotFound, "not_found", "courier")
	}
	if err != nil || c.Locked() {
		return "", c, err
	}
	right, err := tx.Changed(sqlRightPIN, d.Merchant, id, k.pin(id, code))
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
	return token, c, tx.Do(sqlInsertShift, d.Merchant, ident.New[ident.Shift](tx.Mint), ident.Hash(token), d.ID, id, tx.Wall, tx.Wall.Add(ShiftLife))
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

// CourierOf reads a courier, also one who left. The fault is not_found.
func CourierOf(tx *db.Tx, m ident.Merchant, id ident.Courier) (Courier, error) {
	c, ok, err := db.One(tx, sqlCourier, scanCourier, m, id)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "not_found", "courier")
	}
	return c, err
}

// Couriers lists a shop's couriers, also those who left.
func Couriers(tx *db.Tx, m ident.Merchant) ([]Courier, error) {
	return db.All(tx, sqlCouriers, scanCourier, m)
}

const (
	sqlInsertCourier = `insert into lastmile_courier (merchant, id, name, pin, tries, since) values ($1, $2, $3, $4, 0, $5)`
	sqlCourier       = `select id, name, tries, since, until from lastmile_courier where merchant = $1 and id = $2`
	sqlCouriers      = `-- whole merchant: its couriers, to be shown
		select id, name, tries, since, until from lastmile_courier where merchant = $1 order by id`
	sqlSetPIN   = `update lastmile_courier set pin = $3, tries = 0 where merchant = $1 and id = $2 and until is null`
	sqlRightPIN = `update lastmile_courier set tries = 0 where merchant = $1 and id = $2 and pin = $3 and tries < 5 and until is null`
	sqlWrongPIN = `update lastmile_courier set tries = tries + 1 where merchant = $1 and id = $2 and tries < 5`
	sqlDismiss  = `update lastmile_courier set until = $3 where merchant = $1 and id = $2 and until is null`
)

func scanCourier(r db.Row) (c Courier, err error) {
	err = r.Scan(&c.ID, &c.Name, &c.Tries, &c.Since, &c.Until)
	return c, err
}

const (
	sqlInsertShift = `insert into lastmile_shift (merchant, id, token, device, courier, began, until) values ($1, $2, $3, $4, $5, $6, $7)`
	sqlShiftOf     = `-- across merchants: a token tells whose shift it is
		select s.id, s.merchant, s.device, s.courier, c.name, s.began, s.until, s.ended
		from lastmile_shift s
		join lastmile_courier c on c.merchant = s.merchant and c.id = s.courier and c.until is null
		join lastmile_device d on d.merchant = s.merchant and d.id = s.device and d.revoked is null
		where s.token = $1`
	sqlShift = `select s.id, s.merchant, s.device, s.courier, c.name, s.began, s.until, s.ended
		from lastmile_shift s
		join lastmile_courier c on c.merchant = s.merchant and c.id = s.courier
		where s.merchant = $1 and s.id = $2`
	sqlEndShifts = `update lastmile_shift set ended = $3 where merchant = $1 and device = $2 and ended is null`
)

func scanShift(r db.Row) (s Shift, err error) {
	err = r.Scan(&s.ID, &s.Merchant, &s.Device, &s.Courier, &s.Name, &s.Began, &s.Until, &s.Ended)
	return s, err
}
