package letters_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
)

// complain claims about an order that came, and has somebody decide.
func (s *shop) complain(d desk.Decision) (c desk.Claim) {
	s.T.Helper()
	o, _ := s.had("6A960")
	s.Do(s.m, func(tx *flow.Tx) (err error) {
		c, err = desk.Raise(tx, s.m, desk.Raising{Key: ident.Hash(string(o))[:40], Order: o, What: fact.ClaimNotReceived, Via: fact.ViaPage, Words: "Rien reçu."})
		return err
	})
	s.Quiet()
	olga := s.staff("olga")
	d.By = olga
	s.by(olga, func(tx *flow.Tx) error {
		_, err := desk.Decide(tx, s.m, c.ID, d)
		return err
	})
	s.Quiet()
	return c
}

// lastAbout is the last letter whose subject holds some words.
func (s *shop) lastAbout(t *testing.T, words string) string {
	t.Helper()
	for _, l := range slices.Backward(s.mail) {
		if strings.Contains(l.Subject, words) {
			return l.Text
		}
	}
	t.Fatalf("no letter says %q", words)
	return ""
}

func TestARefusalNamesTheMediatorAndTheWayToContest(t *testing.T) {
	s := newShop(t, lang.French)
	s.Do(s.m, func(tx *flow.Tx) error {
		c := returns.DefaultConditions()
		c.Mediator = "Médiation du commerce, mediation.example"
		return returns.SetConditions(tx, s.m, c)
	})
	claim := s.complain(desk.Decision{Outcome: fact.Refused, Words: "La photo montre votre porte."})
	copied := s.lastAbout(t, "a reçu votre réclamation")
	if !strings.Contains(copied, "Rien reçu.") || !strings.Contains(copied, "au plus tard") {
		t.Error(copied)
	}
	refused := s.lastAbout(t, "la décision sur votre réclamation")
	for _, want := range []string{"La photo montre votre porte.", "Médiation du commerce, mediation.example", "une seconde personne", "/reclamation/" + string(claim.ID)} {
		if !strings.Contains(refused, want) {
			t.Errorf("the refusal does not say %q:\n%s", want, refused)
		}
	}
	if strings.Contains(refused, notify.PageMark) {
		t.Error("the address of the page was not filled in")
	}
}
