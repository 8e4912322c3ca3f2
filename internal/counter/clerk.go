package counter

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

// NewClerk is somebody to let in to a counter.
type NewClerk struct {
	Point ident.Point
	Name  string // as it is printed on proofs
	PIN   string // six digits
}

// Employ lets somebody in. The faults are point_not_yours, pin_invalid at pin,
// and those of the name.
func (k *Desk) Employ(tx *flow.Tx, m ident.Merchant, in NewClerk) (Clerk, error) {
	var faults fault.List
	text.Required(&faults, "name", in.Name, maxName)
	pin.Check(&faults, in.PIN)
	if err := faults.Err(); err != nil {
		return Clerk{}, err
	}
	if _, err := run(tx.Tx, m, in.Point); err != nil {
		return Clerk{}, err
	}
	c := Clerk{ID: ident.New[ident.Clerk](tx.Mint), Point: in.Point, Name: strings.TrimSpace(in.Name), Since: tx.Now}
	if err := tx.Do(sqlInsertClerk, m, c.ID, c.Point, c.Name, k.pin(c.ID, in.PIN), c.Since); err != nil {
		return Clerk{}, err
	}
	return c, c.told(tx, m)
}

// pin is what is stored of a PIN: nobody without the master key can try all of them.
func (k *Desk) pin(id ident.Clerk, pin string) string {
	return ident.Hash(string(k.vault.Link("counter-pin", string(id)+"/"+pin)))
}

func (c Clerk) told(tx *flow.Tx, m ident.Merchant) error {
	return tx.Emit(m, string(m), string(ident.New[ident.Fact](tx.Mint)), fact.ClerkSet{Clerk: c.ID, Point: c.Point, Gone: c.Until != 0})
}

// SetPIN gives a clerk another PIN, and lets them try again. The faults are
// not_found and pin_invalid.
func (k *Desk) SetPIN(tx *flow.Tx, m ident.Merchant, id ident.Clerk, code string) error {
	var faults fault.List
	pin.Check(&faults, code)
	if err := faults.Err(); err != nil {
		return err
	}
	known, err := tx.Changed(sqlSetPIN, m, id, k.pin(id, code))
	if err == nil && !known {
		err = fault.New(fault.NotFound, "not_found", "clerk")
	}
	return err
}

// Dismiss shows a clerk out, and ends their shifts. The fault is not_found.
func Dismiss(tx *flow.Tx, m ident.Merchant, id ident.Clerk) error {
	c, ok, err := db.One(tx.Tx, sqlClerk, scanClerk, m, id)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "not_found", "clerk")
	}
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
// because it is counted: the token is empty then, and after five of them the clerk
// is locked until they are given another PIN. The fault is not_found at clerk.
func (k *Desk) SignIn(tx *flow.Tx, d Device, id ident.Clerk, pin string) (token string, c Clerk, err error) {
	c, ok, err := db.One(tx.Tx, sqlClerk, scanClerk, d.Merchant, id)
	if err == nil && (!ok || c.Until != 0 || c.Point != d.Point) {
		err = fault.New(fault.NotFound, "not_found", "clerk")
	}
	if err != nil || c.Locked() {
		return "", c, err
	}
	right, err := tx.Changed(sqlRightPIN, d.Merchant, id, k.pin(id, pin))
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
	return token, c, tx.Do(sqlInsertShift, d.Merchant, ident.New[ident.Shift](tx.Mint), ident.Hash(token), d.ID, id, d.Point,
		tx.Wall, tx.Wall.Add(ShiftLife))
}

// ShiftOf tells whose shift a token is, on the device that holds it. The fault is
// unauthorized for one that is over, of another device, or of somebody shown out.
func ShiftOf(tx *db.Tx, d Device, token string) (Shift, error) {
	s, ok, err := db.One(tx, sqlShiftOf, scanShift, ident.Hash(token))
	if err == nil && (!ok || s.Device != d.ID || s.Merchant != d.Merchant || s.Over(tx.Wall)) {
		err = fault.New(fault.Unauthorized, "unauthorized", "")
	}
	return s, err
}

// ShiftWas reads a shift of a device, over or not: what was scanned in it offline
// may come later. The fault is not_found.
func ShiftWas(tx *db.Tx, d Device, id ident.Shift) (Shift, error) {
	s, ok, err := db.One(tx, sqlShift, scanShift, d.Merchant, id)
	if err == nil && (!ok || s.Device != d.ID) {
		err = fault.New(fault.NotFound, "not_found", "shift")
	}
	return s, err
}

// SignOut ends a shift. Ending it again changes nothing.
func SignOut(tx *flow.Tx, s Shift) error { return tx.Do(sqlEndShifts, s.Merchant, s.Device, tx.Wall) }

// Learn notes that a clerk has done a lesson. Nothing else of the practice mode
// is written anywhere.
func Learn(tx *flow.Tx, s Shift, l Lesson) error {
	return tx.Do(sqlLearn, s.Merchant, s.Clerk, l, tx.Now)
}
