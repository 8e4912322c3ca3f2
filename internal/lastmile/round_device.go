package lastmile

import (
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// devicePrefix and shiftPrefix mark the tokens that a device keeps.
const (
	devicePrefix = "rdv"
	shiftPrefix  = "rsf"
)

// Entrust lets a device in: whoever opens the link on it within a day makes it
// that device. The link is in the answer and nowhere else. The faults are those
// of the name.
func Entrust(tx *flow.Tx, m ident.Merchant, name string) (Device, ident.Link, error) {
	var faults fault.List
	text.Required(&faults, "name", name, maxName)
	if err := faults.Err(); err != nil {
		return Device{}, "", err
	}
	link := ident.NewLink(tx.Mint)
	d := Device{ID: ident.New[ident.Device](tx.Mint), Merchant: m, Name: strings.TrimSpace(name), Made: tx.Now}
	if err := tx.Do(sqlInsertDevice, m, d.ID, d.Name, ident.Hash(string(link)), tx.Wall.Add(LinkLife), d.Made); err != nil {
		return Device{}, "", err
	}
	return d, link, d.told(tx)
}

// told emits what became of the device.
func (d Device) told(tx *flow.Tx) error {
	return tx.Emit(d.Merchant, string(d.Merchant), string(ident.New[ident.Fact](tx.Mint)), fact.RoundDeviceSet{Device: d.ID, Revoked: d.Revoked != 0})
}

// Entrusted reads the device that a link is for. Reading it uses nothing up. The
// fault is link_expired, the same for a link that was used, is too old, or that
// nobody made.
func Entrusted(tx *db.Tx, link ident.Link) (Device, error) {
	d, ok, err := db.One(tx, sqlEntrusted, scanDevice, ident.Hash(string(link)), tx.Wall)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "link_expired", "")
	}
	return d, err
}

// Enrol uses a link up, and gives the device the token it is known by from then
// on. Two who use it at once: one wins. The fault is link_expired.
func Enrol(tx *flow.Tx, m ident.Merchant, link ident.Link) (token string, err error) {
	token = ident.NewSecret(tx.Mint, devicePrefix)
	first, err := tx.Changed(sqlEnrol, m, ident.Hash(string(link)), ident.Hash(token), tx.Now, tx.Wall)
	if err == nil && !first {
		err = fault.New(fault.NotFound, "link_expired", "")
	}
	return token, err
}

// Revoke shows a device out: its shifts end with it, and what it still keeps is
// not taken. The fault is not_found.
func Revoke(tx *flow.Tx, m ident.Merchant, id ident.Device) error {
	d, ok, err := db.One(tx.Tx, sqlDevice, scanDevice, m, id)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "not_found", "device")
	}
	if err != nil || d.Revoked != 0 {
		return err
	}
	d.Revoked = tx.Now
	if err := tx.Do(sqlRevoke, m, id, tx.Now); err != nil {
		return err
	}
	return d.told(tx)
}

// DeviceOf tells which device holds a token. The fault is unauthorized, also for
// one that was shown out.
func DeviceOf(tx *db.Tx, token string) (Device, error) {
	d, ok, err := db.One(tx, sqlDeviceOf, scanDevice, ident.Hash(token))
	if err == nil && !ok {
		err = fault.New(fault.Unauthorized, "unauthorized", "")
	}
	return d, err
}

// Devices lists the devices of a shop's rounds, also those shown out.
func Devices(tx *db.Tx, m ident.Merchant) ([]Device, error) {
	return db.All(tx, sqlDevices, scanDevice, m)
}

const (
	sqlInsertDevice = `insert into lastmile_device (merchant, id, name, link, link_until, token, made) values ($1, $2, $3, $4, $5, '', $6)`
	sqlEntrusted    = `-- across merchants: a link tells which device it lets in
		select id, merchant, name, made, enrolled, revoked from lastmile_device
		where link = $1 and link <> '' and link_until > $2 and revoked is null`
	sqlEnrol = `update lastmile_device set token = $3, link = '', enrolled = $4
		where merchant = $1 and link = $2 and link <> '' and link_until > $5 and revoked is null`
	sqlDevice   = `select id, merchant, name, made, enrolled, revoked from lastmile_device where merchant = $1 and id = $2`
	sqlDeviceOf = `-- across merchants: a token tells which device holds it
		select id, merchant, name, made, enrolled, revoked from lastmile_device
		where token = $1 and token <> '' and revoked is null`
	sqlRevoke  = `update lastmile_device set revoked = $3, link = '', token = '' where merchant = $1 and id = $2 and revoked is null`
	sqlDevices = `-- whole merchant: the devices of its rounds, to be shown
		select id, merchant, name, made, enrolled, revoked from lastmile_device where merchant = $1 order by id`
)

func scanDevice(r db.Row) (d Device, err error) {
	err = r.Scan(&d.ID, &d.Merchant, &d.Name, &d.Made, &d.Enrolled, &d.Revoked)
	return d, err
}
