package desk_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// network is a network's desk, with one person.
type network struct {
	id    ident.Merchant
	louis ident.Staff
}

func (s *shop) network() (n network) {
	s.t.Helper()
	err := s.Write(context.Background(), "test", nil, func(tx *flow.Tx) error {
		o, err := merchant.Create(tx, merchant.NewOrganisation{
			Kind: merchant.Network, Name: "Réseau Proche", Country: "FR", Zone: "Europe/Paris", Locale: lang.French, Currency: money.EUR,
		})
		n.id = o.ID
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.Do(n.id, func(tx *flow.Tx) error {
		louis, err := merchant.Hire(tx, n.id, merchant.NewStaff{Email: "louis@reseau.example", Name: "Louis", Set: merchant.Owner})
		n.louis = louis.ID
		return err
	})
	return n
}

func (s *shop) grants(to ident.Merchant) (id ident.Grant) {
	s.t.Helper()
	s.Do(s.m, func(tx *flow.Tx) (err error) {
		id, err = merchant.Grant(tx, s.m, to, merchant.AnswerFor)
		return err
	})
	return id
}

func (s *shop) hands(id ident.Conversation, to ident.Merchant) error {
	_, err := s.try(func(tx *flow.Tx) (desk.Conversation, error) { return desk.Hand(tx, s.m, id, to, s.nadia) })
	return err
}

func (s *shop) lent(n network, id ident.Conversation, words string) (desk.Conversation, error) {
	return s.try(func(tx *flow.Tx) (desk.Conversation, error) {
		return desk.Answer(tx, s.m, id, desk.Answering{By: n.louis, House: n.id, Words: words})
	})
}

// sees lists what a network's desk has in its queue, and whether it can read one.
func (s *shop) sees(n network, id ident.Conversation) (queue []ident.Conversation, err error) {
	s.t.Helper()
	s.See(func(tx *db.Tx) error {
		all, failed := desk.HandedQueue(tx, n.id, false, 10)
		for _, h := range all {
			queue = append(queue, h.ID)
		}
		_, err = desk.HandedOver(tx, n.id, s.m, id)
		return failed
	})
	return queue, err
}

func TestAConversationIsHandedOnlyWhereItWasGranted(t *testing.T) {
	s := open(t)
	n, other := s.network(), s.network()
	c, kept := s.asks("Où est mon colis ?"), s.asks("Et ma facture ?")
	if err := s.hands(c.ID, n.id); !fault.Is(err, "handover_not_granted") {
		t.Fatalf("without a grant: %v", err)
	}
	grant := s.grants(n.id)
	if err := s.hands(c.ID, other.id); !fault.Is(err, "handover_not_granted") {
		t.Errorf("to another network: %v", err)
	}
	if _, err := s.lent(n, c.ID, "Demain."); !fault.Is(err, "not_found") {
		t.Errorf("answered before it was handed over: %v", err)
	}
	for range 2 {
		if err := s.hands(c.ID, n.id); err != nil {
			t.Fatal(err)
		}
	}
	queue, err := s.sees(n, c.ID)
	if d := cmp.Diff([]ident.Conversation{c.ID}, queue); d != "" || err != nil {
		t.Errorf("%v %s", err, d)
	}
	if _, err := s.sees(n, kept.ID); !fault.Is(err, "not_found") {
		t.Errorf("what was not handed over: %v", err)
	}
	if queue, err := s.sees(other, c.ID); len(queue) != 0 || !fault.Is(err, "not_found") {
		t.Errorf("another network: %v, %v", queue, err)
	}
	if _, err := s.lent(other, c.ID, "Demain."); !fault.Is(err, "not_found") {
		t.Errorf("answered by another network: %v", err)
	}
	if _, err := s.try(func(tx *flow.Tx) (desk.Conversation, error) {
		return desk.Answer(tx, s.m, c.ID, desk.Answering{By: s.nadia, House: n.id, Words: "Demain."})
	}); !fault.Is(err, "not_a_person") {
		t.Errorf("by somebody who does not work there: %v", err)
	}

	s.Do(s.m, func(tx *flow.Tx) error { return merchant.RevokeGrant(tx, s.m, grant) })
	if queue, err := s.sees(n, c.ID); len(queue) != 0 || !fault.Is(err, "not_found") {
		t.Errorf("after the grant was taken back: %v, %v", queue, err)
	}
	if _, err := s.lent(n, c.ID, "Demain."); !fault.Is(err, "not_found") {
		t.Errorf("answered after that: %v", err)
	}
	if got, err := s.answers(c.ID, "Demain."); err != nil || got.State != desk.Answered {
		t.Errorf("the shop itself: %+v, %v", got, err)
	}
}

func TestANetworkAnswersInTheShopsNameByTheHourThatWasShown(t *testing.T) {
	s := open(t)
	n := s.network()
	s.grants(n.id)
	c := s.asks("Où est mon colis ?")
	if err := s.hands(c.ID, n.id); err != nil {
		t.Fatal(err)
	}
	got, err := s.lent(n, c.ID, "Il arrive demain.")
	if err != nil || got.State != desk.Answered || got.AnswerBy != c.AnswerBy || got.Network != n.id {
		t.Fatalf("%+v, %v", got, err)
	}
	s.See(func(tx *db.Tx) error {
		said, err := desk.Thread(tx, s.m, c.ID)
		if err != nil {
			return err
		}
		voices, err := desk.Voices(tx, s.m, said)
		if d := cmp.Diff(map[ident.Staff]desk.Voice{n.louis: {Name: "Louis", House: "Réseau Proche"}}, voices); d != "" {
			t.Error(d)
		}
		return err
	})
	for range 2 {
		if _, err := s.try(func(tx *flow.Tx) (desk.Conversation, error) { return desk.TakeBack(tx, s.m, c.ID, n.louis) }); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.sees(n, c.ID); !fault.Is(err, "not_found") {
		t.Errorf("given back, and still read: %v", err)
	}
	var handed []fact.DeskHanded
	s.See(func(tx *db.Tx) error {
		facts, err := flow.Timeline(tx, s.m, string(s.order))
		for _, f := range facts {
			if b, is := f.Body.(fact.DeskHanded); is {
				handed = append(handed, b)
			}
		}
		return err
	})
	if len(handed) != 2 || handed[0].Back || handed[0].By != s.nadia || !handed[1].Back || handed[1].By != n.louis || handed[1].Network != n.id {
		t.Errorf("%+v", handed)
	}
	s.answers(c.ID, "Voilà.")
	if _, err := s.try(func(tx *flow.Tx) (desk.Conversation, error) { return desk.Close(tx, s.m, c.ID, fact.ByMerchant) }); err != nil {
		t.Fatal(err)
	}
	if err := s.hands(c.ID, n.id); !fault.Is(err, "conversation_over") {
		t.Errorf("closed: %v", err)
	}
}
