package shopper

import (
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// A passkey opens the space of an address as a link that was e-mailed there does: it
// was made by somebody who had just used one. The door checks what it answers.

// PasskeyLife is how long a challenge may be answered, in machine time.
const PasskeyLife = time.Hour

const (
	maxPasskeys    = 10 // of one address
	maxPasskeyName = 60 // characters
	maxPasskeyText = 4096
)

// Passkey is a key that a browser keeps for whoever reads an address's mail.
type Passkey struct {
	ID     string // as the browser names it
	Email  string // folded
	Handle string // of its holder, as the browser keeps it
	Record string // what proves its answers: the door's
	Name   string // of the device, as its holder called it
	Made   civil.Instant
	Used   civil.Instant // zero: never
}

// Passkeys are those of an address, the oldest first.
func Passkeys(tx *db.Tx, email string) ([]Passkey, error) {
	return db.All(tx, sqlPasskeys, scanPasskey, Fold(email))
}

// PasskeyOf reads a key by the name its browser gave it; false where nobody has it.
func PasskeyOf(tx *db.Tx, id string) (Passkey, bool, error) {
	return db.One(tx, sqlPasskeyOf, scanPasskey, id)
}

// KeepPasskey keeps a key that was made in answer to a challenge, and which nobody had.
// The faults are passkey_over where the challenge was answered before, passkeys_full,
// passkey_known, and those of its name: field_required, field_too_long, invalid_utf8.
func KeepPasskey(tx *flow.Tx, k Passkey, challenge string) error {
	k.Name = strings.TrimSpace(k.Name)
	var faults fault.List
	text.Required(&faults, "device", k.Name, maxPasskeyName)
	if err := faults.Err(); err != nil {
		return err
	}
	if len(k.ID)+len(k.Record) > maxPasskeyText {
		return fault.New(fault.Invalid, "passkey_refused", "passkey")
	}
	if err := answerOnce(tx, challenge); err != nil {
		return err
	}
	have, err := Passkeys(tx.Tx, k.Email)
	switch {
	case err != nil:
		return err
	case len(have) >= maxPasskeys:
		return fault.New(fault.Conflict, "passkeys_full", "passkey", "limit", maxPasskeys)
	}
	fresh, err := tx.Changed(sqlKeepPasskey, k.ID, Fold(k.Email), k.Handle, k.Record, k.Name, tx.Now)
	if err == nil && !fresh {
		err = fault.New(fault.Conflict, "passkey_known", "passkey")
	}
	return err
}

// DropPasskey forgets a key of an address. Dropping it again changes nothing.
func DropPasskey(tx *flow.Tx, email, id string) (dropped bool, err error) {
	return tx.Changed(sqlDropPasskey, id, Fold(email))
}

// EnterByPasskey opens a session for whoever answered a challenge with a key, which is
// kept as it is now. Run it in a write of the merchants of Places, as EnterSpace. The
// faults are passkey_over, and passkey_refused where the key is gone.
func EnterByPasskey(tx *flow.Tx, k Passkey, challenge string) (token string, err error) {
	if err := answerOnce(tx, challenge); err != nil {
		return "", err
	}
	known, err := tx.Changed(sqlUsePasskey, k.ID, k.Record, tx.Now)
	if err == nil && !known {
		err = fault.New(fault.Conflict, "passkey_refused", "passkey")
	}
	if err != nil {
		return "", err
	}
	return openSpace(tx, k.Email, challenge)
}

// answerOnce uses a challenge up.
func answerOnce(tx *flow.Tx, challenge string) error {
	if err := tx.Do(sqlForgetChallenges, tx.Wall); err != nil {
		return err
	}
	first, err := tx.Changed(sqlUseChallenge, ident.Hash(challenge), tx.Wall.Add(PasskeyLife))
	if err == nil && !first {
		err = fault.New(fault.Conflict, "passkey_over", "passkey")
	}
	return err
}

const (
	sqlPasskeys = `-- across merchants: a space belongs to no merchant
		select id, folded, handle, record, name, made, coalesce(used, 0) from shopper_passkey where folded = $1 order by made, id`
	sqlPasskeyOf = `-- across merchants: a space belongs to no merchant
		select id, folded, handle, record, name, made, coalesce(used, 0) from shopper_passkey where id = $1`
	sqlKeepPasskey = `-- across merchants: a space belongs to no merchant
		insert into shopper_passkey (id, folded, handle, record, name, made) values ($1, $2, $3, $4, $5, $6) on conflict (id) do nothing`
	sqlUsePasskey = `-- across merchants: a space belongs to no merchant
		update shopper_passkey set record = $2, used = $3 where id = $1`
	sqlDropPasskey = `-- across merchants: a space belongs to no merchant
		delete from shopper_passkey where id = $1 and folded = $2`
	sqlMovePasskeys = `-- across merchants: a space belongs to no merchant
		update shopper_passkey set folded = $2 where folded = $1`
	sqlForgetChallenges = `-- across merchants: a space belongs to no merchant
		delete from shopper_challenge where until < $1`
	sqlUseChallenge = `-- across merchants: a space belongs to no merchant
		insert into shopper_challenge (hash, until) values ($1, $2) on conflict (hash) do nothing`
)

func scanPasskey(r db.Row) (k Passkey, err error) {
	err = r.Scan(&k.ID, &k.Email, &k.Handle, &k.Record, &k.Name, &k.Made, &k.Used)
	return k, err
}
