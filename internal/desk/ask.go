package desk

import (
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// Question is what somebody asks a person at the shop.
type Question struct {
	Key     string        // sent twice under it is asked once
	Order   ident.Order   // empty: about no order
	Shopper ident.Shopper // empty where Order says whose it is, or nobody is known
	Via     fact.Via
	Source  string // of what was written in public: its https address; of a mail: who sent it
	Words   string
	Photos  []ident.Blob
	Locale  lang.Locale // of the answer; empty: the order's, or the shop's
}

func (q Question) check() error {
	var faults fault.List
	text.Required(&faults, "key", q.Key, maxKey)
	checkVia(&faults, q.Via)
	checkWords(&faults, q.Words, q.Photos)
	text.Check(&faults, "source", q.Source, maxSource)
	if q.Via == fact.ViaPublic && !strings.HasPrefix(q.Source, "https://") {
		faults.Add(fault.Invalid, "link_required", "source")
	}
	if q.Order == "" && q.Shopper == "" && q.Via != fact.ViaPublic {
		faults.Add(fault.Invalid, "field_required", "order")
	}
	return faults.Err()
}

// Ask opens a conversation. What was sent before under the key, or in the same
// words about the same order and still waits, is that conversation. The faults
// are not_found, conversations_waiting, link_required and those of the words.
func Ask(tx *flow.Tx, m ident.Merchant, q Question) (Conversation, error) {
	q.Words = text.Lines(q.Words)
	if err := q.check(); err != nil {
		return Conversation{}, err
	}
	if c, ok, err := byKey(tx.Tx, m, q.Key); err != nil || ok {
		return c, err
	}
	c, again, err := q.open(tx, m)
	if err != nil || again {
		return c, err
	}
	return c, c.insert(tx, m, q)
}

// open is the conversation that a question opens, or belongs to already.
func (q Question) open(tx *flow.Tx, m ident.Merchant) (c Conversation, again bool, err error) {
	w, err := here(tx.Tx, m)
	if err != nil {
		return c, false, err
	}
	c = Conversation{
		Key: q.Key, Order: q.Order, Shopper: q.Shopper, Via: q.Via, Locale: q.Locale, State: Waiting, Opened: tx.Now, Since: tx.Now,
	}
	if q.Via == fact.ViaPublic {
		c.Source = q.Source
	}
	c.Value.Currency = w.shop.Currency
	if err := c.belongs(tx.Tx, m); err != nil {
		return c, false, err
	}
	if c.Locale == "" {
		c.Locale = w.shop.Locale
	}
	if c.AnswerBy, err = w.due(tx.Now); err != nil {
		return c, false, err
	}
	before, ok, err := q.said(tx.Tx, m)
	if ok {
		return before, true, err
	}
	return c, false, err
}

// belongs reads whose order it is, or that the shopper is one.
func (c *Conversation) belongs(tx *db.Tx, m ident.Merchant) error {
	if c.Order == "" {
		if c.Shopper == "" {
			return nil
		}
		who, err := shopper.Get(tx, m, c.Shopper)
		if c.Locale == "" {
			c.Locale = who.Locale
		}
		return err
	}
	o, err := order.Get(tx, m, c.Order)
	if err != nil {
		return err
	}
	if c.Shopper != "" && c.Shopper != o.Shopper {
		return fault.New(fault.NotFound, "not_found", "order")
	}
	c.Shopper, c.Value = o.Shopper, o.Value
	if c.Locale == "" {
		c.Locale = o.Locale
	}
	return nil
}

// said finds the conversation about the order that waits on the very same words,
// and refuses one more when too many wait.
func (q Question) said(tx *db.Tx, m ident.Merchant) (c Conversation, same bool, err error) {
	if q.Order == "" {
		return c, false, nil
	}
	of, err := OfOrders(tx, m, []ident.Order{q.Order})
	if err != nil {
		return c, false, err
	}
	waiting := slices.DeleteFunc(of[q.Order], func(c Conversation) bool { return !c.Waits() })
	for _, c := range waiting {
		all, err := Thread(tx, m, c.ID)
		if err != nil {
			return c, false, err
		}
		if last := all[len(all)-1]; last.By == fact.ByShopper && last.Words == q.Words && q.Via != fact.ViaPublic {
			return c, true, nil
		}
	}
	if len(waiting) >= maxWaiting {
		return c, false, fault.New(fault.TooMany, "conversations_waiting", "order", "limit", maxWaiting)
	}
	return c, false, nil
}

// insert writes a conversation with its first message, and says so.
func (c *Conversation) insert(tx *flow.Tx, m ident.Merchant, q Question) error {
	c.ID, c.Question = ident.New[ident.Conversation](tx.Mint), ident.New[ident.Said](tx.Mint)
	if err := c.write(tx, m); err != nil {
		return err
	}
	s := Said{ID: c.Question, By: fact.ByShopper, Actor: tx.By(), Via: q.Via, Source: q.Source, Words: q.Words, Photos: q.Photos, At: tx.Now}
	if err := c.say(tx, m, s); err != nil {
		return err
	}
	return tx.Emit(m, c.subject(), string(c.ID), fact.DeskAsked{Talk: c.talk(), Question: c.Question, Via: c.Via, AnswerBy: c.AnswerBy})
}

// Further is a message that a shopper adds to a conversation.
type Further struct {
	Via    fact.Via
	Source string // of a mail: who sent it
	Words  string
	Photos []ident.Blob
	// Strange: it came from an address that is not the shopper's. It is kept and
	// shown to the desk; nobody acts on it, and it begins no wait.
	Strange bool
}

// Write adds a message of the shopper's. The first one after an answer begins a
// new wait, with a deadline of its own; those that follow move none. What repeats
// the last message says nothing new. The faults are not_found, conversation_full
// and those of the words.
func Write(tx *flow.Tx, m ident.Merchant, id ident.Conversation, f Further) (Conversation, error) {
	f.Words = text.Lines(f.Words)
	c, err := f.joins(tx.Tx, m, id)
	if err != nil {
		return c, err
	}
	all, err := Thread(tx.Tx, m, id)
	if err != nil {
		return c, err
	}
	by := fact.ByShopper
	if f.Strange {
		by = fact.ByUnknown
	}
	if last := all[len(all)-1]; last.By == by && last.Words == f.Words && len(f.Photos) == 0 {
		return c, nil
	}
	s := Said{
		ID: ident.New[ident.Said](tx.Mint), By: by, Actor: tx.By(), Via: f.Via, Source: f.Source, Words: f.Words, Photos: f.Photos, At: tx.Now,
	}
	if f.Strange {
		c.Strange = tx.Now
		return c, c.say(tx, m, s)
	}
	return c.further(tx, m, s)
}

// joins is the conversation that a message may be added to.
func (f Further) joins(tx *db.Tx, m ident.Merchant, id ident.Conversation) (Conversation, error) {
	var faults fault.List
	checkVia(&faults, f.Via)
	checkWords(&faults, f.Words, f.Photos)
	text.Check(&faults, "source", f.Source, maxSource)
	if err := faults.Err(); err != nil {
		return Conversation{}, err
	}
	c, err := Get(tx, m, id)
	if err == nil && c.said >= maxSaid {
		err = fault.New(fault.TooMany, "conversation_full", "conversation", "limit", maxSaid)
	}
	return c, err
}

// further begins a new wait where none runs.
func (c Conversation) further(tx *flow.Tx, m ident.Merchant, s Said) (Conversation, error) {
	began := !c.Waits()
	if began {
		due, err := Due(tx.Tx, m)
		if err != nil {
			return c, err
		}
		c.State, c.Question, c.Since, c.AnswerBy = Waiting, s.ID, tx.Now, due
	}
	if err := c.say(tx, m, s); err != nil {
		return c, err
	}
	return c, tx.Emit(m, c.subject(), string(s.ID), fact.DeskWritten{
		Talk: c.talk(), Said: s.ID, Via: s.Via, Began: began, AnswerBy: c.AnswerBy,
	})
}

// Mail is a letter that answers one of ours.
type Mail struct {
	Key     string // its own id: what is delivered twice is read once
	Order   ident.Order
	Shopper ident.Shopper // to whom the message went that it answers
	Sender  string        // the address it came from
	Known   bool          // that is the shopper's own
	Words   string
	Photos  []ident.Blob
}

// Receive takes a letter in: as a further message of the last conversation about
// its order that is not closed, or else as a new one. One from an address that is
// not the shopper's is kept for the desk to see, and begins nothing: ok is false
// where there was no conversation to keep it in.
func Receive(tx *flow.Tx, m ident.Merchant, l Mail) (c Conversation, ok bool, err error) {
	if c, ok, err := byKey(tx.Tx, m, l.Key); err != nil || ok {
		return c, ok, err
	}
	all, err := l.before(tx.Tx, m)
	if err != nil {
		return c, false, err
	}
	for _, c := range slices.Backward(all) {
		if c.State != Closed || !l.Known {
			c, err := Write(tx, m, c.ID, Further{Via: fact.ViaMail, Source: l.Sender, Words: l.Words, Photos: l.Photos, Strange: !l.Known})
			return c, err == nil, err
		}
	}
	if !l.Known {
		return c, false, nil
	}
	c, err = Ask(tx, m, Question{Key: l.Key, Order: l.Order, Shopper: l.Shopper, Via: fact.ViaMail, Source: l.Sender, Words: l.Words, Photos: l.Photos})
	return c, err == nil, err
}

// before are the conversations that a letter may belong to, the oldest first.
func (l Mail) before(tx *db.Tx, m ident.Merchant) ([]Conversation, error) {
	if l.Order == "" {
		return OfShopper(tx, m, l.Shopper, maxWaiting)
	}
	of, err := OfOrders(tx, m, []ident.Order{l.Order})
	return of[l.Order], err
}
