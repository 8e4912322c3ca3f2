package letters_test

import (
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/survey"
)

// asked writes to the shop about an order, or about none.
func (s *shop) asked(o ident.Order, words string) (c desk.Conversation) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) (err error) {
		q := desk.Question{Key: ident.Hash(words), Order: o, Via: fact.ViaPage, Words: words}
		if o == "" {
			q.Shopper, q.Via = s.camille, fact.ViaMail
		}
		c, err = desk.Ask(tx, s.m, q)
		return err
	})
	s.Quiet()
	return c
}

// correspond is a question with its answer, and the two questions of ours.
func (s *shop) correspond() {
	s.T.Helper()
	s.Watch(survey.Moments())
	o, _ := s.had("6A950")
	c := s.asked(o, "Où est la facture ?")
	nadia := s.staff("nadia")
	s.by(nadia, func(tx *flow.Tx) error {
		_, err := desk.Answer(tx, s.m, c.ID, desk.Answering{By: nadia, Words: "La voici."})
		return err
	})
	s.Pass(5 * 24 * time.Hour)
	s.Quiet()
}

func TestALetterAboutNoOrderLeadsToNoPage(t *testing.T) {
	s := newShop(t, lang.French)
	s.asked("", "Livrez-vous en Corse ?\nEt <b>quand</b> ?")
	if len(s.mail) != 1 {
		t.Fatalf("%d letters", len(s.mail))
	}
	l := s.mail[0]
	if strings.Contains(l.Text, secret) || !strings.Contains(l.Text, "Livrez-vous en Corse ?\n\nEt <b>quand</b> ?") || strings.Contains(l.HTML, "<b>quand") {
		t.Errorf("%s\n%s", l.Text, l.HTML)
	}
}

func TestALateAnswerSaysThatItIs(t *testing.T) {
	s := newShop(t, lang.French)
	c := s.asked("", "Livrez-vous en Corse ?")
	nadia := s.staff("nadia")
	s.Pass(4 * 24 * time.Hour)
	s.Quiet()
	s.by(nadia, func(tx *flow.Tx) error {
		_, err := desk.Answer(tx, s.m, c.ID, desk.Answering{By: nadia, Words: "Oui."})
		return err
	})
	if last := s.mail[len(s.mail)-1].Text; !strings.Contains(last, "nadia (") || !strings.Contains(last, "Elle vient trop tard") {
		t.Errorf("%s", last)
	}
}
