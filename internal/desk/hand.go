package desk

import (
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	sqlHand = `update desk_conversation set network = $4, handed_at = $5 where merchant = $1 and id = $2 and network = $3`

	sqlHanded = `-- across merchants: what was handed to a network's desk, of those who grant it answer_desk
		select merchant, id from desk_conversation
		where network = $1 and network <> '' and merchant in ($2) and state = 'waiting' order by answer_by, id limit $3`
	sqlHandedAll = `-- across merchants: what was handed to a network's desk, of those who grant it answer_desk
		select merchant, id from desk_conversation
		where network = $1 and network <> '' and merchant in ($2) order by id desc limit $3`
)

// Hand gives a conversation to the desk of a network, which reads all of it and
// answers in the shop's name. Its deadline stays what the shopper was shown. Handing
// it there again changes nothing. The faults are not_found, handover_not_granted and
// conversation_over.
func Hand(tx *flow.Tx, m ident.Merchant, id ident.Conversation, to ident.Merchant, by ident.Staff) (Conversation, error) {
	c, err := Get(tx.Tx, m, id)
	if err != nil || c.Network == to {
		return c, err
	}
	if c.State == Closed {
		return c, fault.New(fault.Conflict, "conversation_over", "conversation")
	}
	if err := granted(tx.Tx, m, to); err != nil {
		return c, err
	}
	return c.hand(tx, m, to, by)
}

// TakeBack gives a conversation back to the shop's own desk. The shop may at any
// time, and so may the network it was handed to. The fault is not_found.
func TakeBack(tx *flow.Tx, m ident.Merchant, id ident.Conversation, by ident.Staff) (Conversation, error) {
	c, err := Get(tx.Tx, m, id)
	if err != nil || c.Network == "" {
		return c, err
	}
	return c.hand(tx, m, "", by)
}

// hand has another desk answer from now on.
func (c Conversation) hand(tx *flow.Tx, m, to ident.Merchant, by ident.Staff) (Conversation, error) {
	told := fact.DeskHanded{Talk: c.talk(), Network: to, By: by}
	was := c.Network
	c.Network, c.Handed = to, tx.Now
	if to == "" {
		told.Network, told.Back, c.Handed = was, true, 0
	}
	since := any(nil)
	if to != "" {
		since = tx.Now
	}
	done, err := tx.Changed(sqlHand, m, c.ID, was, to, since)
	if err != nil {
		return c, err
	}
	if !done {
		return c, fault.New(fault.Conflict, "conversation_moved", "conversation")
	}
	occurrence := string(c.ID) + "/" + string(ident.New[ident.Fact](tx.Mint))
	return c, tx.Emit(m, c.subject(), occurrence, told)
}

// granted refuses a network to which the shop gave no right to answer.
func granted(tx *db.Tx, m, network ident.Merchant) error {
	all, err := merchant.Grantees(tx, m, merchant.AnswerFor)
	if err == nil && !slices.Contains(all, network) {
		err = fault.New(fault.Forbidden, "handover_not_granted", "network", "scope", string(merchant.AnswerFor))
	}
	return err
}

// handedTo refuses a network that a conversation was not handed to, or whose right
// was taken back. To it, the conversation does not exist.
func (c Conversation) handedTo(tx *db.Tx, m, network ident.Merchant) error {
	if c.Network != network || network == "" {
		return fault.New(fault.NotFound, "not_found", "conversation")
	}
	err := granted(tx, m, network)
	if fault.Is(err, "handover_not_granted") {
		err = fault.New(fault.NotFound, "not_found", "conversation")
	}
	return err
}

// Handed is a conversation in the hands of a network's desk.
type Handed struct {
	Of ident.Merchant // the shop
	Conversation
}

// HandedOver reads a conversation that was handed to a network. The fault is
// not_found, also for one that was not, and where the shop took its grant back.
func HandedOver(tx *db.Tx, network, m ident.Merchant, id ident.Conversation) (Conversation, error) {
	c, err := Get(tx, m, id)
	if err != nil {
		return c, err
	}
	return c, c.handedTo(tx, m, network)
}

// HandedQueue reads what was handed to a network's desk: what waits, the next
// deadline first; or all of it, the newest first.
func HandedQueue(tx *db.Tx, network ident.Merchant, all bool, limit int) (out []Handed, err error) {
	shops, err := merchant.Grantors(tx, network, merchant.AnswerFor)
	if err != nil || len(shops) == 0 {
		return nil, err
	}
	query := sqlHanded
	if all {
		query = sqlHandedAll
	}
	found, err := db.All(tx, query, scanHanded, network, db.In(shops), limit)
	if err != nil {
		return nil, err
	}
	for _, h := range found {
		if h.Conversation, err = Get(tx, h.Of, h.ID); err != nil {
			return nil, err
		}
		out = append(out, h)
	}
	return out, nil
}

func scanHanded(r db.Row) (h Handed, err error) {
	err = r.Scan(&h.Of, &h.ID)
	return h, err
}

// Voice is who of the shop's side said something.
type Voice struct {
	Name  string // of the person
	House string // of the network they work for; empty: the shop
}

// Voices are the people who answered in a conversation, those of a network with its
// name.
func Voices(tx *db.Tx, m ident.Merchant, said []Said) (map[ident.Staff]Voice, error) {
	of, voices := map[ident.Merchant][]ident.Staff{}, map[ident.Staff]Voice{}
	for _, s := range said {
		if id, is := strings.CutPrefix(string(s.Actor), "staff:"); is {
			house := m
			if s.House != "" {
				house = s.House
			}
			of[house] = append(of[house], ident.Staff(id))
		}
	}
	for house, ids := range of {
		people, err := merchant.Colleagues(tx, house, ids)
		if err != nil {
			return nil, err
		}
		name := ""
		if house != m {
			org, err := merchant.Get(tx, house)
			if err != nil {
				return nil, err
			}
			name = org.Name
		}
		for id, p := range people {
			voices[id] = Voice{p.Name, name}
		}
	}
	return voices, nil
}
