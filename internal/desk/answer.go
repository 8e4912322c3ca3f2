package desk

import (
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Answering is what a person of the shop says to a shopper.
type Answering struct {
	By    ident.Staff    // the person, by name: neither a program nor a rule answers
	House ident.Merchant // the network they work for, to whose desk it was handed; empty: the shop
	Seen  int            // how many messages the person had read; 0: not said
	Words string
	Close bool // nothing more is expected
}

// Answer says a person's answer: whoever waits waits no more. The same words of
// the same person twice running are one answer. The faults are not_found,
// not_a_person, conversation_moved when the shopper wrote meanwhile,
// conversation_full and those of the words.
func Answer(tx *flow.Tx, m ident.Merchant, id ident.Conversation, a Answering) (Conversation, error) {
	a.Words = text.Lines(a.Words)
	c, all, err := a.to(tx.Tx, m, id)
	if err != nil {
		return c, err
	}
	who := flow.ByStaff(a.By)
	if last := all[len(all)-1]; last.By == fact.ByMerchant && last.Actor == who && last.Words == a.Words {
		return c, nil
	}
	if a.Seen > 0 && a.Seen < len(all) {
		return c, fault.New(fault.Conflict, "conversation_moved", "conversation")
	}
	s := Said{ID: ident.New[ident.Said](tx.Mint), By: fact.ByMerchant, Actor: who, Via: fact.ViaPage, Words: a.Words, At: tx.Now, House: a.House}
	told := fact.DeskAnswered{Talk: c.talk(), Said: s.ID, By: a.By, At: tx.Now, InTime: tx.Now < c.AnswerBy}
	if c.Waits() {
		told.Question = c.Question
	}
	c.State, c.Strange = Answered, 0
	if a.Close {
		c.State = Closed
	}
	if err := c.say(tx, m, s); err != nil {
		return c, err
	}
	if err := tx.Emit(m, c.subject(), string(s.ID), told); err != nil || !a.Close {
		return c, err
	}
	return c, c.closed(tx, m, fact.ByMerchant, "")
}

// to is the conversation that is answered, by somebody who works there.
func (a Answering) to(tx *db.Tx, m ident.Merchant, id ident.Conversation) (c Conversation, all []Said, err error) {
	var faults fault.List
	checkWords(&faults, a.Words, nil)
	if err := faults.Err(); err != nil {
		return c, nil, err
	}
	if c, err = Get(tx, m, id); err != nil {
		return c, nil, err
	}
	if c.said >= maxSaid {
		return c, nil, fault.New(fault.TooMany, "conversation_full", "conversation", "limit", maxSaid)
	}
	if err := a.may(tx, m, c); err != nil {
		return c, nil, err
	}
	all, err = Thread(tx, m, id)
	return c, all, err
}

// may refuses whoever works neither for the shop nor for the desk it was handed to.
func (a Answering) may(tx *db.Tx, m ident.Merchant, c Conversation) error {
	if a.House == "" {
		return person(tx, m, a.By)
	}
	if err := c.handedTo(tx, m, a.House); err != nil {
		return err
	}
	return person(tx, a.House, a.By)
}

// person refuses whoever does not work for the shop.
func person(tx *db.Tx, m ident.Merchant, id ident.Staff) error {
	people, err := merchant.Colleagues(tx, m, []ident.Staff{id})
	if err != nil {
		return err
	}
	if who, works := people[id]; !works || !who.Until.IsZero() {
		return fault.New(fault.Invalid, "not_a_person", "by")
	}
	return nil
}

// Close ends a conversation. The shopper may at any time: an answer that was owed
// is owed no more. The shop may once nobody waits. Closing again changes nothing.
// The faults are not_found and conversation_waits.
func Close(tx *flow.Tx, m ident.Merchant, id ident.Conversation, by fact.Party) (Conversation, error) {
	c, err := Get(tx.Tx, m, id)
	if err != nil || c.State == Closed {
		return c, err
	}
	waited := ident.Said("")
	if c.Waits() {
		if by != fact.ByShopper {
			return c, fault.New(fault.Conflict, "conversation_waits", "conversation")
		}
		waited = c.Question
	}
	c.State, c.Strange = Closed, 0
	if err := c.save(tx, m, c.said); err != nil {
		return c, err
	}
	return c, c.closed(tx, m, by, waited)
}

// closed says so. A conversation may be closed as often as somebody writes again.
func (c Conversation) closed(tx *flow.Tx, m ident.Merchant, by fact.Party, waited ident.Said) error {
	occurrence := string(c.ID) + "/" + string(ident.New[ident.Fact](tx.Mint))
	return tx.Emit(m, c.subject(), occurrence, fact.DeskClosed{Talk: c.talk(), By: by, Question: waited})
}

// Read notes that a person has read what came from addresses we do not know, so
// that it stands in the queue no more.
func Read(tx *flow.Tx, m ident.Merchant, id ident.Conversation) error {
	c, err := Get(tx.Tx, m, id)
	if err != nil || c.Strange == 0 {
		return err
	}
	c.Strange = 0
	return c.save(tx, m, c.said)
}
