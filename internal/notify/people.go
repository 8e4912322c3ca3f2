package notify

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/phone"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// people is what decides whether somebody can be reached, and wants to be.
type people struct {
	shop     merchant.Organisation // numbers without a country code are of its country; read where somebody left one, or a browser
	contacts map[ident.Shopper]shopper.Contact
	devices  map[ident.Shopper][]Device
	said     map[choice]bool
	closed   map[string]string       // by hash of the contact: why nothing is sent to it
	quiet    map[ident.Shopper]Quiet // of those who said so
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
	for _, part := range []func(*db.Tx, ident.Merchant, []ident.Shopper) error{p.readChoices, p.readDevices, p.readShop, p.readClosed} {
		if err := part(tx, m, ids); err != nil {
			return p, err
		}
	}
	return p, nil
}

func (p *people) readChoices(tx *db.Tx, m ident.Merchant, ids []ident.Shopper) error {
	prefs, err := db.All(tx, sqlPreferences, scanPreference, m, db.In(ids))
	p.said = map[choice]bool{}
	for _, x := range prefs {
		p.said[choice{x.Shopper, x.Topic, x.Channel}] = x.Allowed
	}
	return err
}

func (p *people) readDevices(tx *db.Tx, m ident.Merchant, ids []ident.Shopper) error {
	devices, err := db.All(tx, sqlDevices, scanDevice, m, db.In(ids))
	p.devices = map[ident.Shopper][]Device{}
	for _, d := range devices {
		p.devices[d.shopper] = append(p.devices[d.shopper], d)
	}
	return err
}

// readShop asks for the shop, and when its shoppers want quiet, where somebody left
// a number or a browser.
func (p *people) readShop(tx *db.Tx, m ident.Merchant, ids []ident.Shopper) (err error) {
	p.quiet = map[ident.Shopper]Quiet{}
	numbers := slices.ContainsFunc(ids, func(id ident.Shopper) bool { return p.contacts[id].Phone != "" })
	if !numbers && len(p.devices) == 0 {
		return nil
	}
	if p.shop, err = merchant.Get(tx, m); err != nil {
		return err
	}
	all, err := db.All(tx, sqlQuiet, scanQuiet, m, db.In(ids))
	for _, q := range all {
		p.quiet[q.shopper] = q.Quiet
	}
	return err
}

// instant is when a message may leave: at once, or when its quiet hours are over.
func (p people) instant(msg Message, now civil.Instant) (civil.Instant, error) {
	if msg.Channel == Email || msg.Urgent {
		return now, nil
	}
	q, said := p.quiet[msg.Shopper]
	if !said {
		q = Night
	}
	zone, err := civil.Zone(p.shop.Zone)
	if err != nil {
		return 0, err
	}
	return q.After(now, zone), nil
}

func (p *people) readClosed(tx *db.Tx, m ident.Merchant, _ []ident.Shopper) error {
	var hashes []string
	for _, c := range p.contacts {
		hashes = append(hashes, hash(c.Email))
		if n, ok := p.number(c.ID); ok {
			hashes = append(hashes, hashNumber(n.E164))
		}
	}
	all, err := db.All(tx, sqlSuppressed, scanClosed, m, db.In(hashes))
	p.closed = map[string]string{}
	for _, c := range all {
		p.closed[c.contact] = c.reason
	}
	return err
}

func (p people) number(id ident.Shopper) (phone.Number, bool) {
	return phone.Read(p.contacts[id].Phone, p.shop.Country)
}

// ways are the channels on which a decision is owed about a topic: e-mail always,
// another where the shopper has to do with it.
func (p people) ways(id ident.Shopper, t fact.Topic) (ways []Channel) {
	for _, ch := range Ways {
		_, said := p.said[choice{id, t, ch}]
		if ch == Email || t == fact.TopicCorrected || !ByLetter(t) && (said || ch == Push && len(p.devices[id]) > 0) {
			ways = append(ways, ch)
		}
	}
	return ways
}

// person is the part of a case that is about the person.
func (p people) person(id ident.Shopper, t fact.Topic, ch Channel) Case {
	wanted, said := p.said[choice{id, t, ch}]
	if !said {
		wanted = byDefault(t, ch)
	}
	c := Case{Elsewhere: t == fact.TopicWithdrawn, OptedOut: !wanted && !(ch == Email && ByLetter(t))}
	switch ch {
	case Email:
		c.Contact = p.contacts[id].Email
		c.Malformed, c.Closed = !address(c.Contact), p.closed[hash(c.Contact)]
	case SMS:
		n, ok := p.number(id)
		c.Contact, c.Malformed, c.Closed = p.contacts[id].Phone, !ok, p.closed[hashNumber(n.E164)]
		c.Voice = ok && !n.Text
	case Push:
		if all := p.devices[id]; len(all) > 0 {
			c.Contact = string(all[0].ID)
		}
	}
	return c
}

// hash is what is kept of an address once the shopper's contact may have changed.
func hash(email string) string { return ident.Hash(shopper.Fold(email)) }

func hashNumber(e164 string) string { return ident.Hash("tel:" + e164) }

// Prefer records a shopper's word on a topic and channel. The faults are
// unknown_topic, unknown_channel and topic_by_letter: what is told by e-mail alone,
// and has to be.
func Prefer(tx *flow.Tx, m ident.Merchant, p Preference) error {
	var faults fault.List
	if !slices.Contains(fact.Topics, p.Topic) {
		faults.Add(fault.Invalid, "unknown_topic", "topic", "value", string(p.Topic))
	}
	if !slices.Contains(Ways, p.Channel) {
		faults.Add(fault.Invalid, "unknown_channel", "channel", "value", string(p.Channel))
	}
	if len(faults) == 0 && ByLetter(p.Topic) && p.Allowed != (p.Channel == Email) {
		faults.Add(fault.Invalid, "topic_by_letter", "topic", "value", string(p.Topic))
	}
	if err := faults.Err(); err != nil {
		return err
	}
	return tx.Do(sqlPrefer, m, p.Shopper, p.Topic, p.Channel, p.Allowed, tx.Now)
}

// pressing are the topics that somebody who wants SMS wants it for: what can not
// wait for a letter to be read.
var pressing = []fact.Topic{
	fact.TopicOut, fact.TopicReady, fact.TopicDelivered, fact.TopicAtRisk, fact.TopicEarly, fact.TopicNewDate, fact.TopicBroken,
}

// Text records, in one word, whether a shopper wants SMS for what can not wait. Each
// topic can be chosen afterwards, as by Prefer.
func Text(tx *flow.Tx, m ident.Merchant, id ident.Shopper, wanted bool) error {
	for _, t := range pressing {
		if err := tx.Do(sqlPrefer, m, id, t, SMS, wanted, tx.Now); err != nil {
			return err
		}
	}
	return nil
}

// Preferences reads what a shopper said; what is not in the answer is as Wanted
// says of nothing.
func Preferences(tx *db.Tx, m ident.Merchant, id ident.Shopper) ([]Preference, error) {
	return db.All(tx, sqlPreferences, scanPreference, m, db.In([]ident.Shopper{id}))
}

// Wanted is whether a topic is told on a channel, by what a shopper said so far.
func Wanted(said []Preference, t fact.Topic, ch Channel) bool {
	if ByLetter(t) {
		return ch == Email
	}
	for _, p := range said {
		if p.Topic == t && p.Channel == ch {
			return p.Allowed
		}
	}
	return byDefault(t, ch)
}
