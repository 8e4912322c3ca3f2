package shopper

import (
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/mailbox"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Register finds the shopper of an e-mail address, or takes them in. Name,
// phone and locale are refreshed by what is said this time; what is left empty
// stays as it was. The faults are field_required, email_invalid, invalid_utf8,
// field_too_long and unknown_locale.
func Register(tx *flow.Tx, m ident.Merchant, in NewShopper) (ident.Shopper, error) {
	if err := in.check(); err != nil {
		return "", err
	}
	mine := ident.New[ident.Shopper](tx.Mint)
	id, _, err := db.One(tx.Tx, sqlRegister, db.Scalar[ident.Shopper],
		m, mine, Fold(in.Email), strings.TrimSpace(in.Email), in.Name, in.Phone, in.Locale, tx.Now)
	if err != nil || id != mine {
		return id, err
	}
	return id, tx.Emit(m, string(id), string(id), fact.ShopperRegistered{Shopper: id})
}

func (in NewShopper) check() error {
	var faults fault.List
	switch {
	case strings.TrimSpace(in.Email) == "":
		faults.Add(fault.Invalid, "field_required", "email")
	case !mailbox.Formed(in.Email):
		faults.Add(fault.Invalid, "email_invalid", "email")
	}
	text.Check(&faults, "name", in.Name, maxName)
	text.Check(&faults, "phone", in.Phone, maxPhone)
	if !slices.Contains(lang.Locales(), in.Locale) {
		faults.Add(fault.Invalid, "unknown_locale", "locale", "value", string(in.Locale))
	}
	return faults.Err()
}
