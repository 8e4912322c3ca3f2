package crew

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
	devicePrefix = "dvc"
	shiftPrefix  = "sft"
)

// Invite lets a device in at a post, called by a name ("La tablette du comptoir"):
// whoever opens the link on it within a day makes it that device. The link is in the
// answer and nowhere else. The faults are those of the name.
func Invite(tx *flow.Tx, at Post, name string) (Device, ident.Link, error) {
	var faults fault.List
	text.Required(&faults, "name", name, maxName)
	if err := faults.Err(); err != nil {
		return Device{}, "", err
	}
	link := ident.NewLink(tx.Mint)
	d := Device{ID: ident.New[ident.Device](tx.Mint), Post: at, Name: strings.TrimSpace(name), Made: tx.Now}
	err := tx.Do(sqlInsertDevice, d.Merchant, d.ID, d.Trade, d.Point, d.Name, ident.Hash(string(link)), tx.Wall.Add(LinkLife), d.Made)
	if err != nil {
		return Device{}, "", err
	}
	return d, link, d.told(tx)
}

// told emits what became of the device.
func (d Device) told(tx *flow.Tx) error {
	var became fact.Body = fact.DeviceSet{Device: d.ID, Point: d.Point, Revoked: d.Revoked != 0}
	if d.Trade == Courier {
		became = fact.RoundDeviceSet{Device: d.ID, Revoked: d.Revoked != 0}
	}
	return tx.Emit(d.Merchant, string(d.Merchant), string(ident.New[ident.Fact](tx.Mint)), became)
}

// Invited reads the device of a trade that a link is for. Reading it uses nothing up.
// The fault is link_expired, the same for a link that was used, is too old, is for
// another trade, or that nobody made.
func Invited(tx *db.Tx, t Trade, link ident.Link) (Device, error) {
	d, ok, err := db.One(tx, sqlInvited, scanDevice, ident.Hash(string(link)), t, tx.Wall)
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

// Revoke shows a device out: its shifts end with it, and what it still keeps is not
// taken. The fault is not_found.
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

// DeviceOf tells which device of a trade holds a token. The fault is unauthorized,
// also for one that was shown out.
func DeviceOf(tx *db.Tx, t Trade, token string) (Device, error) {
	d, ok, err := db.One(tx, sqlDeviceOf, scanDevice, ident.Hash(token), t)
	if err == nil && !ok {
		err = fault.New(fault.Unauthorized, "unauthorized", "")
	}
	return d, err
}

// Devices lists the devices of an organisation for a trade, also those shown out.
func Devices(tx *db.Tx, m ident.Merchant, t Trade) ([]Device, error) {
	return db.All(tx, sqlDevices, scanDevice, m, t)
}

const (
	sqlInsertDevice = `insert into crew_device (merchant, id, trade, point, name, link, link_until, token, made)
		values ($1, $2, $3, $4, $5, $6, $7, '', $8)`
	sqlInvited = `-- across merchants: a link tells which device it lets in
		select id, merchant, trade, point, name, made, enrolled, revoked from crew_device
		where link = $1 and link <> '' and trade = $2 and link_until > $3 and revoked is null`
	sqlEnrol = `update crew_device set token = $3, link = '', enrolled = $4
		where merchant = $1 and link = $2 and link <> '' and link_until > $5 and revoked is null`
	sqlDevice   = `select id, merchant, trade, point, name, made, enrolled, revoked from crew_device where merchant = $1 and id = $2`
	sqlDeviceOf = `-- across merchants: a token tells which device holds it
		select id, merchant, trade, point, name, made, enrolled, revoked from crew_device
		where token = $1 and token <> '' and trade = $2 and revoked is null`
	sqlRevoke  = `update crew_device set revoked = $3, link = '', token = '' where merchant = $1 and id = $2 and revoked is null`
	sqlDevices = `-- whole merchant: its devices, to be shown
		select id, merchant, trade, point, name, made, enrolled, revoked from crew_device
		where merchant = $1 and trade = $2 order by point, id`
)

func scanDevice(r db.Row) (d Device, err error) {
	err = r.Scan(&d.ID, &d.Merchant, &d.Trade, &d.Point, &d.Name, &d.Made, &d.Enrolled, &d.Revoked)
	return d, err
}
