package notify

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// people is what decides whether somebody can be reached, and wants to be.
type people struct {
	contacts map[ident.Shopper]shopper.Contact
	refusals map[choice]bool
	bounced  map[string]bool // by hash of the address
}

// choice is what a preference is about.
type choice struct {
	shopper ident.Shopper
	topic   fact.Topic
	channel Channel
}

func peopleOf(tx *db.Tx, m ident.Merchant, ids []ident.Shopper) (p people, err error) {
	if p.contacts, err = shopper.Many(tx, m, ids); err != nil {
		return p, err
	}
	prefs, err := db.All(tx, sqlPreferences, scanPreference, m, db.In(ids))
	if err != nil {
		return p, err
	}
	p.refusals = map[choice]bool{}
	for _, x := range prefs {
		p.refusals[choice{x.Shopper, x.Topic, x.Channel}] = !x.Allowed
	}
	var hashes []string
	for _, c := range p.contacts {
		hashes = append(hashes, hash(c.Email))
	}
	bounced, err := db.All(tx, sqlSuppressed, db.Scalar[string], m, db.In(hashes))
	p.bounced = map[string]bool{}
	for _, h := range bounced {
		p.bounced[h] = true
	}
	return p, err
}

// person is the part of a case that is about the person.
func (p people) person(id ident.Shopper, t fact.Topic) Case {
	email := p.contacts[id].Email
	return Case{
		Elsewhere: t == fact.TopicWithdrawn,
		Contact:   email, OptedOut: p.refusals[choice{id, t, Email}], Bounced: email != "" && p.bounced[hash(email)],
	}
}

// hash is what is kept of an address once the shopper's contact may have changed.
func hash(email string) string { return ident.Hash(shopper.Fold(email)) }

// Prefer records a shopper's word on a topic and channel; silence is a yes. The
// faults are unknown_topic and unknown_channel.
func Prefer(tx *flow.Tx, m ident.Merchant, p Preference) error {
	var faults fault.List
	if !slices.Contains(fact.Topics, p.Topic) {
		faults.Add(fault.Invalid, "unknown_topic", "topic", "value", string(p.Topic))
	}
	if p.Channel != Email {
		faults.Add(fault.Invalid, "unknown_channel", "channel", "value", string(p.Channel))
	}
	if err := faults.Err(); err != nil {
		return err
	}
	return tx.Do(sqlPrefer, m, p.Shopper, p.Topic, p.Channel, p.Allowed, tx.Now)
}

// Preferences reads what a shopper said; topics not in the answer are allowed.
func Preferences(tx *db.Tx, m ident.Merchant, id ident.Shopper) ([]Preference, error) {
	return db.All(tx, sqlPreferences, scanPreference, m, db.In([]ident.Shopper{id}))
}
