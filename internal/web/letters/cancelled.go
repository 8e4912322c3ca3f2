package letters

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Cancelled writes the letter that tells a shopper that their order was taken
// back in their name, for notify.Tell under fact.TopicCancelled: whoever did not
// do it must hear of it. It opens nothing, so it can be kept.
func Cancelled(tx *db.Tx, m ident.Merchant, id ident.Shopper, reference string) (notify.Letter, error) {
	p, err := note(tx, m, id)
	if err != nil {
		return notify.Letter{}, err
	}
	return p.cancelled(reference).dress(tx, m, notify.Form{Topic: fact.TopicCancelled, Channel: notify.Email})
}

func (p page) cancelled(reference string) page {
	args := map[string]any{"Order": reference, "Shop": p.Brand.Name}
	p.know("order", reference)
	p.Subject = lang.T(p.Locale, "letter.cancelled_subject", args)
	told := []string{
		lang.T(p.Locale, "letter.cancelled_text", args), lang.T(p.Locale, "letter.cancelled_paid", args), lang.T(p.Locale, "letter.cancelled_not_you", args),
	}
	p.say(told...)
	p.write(told...)
	return p
}
