package merchant

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/mailbox"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Brand is how the pages and letters of an organisation look, and where they
// lead. What is empty has a default.
type Brand struct {
	Accent  string // #rrggbb; empty: ours. Whoever paints with it sees to its contrast.
	Shown   string // the name shoppers know; empty: the organisation's
	Contact string // e-mail address at which shoppers reach a person; may be empty
	Site    string // https address of the shop; may be empty
}

// maxSite bounds an address, in characters.
const maxSite = 500

// SetBrand says how an organisation looks. What is so already is not written
// again. The faults are not_found, accent_invalid, email_invalid, site_invalid
// and those of the name.
func SetBrand(tx *flow.Tx, m ident.Merchant, b Brand) error {
	b, err := b.check()
	if err != nil {
		return err
	}
	o, err := Get(tx.Tx, m)
	if err != nil {
		return err
	}
	was, err := BrandOf(tx.Tx, o.ID)
	if err != nil || was == b.named(o) {
		return err
	}
	if err := tx.Do(sqlSetBrand, m, b.Accent, b.Shown, b.Contact, b.Site); err != nil {
		return err
	}
	return tx.Emit(m, string(m), string(ident.New[ident.Fact](tx.Mint)), fact.BrandSet{})
}

// BrandOf is how an organisation looks; Shown is never empty. The fault is not_found.
func BrandOf(tx *db.Tx, m ident.Merchant) (Brand, error) {
	_, b, err := Face(tx, m)
	return b, err
}

// Face is an organisation and how it looks. The fault is not_found.
func Face(tx *db.Tx, m ident.Merchant) (Organisation, Brand, error) {
	o, err := Get(tx, m)
	if err != nil {
		return o, Brand{}, err
	}
	b, _, err := db.One(tx, sqlBrand, scanBrand, m)
	return o, b.named(o), err
}

func (b Brand) named(o Organisation) Brand {
	if b.Shown == "" {
		b.Shown = o.Name
	}
	return b
}

// check brings a brand to its one form and tells all that is wrong with it.
func (b Brand) check() (Brand, error) {
	b.Accent, b.Shown = strings.ToLower(strings.TrimSpace(b.Accent)), strings.TrimSpace(b.Shown)
	b.Contact, b.Site = strings.TrimSpace(b.Contact), strings.TrimSpace(b.Site)
	var faults fault.List
	if b.Accent != "" && !colour(b.Accent) {
		faults.Add(fault.Invalid, "accent_invalid", "accent", "value", b.Accent)
	}
	text.Check(&faults, "shown", b.Shown, maxName)
	if b.Contact != "" && !mailbox.Formed(b.Contact) {
		faults.Add(fault.Invalid, "email_invalid", "contact")
	}
	text.Check(&faults, "site", b.Site, maxSite)
	if u, err := url.Parse(b.Site); b.Site != "" && (err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil) {
		faults.Add(fault.Invalid, "site_invalid", "site", "value", b.Site)
	}
	return b, faults.Err()
}

// colour reports whether a text is one as sheets write it: #rrggbb.
func colour(s string) bool {
	if len(s) != 7 || s[0] != '#' {
		return false
	}
	_, err := strconv.ParseUint(s[1:], 16, 32)
	return err == nil
}
