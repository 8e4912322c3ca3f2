package shopper

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

const sqlByEmail = `select s.id, s.email, s.name, s.phone, s.locale, coalesce(c.person, '')
	from shopper_contact s
	left join shopper_consent c on c.merchant = s.merchant and c.shopper = s.id and c.withdrawn is null
	where s.merchant = $1 and s.folded = $2`

// ByEmail reads the shopper of an address; false when the merchant has none.
func ByEmail(tx *db.Tx, m ident.Merchant, email string) (Contact, bool, error) {
	return db.One(tx, sqlByEmail, scanContact, m, Fold(email))
}
