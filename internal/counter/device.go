package counter

import (
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/relay"
)

// maxName is how long the name of a device or a clerk may be, in characters.
const maxName = 60

// Entrust says that an organisation runs the points of a network, and nobody
// else any more. It is for whoever runs the installation: give it a write of the
// organisation. Its own stores an organisation runs anyway.
func Entrust(tx *flow.Tx, m ident.Merchant, network string) error {
	return tx.Do(sqlEntrust, network, m, tx.Now)
}

// Runs reports whether an organisation runs the counter of a point: it is its
// store, or a point of a network entrusted to it. A point that is gone is run by
// nobody.
func Runs(tx *db.Tx, m ident.Merchant, p relay.Point) (bool, error) {
	if p.Gone != 0 {
		return false, nil
	}
	if owner := p.Owner(); owner != "" {
		return owner == m, nil
	}
	by, ok, err := db.One(tx, sqlEntrusted, db.Scalar[ident.Merchant], p.Network)
	return ok && by == m, err
}

// run reads a point that an organisation runs. The fault is point_not_yours.
func run(tx *db.Tx, m ident.Merchant, id ident.Point) (relay.Point, error) {
	p, err := relay.Get(tx, id)
	if fault.Is(err, "not_found") {
		return p, fault.New(fault.NotFound, "point_not_yours", "point")
	}
	if err != nil {
		return p, err
	}
	yours, err := Runs(tx, m, p)
	if err == nil && !yours {
		err = fault.New(fault.NotFound, "point_not_yours", "point")
	}
	return p, err
}

// NewDevice is a device to let in.
type NewDevice struct {
	Point ident.Point
	Name  string // how people call it: "La tablette du comptoir"
}

// Invite lets a device in: whoever opens the link on it within a day makes it
// that device. The link is in the answer and nowhere else. The faults are
// point_not_yours and those of the name.
func Invite(tx *flow.Tx, m ident.Merchant, in NewDevice) (Device, ident.Link, error) {
	var faults fault.List
	text.Required(&faults, "name", in.Name, maxName)
	if err := faults.Err(); err != nil {
		return Device{}, "", err
	}
	if _, err := run(tx.Tx, m, in.Point); err != nil {
		return Device{}, "", err
	}
	link := ident.NewLink(tx.Mint)
	d := Device{ID: ident.New[ident.Device](tx.Mint), Merchant: m, Point: in.Point, Name: strings.TrimSpace(in.Name), Made: tx.Now}
	if err := tx.Do(sqlInsertDevice, m, d.ID, d.Point, d.Name, ident.Hash(string(link)), tx.Wall.Add(LinkLife), d.Made); err != nil {
		return Device{}, "", err
	}
	return d, link, d.told(tx)
}

// told emits what became of the device.
func (d Device) told(tx *flow.Tx) error {
	return tx.Emit(d.Merchant, string(d.Merchant), string(ident.New[ident.Fact](tx.Mint)),
		fact.DeviceSet{Device: d.ID, Point: d.Point, Revoked: d.Revoked != 0})
}

// Invited reads the device that a link is for. Reading it uses nothing up. The
// fault is link_expired, the same for a link that was used, is too old, or that
// nobody made.
func Invited(tx *db.Tx, link ident.Link) (Device, error) {
	d, ok, err := db.One(tx, sqlInvited, scanDevice, ident.Hash(string(link)), tx.Wall)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "link_expired", "")
	}
	return d, err
}

// devicePrefix and shiftPrefix mark the tokens that a device keeps.
const (
	devicePrefix = "dvc"
	shiftPrefix  = "sft"
)

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

// Revoke shows a device out: its shifts end with it, and scans that it still
// keeps are not taken. The fault is not_found.
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
// one that was shown out, or whose point is not its organisation's any more.
func DeviceOf(tx *db.Tx, token string) (Device, error) {
	d, ok, err := db.One(tx, sqlDeviceOf, scanDevice, ident.Hash(token))
	if err == nil && ok {
		_, err = run(tx, d.Merchant, d.Point)
		ok = err == nil
		if fault.Is(err, "point_not_yours") {
			err = nil
		}
	}
	if err == nil && !ok {
		err = fault.New(fault.Unauthorized, "unauthorized", "")
	}
	return d, err
}
