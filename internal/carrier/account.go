package carrier

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Account is what a carrier knows a merchant by, in the words of the adapter's
// AccountFields. It is sealed at rest, and no door shows it.
type Account struct {
	Fields map[string]string
}

// Field is one of them; empty when there is none.
func (a Account) Field(name string) string { return a.Fields[name] }

// String keeps accounts out of logs.
func (a Account) String() string { return "account" }

// GoString keeps accounts out of logs.
func (a Account) GoString() string { return "carrier.Account{…}" }

// accountSeal is the purpose of the key that accounts are sealed with.
const accountSeal = "carrier account"

// maxAccountField bounds a value without a form of its own, in characters.
const maxAccountField = 200

// SetAccount keeps the account of a connection, in place of any before it. Empty
// fields are left out. The faults are not_found at connection, unknown_adapter
// when the connection's needs no account, and those of fields: field_required,
// account_field_unknown, account_field_invalid.
func (as Adapters) SetAccount(tx *flow.Tx, v *vault.Vault, m ident.Merchant, id ident.Connection, a Account) error {
	c, err := Get(tx.Tx, m, id)
	if err != nil {
		return err
	}
	holder, ok := As[AccountHolder](as, c.Adapter)
	if !ok {
		return fault.New(fault.Unsupported, "unknown_adapter", "adapter", "adapter", c.Adapter)
	}
	a = a.trimmed()
	if err := a.check(holder.AccountFields()); err != nil {
		return err
	}
	body, err := json.Marshal(a.Fields)
	if err != nil {
		return err
	}
	nonce := make([]byte, 12)
	tx.Mint.Read(nonce)
	sealed := v.Seal(sealOf(m, id), nonce, body)
	return tx.Do(sqlSetAccount, m, id, sealed, tx.Now)
}

// sealOf makes an account worth nothing in another's row.
func sealOf(m ident.Merchant, id ident.Connection) string {
	return accountSeal + "/" + string(m) + "/" + string(id)
}

func (a Account) trimmed() Account {
	out := Account{Fields: map[string]string{}}
	for name, value := range a.Fields {
		if value = strings.TrimSpace(value); value != "" {
			out.Fields[name] = value
		}
	}
	return out
}

func (a Account) check(fields []AccountField) error {
	var faults fault.List
	for _, f := range fields {
		value, at := a.Fields[f.Name], "account."+f.Name
		switch {
		case value == "" && a.wants(f):
			faults.Add(fault.Invalid, "field_required", at)
		case value == "":
		case f.Form != "" && !regexp.MustCompile(`^(?:`+f.Form+`)$`).MatchString(value):
			faults.Add(fault.Invalid, "account_field_invalid", at, "form", f.Form)
		default:
			text.Check(&faults, at, value, maxAccountField)
		}
	}
	for name := range a.Fields {
		if !slices.ContainsFunc(fields, func(f AccountField) bool { return f.Name == name }) {
			faults.Add(fault.Invalid, "account_field_unknown", "account."+name)
		}
	}
	return faults.Err()
}

// wants reports whether a field must be there.
func (a Account) wants(f AccountField) bool {
	return f.Required || f.Unless != "" && a.Fields[f.Unless] == "" || f.With != "" && a.Fields[f.With] != ""
}

// Serves is what a connection can do on a route from a country; false when it
// makes no labels there: its carrier does not, or the account is missing.
func (as Adapters) Serves(tx *db.Tx, v *vault.Vault, m ident.Merchant, id ident.Connection, r fact.Route, country string) (Offer, bool, error) {
	c, err := Get(tx, m, id)
	if err != nil {
		return Offer{}, false, err
	}
	labels, ok := As[Labels](as, c.Adapter)
	if !ok {
		return Offer{}, false, nil
	}
	a, err := AccountOf(tx, v, m, c)
	if fault.Is(err, "carrier_account_missing") {
		return Offer{}, false, nil
	}
	if err != nil {
		return Offer{}, false, err
	}
	o, ok := labels.Offer(a, r, country)
	return o, ok, nil
}

// AccountOf reads the account of a connection, for a call to its carrier. The
// fault is carrier_account_missing, at the field account.
func AccountOf(tx *db.Tx, v *vault.Vault, m ident.Merchant, c Connection) (Account, error) {
	sealed, ok, err := db.One(tx, sqlAccount, db.Scalar[[]byte], m, c.ID)
	if err != nil {
		return Account{}, err
	}
	if !ok {
		return Account{}, fault.New(fault.Conflict, "carrier_account_missing", "account", "carrier", c.Name)
	}
	body, err := v.Unseal(sealOf(m, c.ID), sealed)
	if err != nil {
		return Account{}, err
	}
	var a Account
	return a, json.Unmarshal(body, &a.Fields)
}

// HasAccount reports whether a connection has an account: all that a door may know.
func HasAccount(tx *db.Tx, m ident.Merchant, id ident.Connection) (bool, error) {
	_, ok, err := db.One(tx, sqlHasAccount, db.Scalar[int64], m, id)
	return ok, err
}

const (
	sqlSetAccount = `insert into carrier_account (merchant, connection, sealed, changed) values ($1, $2, $3, $4)
		on conflict (merchant, connection) do update set sealed = excluded.sealed, changed = excluded.changed`
	sqlAccount    = `select sealed from carrier_account where merchant = $1 and connection = $2`
	sqlHasAccount = `select changed from carrier_account where merchant = $1 and connection = $2`
)
