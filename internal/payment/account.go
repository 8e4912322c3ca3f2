package payment

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Account is what a provider knows a merchant by. It is sealed at rest, and no
// door shows it.
type Account struct {
	Secret string `json:"secret"` // key that may refund
	Notice string `json:"notice"` // secret that the provider signs its notices with; empty: it sends none
}

// String keeps accounts out of logs.
func (a Account) String() string { return "account" }

// GoString keeps accounts out of logs.
func (a Account) GoString() string { return "payment.Account{…}" }

// maxSecret bounds a secret, in characters.
const maxSecret = 300

// SetAccount keeps a merchant's account at a provider, in place of any before.
// The faults are payment_provider_unknown, field_required, field_too_long and
// invalid_utf8.
func SetAccount(tx *flow.Tx, v *vault.Vault, m ident.Merchant, p Provider, a Account) error {
	if p != Stripe {
		return fault.New(fault.Invalid, "payment_provider_unknown", "provider", "value", string(p))
	}
	a.Secret, a.Notice = strings.TrimSpace(a.Secret), strings.TrimSpace(a.Notice)
	var faults fault.List
	text.Required(&faults, "secret", a.Secret, maxSecret)
	text.Check(&faults, "notice", a.Notice, maxSecret)
	if err := faults.Err(); err != nil {
		return err
	}
	body, err := json.Marshal(a)
	if err != nil {
		return err
	}
	var nonce [12]byte
	tx.Mint.Read(nonce[:])
	sealed := base64.StdEncoding.EncodeToString(v.Seal(sealOf(m, p), nonce[:], body))
	return tx.Do(sqlSetAccount, m, p, sealed, tx.Now)
}

// AccountOf reads a merchant's account at a provider, for a call to it; false
// when there is none.
func AccountOf(tx *db.Tx, v *vault.Vault, m ident.Merchant, p Provider) (a Account, ok bool, err error) {
	text, ok, err := db.One(tx, sqlAccount, db.Scalar[string], m, p)
	if err != nil || !ok {
		return a, false, err
	}
	sealed, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return a, false, fmt.Errorf("payment: account: %w", err)
	}
	body, err := v.Unseal(sealOf(m, p), sealed)
	if err != nil {
		return a, false, err
	}
	return a, true, json.Unmarshal(body, &a)
}

// HasAccount reports whether a merchant has an account at a provider: all that a
// door may know.
func HasAccount(tx *db.Tx, m ident.Merchant, p Provider) (bool, error) {
	_, ok, err := db.One(tx, sqlAccount, db.Scalar[string], m, p)
	return ok, err
}

// sealOf makes an account worth nothing in another's row.
func sealOf(m ident.Merchant, p Provider) string {
	return "payment account/" + string(m) + "/" + string(p)
}
