package shopper_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/survey"
)

// opinion is the last answer about the delivery.
func (b bought) opinion() (a survey.Answer) {
	b.t.Helper()
	b.See(func(tx *db.Tx) (err error) {
		a, _, err = survey.LastAnswer(tx, b.ID, b.id(), fact.AfterDelivery)
		return err
	})
	return a
}

func TestTheTwoQuestions(t *testing.T) {
	b := buys(t)
	if main := b.get("/avis").One("main"); !strings.Contains(main, "Il n'y a encore rien à noter") {
		t.Errorf("%s", main)
	}
	b.arrives()
	page := b.get("/avis?note=2")
	if !strings.Contains(page.One("main"), "Était-ce facile de recevoir la commande E-1") || !slices.Contains(page.Attributes("form", "data-tapped"), "yes") {
		t.Errorf("%s", page.One("main"))
	}
	if b.opinion().Version > 0 {
		t.Error("opening a link of the letter scored something: programs open links too")
	}
	if a := b.post("/avis", url.Values{"note": {"2"}}); a.Status != 303 || b.opinion().Score != 2 || len(b.talks()) > 0 {
		t.Errorf("one tap: %d, %+v, %v", a.Status, b.opinion(), b.talks())
	}
	if a := b.post("/avis", url.Values{"note": {"2"}, "words": {"Personne n'a sonné.\r\nPersonne."}}); a.Status != 303 {
		t.Errorf("%d %s", a.Status, a.One("main"))
	}
	talks := b.talks()
	if len(talks) != 1 || talks[0].Via != fact.ViaSurvey || !talks[0].Waits() {
		t.Fatalf("a bad score with words asks for a person: %+v", talks)
	}
	main := b.get("/avis")
	if !strings.Contains(main.One("main"), "Merci : c'est noté, 2 sur 5") || !strings.Contains(main.One("main"), "une personne vous répond au plus tard mardi 3 mars avant 14:00") {
		t.Errorf("%s", main.One("main"))
	}
	if !slices.Contains(main.Attributes("a", "href"), "ecrire/"+string(talks[0].ID)) {
		t.Errorf("%q", main.Attributes("a", "href"))
	}
	if a := b.post("/avis", url.Values{"note": {"5"}, "words": {"Finalement trouvé."}}); a.Status != 303 || b.opinion().Version != 3 || len(b.talks()) != 1 {
		t.Errorf("second thoughts: %d, %+v", a.Status, b.opinion())
	}
}

func TestScoresThatAreNone(t *testing.T) {
	b := buys(t).arrives()
	for _, c := range []struct{ note, words string }{
		{"", "Bof"}, {"0", ""}, {"6", ""}, {"-1", ""}, {"cinq", ""}, {"3", strings.Repeat("é", survey.MaxWords+1)},
	} {
		if a := b.post("/avis", url.Values{"note": {c.note}, "words": {c.words}}); a.Status != 422 || c.words != "" && a.One("textarea") != c.words {
			t.Errorf("%q: %d %s", c.note, a.Status, a.One(".errors"))
		}
	}
	for _, note := range []string{"99", "x", "-1", "%3Cscript%3E"} {
		if page := b.get("/avis?note=" + note); len(page.Attributes("form", "data-tapped")) > 0 && page.Attributes("form", "data-tapped")[0] != "" {
			t.Errorf("note=%s counts as tapped", note)
		}
	}
	if b.opinion().Version > 0 {
		t.Errorf("%+v", b.opinion())
	}
}

// A bad score adds no eleventh question to ten that wait already.
func TestABadScoreBesideManyQuestions(t *testing.T) {
	b := buys(t).arrives()
	for _, w := range strings.Split("abcdefghij", "") {
		b.writes("Question " + w)
	}
	if a := b.post("/avis", url.Values{"note": {"1"}, "words": {"Toujours rien."}}); a.Status != 303 || b.opinion().Score != 1 {
		t.Errorf("%d %s", a.Status, a.One("main"))
	}
	if n := len(b.talks()); n != 10 || b.talks()[0].State != desk.Waiting {
		t.Errorf("%d conversations", n)
	}
}
