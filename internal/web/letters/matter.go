package letters

import (
	"cmp"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// matter is what every letter of the desk knows: between whom, and about which order.
type matter struct {
	ui.Reading // at the shop's place: its desk's hours are
	brand      brand
	who        string // whom the letter greets
	order      string // its reference; empty: about no order
	person     string // who answered, or decided; empty: nobody yet
}

// readMatter reads it, in the message's language or else the matter's own.
func readMatter(tx *db.Tx, m ident.Merchant, msg notify.Message, own lang.Locale, about ident.Order) (x matter, err error) {
	shop, b, err := merchant.Face(tx, m)
	if err != nil {
		return x, err
	}
	x.brand = brandOf(b)
	x.Reading = ui.Reading{Locale: cmp.Or(msg.Locale, own, shop.Locale), Now: tx.Now}
	if x.Zone, err = civil.Zone(shop.Zone); err != nil {
		return x, err
	}
	contact, err := shopper.Get(tx, m, msg.Shopper)
	if err != nil {
		return x, err
	}
	x.who = contact.Name
	if about == "" {
		return x, nil
	}
	o, err := order.Get(tx, m, about)
	x.order = o.Reference
	return x, err
}
