package letters_test

import (
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/letters"
)

// confirmation is the words of the shop for the letter that confirms an order.
func confirmation(subject, body string) notify.Template {
	return notify.Template{
		Form: notify.Form{Topic: fact.TopicConfirmed, Channel: notify.Email, Locale: lang.French}, Host: "shop.test",
		Subject: subject, Body: body + "\n{{promise}}\n{{details}}\n{{button}}", Button: "Suivre",
	}
}

func (s *shop) writes(x notify.Template) (kept notify.Template) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) (err error) {
		kept, err = letters.Keep(tx, s.m, x)
		return err
	})
	return kept
}

// buys places an order, and answers the letter and the message that confirm it.
func (s *shop) buys() (notify.Letter, notify.Message) {
	s.T.Helper()
	s.mail = nil
	o, _ := s.order(by(s, "2026-11-26 00:00"))
	s.Quiet()
	var msg notify.Message
	s.See(func(tx *db.Tx) error {
		of, err := notify.OfOrders(tx, s.m, []ident.Order{o})
		if len(of[o]) != 1 || len(s.mail) != 1 {
			s.T.Fatalf("%d messages, %d letters", len(of[o]), len(s.mail))
		}
		msg = of[o][0]
		return err
	})
	return s.mail[0], msg
}

// A shop writes in its own words, changes them, and takes ours back. Each letter
// names the version that wrote it.
func TestAShopWritesInItsOwnWords(t *testing.T) {
	s := newShop(t, lang.French)
	s.At("2026-11-24 09:00")
	ours, plain := s.buys()
	if plain.Template != "" || ours.Subject != "Commande E-1\u00a0: confirmée" {
		t.Errorf("%q by %q", ours.Subject, plain.Template)
	}
	first := s.writes(confirmation("Merci pour {{order}}", "Merci {{name}} !"))
	l, msg := s.buys()
	if l.Subject != "Merci pour E-2" || msg.Template != first.ID || !strings.Contains(l.HTML, "Merci Camille &lt;3 !") || !strings.Contains(l.Text, secret) {
		t.Errorf("%q by %q:\n%s", l.Subject, msg.Template, l.Text)
	}
	again := s.writes(confirmation("Merci pour {{order}}", "Merci {{name}} !"))
	if again.ID != first.ID {
		t.Error("the same words were written twice")
	}
	second := s.writes(confirmation("{{order}}, c'est noté", "Merci !"))
	if l, msg = s.buys(); l.Subject != "E-3, c'est noté" || msg.Template != second.ID || second.ID == first.ID {
		t.Errorf("%q by %q", l.Subject, msg.Template)
	}
	back := second
	back.Standard = true
	s.writes(back)
	if l, msg = s.buys(); l.Subject != "Commande E-4\u00a0: confirmée" || msg.Template != "" {
		t.Errorf("%q by %q", l.Subject, msg.Template)
	}
	s.See(func(tx *db.Tx) error {
		all, err := notify.TemplateHistory(tx, s.m, second.Form)
		if len(all) != 3 || !all[0].Standard || all[1].ID != second.ID || all[2].ID != first.ID || all[0].By == "" {
			t.Errorf("%+v", all)
		}
		return err
	})
}

// What the words can not write leaves in ours, and somebody is told.
func TestWordsThatFailLoseNoLetter(t *testing.T) {
	s := newShop(t, lang.French)
	s.At("2026-11-24 09:00")
	kept := s.writes(confirmation("Bonjour", "Voir boutique.{{name}}"))
	s.renamed("com")
	l, msg := s.buys()
	if l.Subject != "Commande E-1\u00a0: confirmée" || msg.State != notify.Sent || msg.Template != kept.ID || msg.Failure != "template_joined" {
		t.Errorf("%q, %s by %q: %s", l.Subject, msg.State, msg.Template, msg.Failure)
	}
	s.See(func(tx *db.Tx) error {
		n, err := notify.Unwritten(tx, s.m)
		x, own, wrong := notify.TemplateOf(tx, s.m, kept.Form)
		if n != 1 || !own || x.Failures != 1 || x.Failure != "template_joined" || x.Failed != tx.Now || wrong != nil {
			t.Errorf("%d unwritten, %+v", n, x)
		}
		return err
	})
	s.renamed("Camille")
	if l, _ := s.buys(); l.Subject != "Bonjour" {
		t.Errorf("it fails still: %q", l.Subject)
	}
}

// renamed gives the customer another name.
func (s *shop) renamed(name string) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		_, err := shopper.Register(tx, s.m, shopper.NewShopper{Email: s.mailbox(), Name: name, Locale: s.loc})
		return err
	})
}

// Words that only an example shows to be too long are not kept.
func TestWordsAreTriedBeforeTheyAreKept(t *testing.T) {
	s := newShop(t, lang.French)
	long := notify.Template{Form: notify.Form{Topic: fact.TopicShipped, Channel: notify.SMS, Locale: lang.French}, Body: "{{shop}} {{link}} " + strings.Repeat("🎁", 140)}
	err := s.Try(s.m, func(tx *flow.Tx) error {
		_, err := letters.Keep(tx, s.m, long)
		return err
	})
	if all := fault.All(err); len(all) != 1 || all[0].Code != "template_pieces" {
		t.Errorf("%v", err)
	}
	s.See(func(tx *db.Tx) error {
		all, err := notify.Templates(tx, s.m)
		if len(all) > 0 {
			t.Errorf("kept: %+v", all)
		}
		return err
	})
}

// Codes and links are notes of their own: they leave in the shop's words too, and are
// not kept in the log of messages.
func TestANoteInTheShopsWords(t *testing.T) {
	s := newShop(t, lang.French)
	x := notify.Template{
		Form: notify.Form{Topic: fact.TopicLink, Channel: notify.Email, Locale: lang.French},
		Body: "Bonjour.\n{{promise}}\n{{message}}\n{{button}}", Subject: "Le lien de {{shop}}", Button: "Ouvrir",
	}
	kept := s.writes(x)
	s.Do(s.m, func(tx *flow.Tx) error {
		l, err := letters.Invite(tx.Tx, s.m, s.camille, "https://shop.test/lien/x")
		if l.Subject != "Le lien de Épicerie & Cie" || l.Template != kept.ID || !strings.Contains(l.Text, "https://shop.test/lien/x") {
			t.Errorf("%+v", l)
		}
		return err
	})
}
