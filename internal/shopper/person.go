package shopper

import (
	"fmt"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// linkLife is how long an invitation may be answered, in machine time: it
// bounds how long a stolen letter is worth something.
const linkLife = 24 * time.Hour

// invitation is a link that was sent, as kept.
type invitation struct {
	merchant ident.Merchant
	shopper  ident.Shopper
	expires  civil.Instant
	used     civil.Instant
}

// Invite makes a one-time link that proves, when it comes back, that whoever
// sends it reads the shopper's mail. It is in the answer and nowhere else: its
// hash is kept. The fault is not_found.
func Invite(tx *flow.Tx, m ident.Merchant, shopper ident.Shopper) (ident.Link, error) {
	if _, err := Get(tx.Tx, m, shopper); err != nil {
		return "", err
	}
	link := ident.NewLink(tx.Mint)
	return link, tx.Do(sqlInsertLink, m, ident.Hash(string(link)), shopper, tx.Wall.Add(linkLife))
}

// Invited tells whose lane to hold to confirm a link. The fault is not_found;
// whether the link still opens is for Confirm to say.
func Invited(tx *db.Tx, link ident.Link) (ident.Merchant, error) {
	i, err := invited(tx, link)
	return i.merchant, err
}

func invited(tx *db.Tx, link ident.Link) (invitation, error) {
	i, ok, err := db.One(tx, sqlLink, scanInvitation, ident.Hash(string(link)))
	if err == nil && !ok {
		return invitation{}, fault.New(fault.NotFound, "not_found", "link")
	}
	return i, err
}

// Confirm answers an invitation: the contact is verified, and the shopper
// consents, by the words shown, to be known as one person over shops. A
// shopper who consented before stays linked as they were, and nothing is
// written but the use of the link. Run it in a write of the merchant that
// Invited names.
//
// The faults are not_found, link_used, link_expired and those of the words, at
// the field consent.
func Confirm(tx *flow.Tx, link ident.Link, consent string) (m ident.Merchant, s ident.Shopper, p ident.Person, err error) {
	if err := checkWording(consent); err != nil {
		return "", "", "", err
	}
	i, err := invited(tx.Tx, link)
	if err != nil {
		return "", "", "", err
	}
	if err := i.use(tx, link); err != nil {
		return "", "", "", err
	}
	c, err := Get(tx.Tx, i.merchant, i.shopper)
	if err != nil {
		return "", "", "", err
	}
	if c.Person == "" {
		c.Person, err = join(tx, i.merchant, c, consent)
	}
	return i.merchant, i.shopper, c.Person, err
}

func checkWording(consent string) error {
	var faults fault.List
	text.Required(&faults, "consent", strings.ReplaceAll(consent, "\n", " "), maxWording)
	return faults.Err()
}

// use spends the link, once whoever else tries at the same time.
func (i invitation) use(tx *flow.Tx, link ident.Link) error {
	switch {
	case !i.used.IsZero():
		return fault.New(fault.Conflict, "link_used", "link")
	case !tx.Wall.Before(i.expires):
		return fault.New(fault.Conflict, "link_expired", "link")
	}
	won, err := tx.Changed(sqlUseLink, i.merchant, ident.Hash(string(link)), tx.Wall)
	if err == nil && !won {
		return fault.New(fault.Conflict, "link_used", "link")
	}
	return err
}

// join finds or makes the person of a contact, and writes the consent down.
// The person belongs to no merchant, hence one statement.
func join(tx *flow.Tx, m ident.Merchant, c Contact, consent string) (ident.Person, error) {
	person, _, err := db.One(tx.Tx, sqlPersonOf, db.Scalar[ident.Person],
		contactHash(c.Email), ident.New[ident.Person](tx.Mint), tx.Now)
	if err != nil {
		return "", err
	}
	number, _, err := db.One(tx.Tx, sqlConsents, db.Scalar[int64], m, c.ID)
	if err != nil {
		return "", err
	}
	number++
	if err := tx.Do(sqlConsent, m, c.ID, number, person, consent, tx.Now); err != nil {
		return "", err
	}
	err = tx.Emit(m, string(c.ID), occurrence(c.ID, number), fact.PersonVerified{Person: person})
	if err != nil {
		return "", err
	}
	return person, tx.Emit(m, string(c.ID), occurrence(c.ID, number), fact.ShopperLinked{Shopper: c.ID, Person: person})
}

// contactHash is what persons are found by. It names the channel, so that a
// telephone number can become a contact one day.
func contactHash(email string) string { return ident.Hash("email:" + Fold(email)) }

// occurrence names one consent of a shopper, given or withdrawn.
func occurrence(s ident.Shopper, number int64) string { return fmt.Sprintf("%s/%d", s, number) }

// Unlink withdraws the consent in force. The shopper stays the merchant's
// customer; a shopper who is not linked stays so, and nothing is written.
func Unlink(tx *flow.Tx, m ident.Merchant, shopper ident.Shopper) error {
	c, withdrawn, err := db.One(tx.Tx, sqlWithdraw, scanConsent, m, shopper, tx.Now)
	if err != nil || !withdrawn {
		return err
	}
	return tx.Emit(m, string(shopper), occurrence(shopper, c.number), fact.ShopperUnlinked{Shopper: shopper, Person: c.person})
}
