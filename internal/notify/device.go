package notify

import (
	"crypto/ecdh"
	"encoding/base64"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Device is a browser that asked to be told, as it introduced itself (W3C Push
// API, PushSubscription). Its endpoint is a server that the browser's maker runs:
// an address that somebody else chose, to be called with that in mind.
type Device struct {
	Merchant ident.Merchant
	ID       ident.Browser
	Endpoint string
	P256dh   string // its public key, base64url without padding: 65 bytes, uncompressed
	Auth     string // its secret, likewise: 16 bytes
	Created  civil.Instant

	shopper ident.Shopper
}

// The lengths of what a browser says of itself. Source: RFC 8291, section 2.
const (
	pointSize  = 65
	authSize   = 16
	maxDevices = 10 // of a shopper: the oldest makes room
)

// Enrol keeps a browser of a shopper. One that is known gets its new keys. The
// faults are push_keys_invalid at "keys", and what is said of the endpoint by
// whoever knows which addresses may be called.
func Enrol(tx *flow.Tx, m ident.Merchant, id ident.Shopper, d Device) error {
	if !d.whole() {
		return fault.New(fault.Invalid, "push_keys_invalid", "keys")
	}
	before, err := Devices(tx.Tx, m, id)
	if err != nil {
		return err
	}
	for i := 0; i <= len(before)-maxDevices; i++ {
		if err := Forget(tx, m, before[i].ID); err != nil {
			return err
		}
	}
	return tx.Do(sqlEnrol, m, ident.New[ident.Browser](tx.Mint), id, d.Endpoint, ident.Hash(d.Endpoint), d.P256dh, d.Auth, tx.Now)
}

// whole reports whether keys are what a message can be sealed with.
func (d Device) whole() bool {
	point, err := base64.RawURLEncoding.DecodeString(d.P256dh)
	if err != nil || len(point) != pointSize {
		return false
	}
	if _, err := ecdh.P256().NewPublicKey(point); err != nil {
		return false
	}
	auth, err := base64.RawURLEncoding.DecodeString(d.Auth)
	return err == nil && len(auth) == authSize
}

// Devices reads the browsers of a shopper, the oldest first.
func Devices(tx *db.Tx, m ident.Merchant, id ident.Shopper) ([]Device, error) {
	return db.All(tx, sqlDevices, scanDevice, m, db.In([]ident.Shopper{id}))
}

// Forget drops a browser: its owner said so, or its maker that it is gone.
func Forget(tx *flow.Tx, m ident.Merchant, id ident.Browser) error {
	return tx.Do(sqlForget, m, id)
}

const (
	sqlEnrol = `insert into notify_device (merchant, id, shopper, endpoint, endpoint_hash, p256dh, auth, created)
		values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (merchant, shopper, endpoint_hash) do update set p256dh = excluded.p256dh, auth = excluded.auth`
	sqlDevices = `select merchant, id, shopper, endpoint, p256dh, auth, created from notify_device
		where merchant = $1 and shopper in ($2) order by shopper, id`
	sqlForget = `delete from notify_device where merchant = $1 and id = $2`
)

func scanDevice(r db.Row) (d Device, err error) {
	err = r.Scan(&d.Merchant, &d.ID, &d.shopper, &d.Endpoint, &d.P256dh, &d.Auth, &d.Created)
	return d, err
}
