package desk_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// shop is a shop of clothes whose desk keeps the default hours, in a world where
// it is Monday 2 March 2026, 09:00 in Paris.
type shop struct {
	*flowtest.World
	t       testing.TB
	m       ident.Merchant
	nadia   ident.Staff
	camille ident.Shopper
	order   ident.Order
}

func open(t testing.TB) *shop {
	t.Helper()
	s := &shop{World: flowtest.New(t, order.Reactions()...), t: t}
	err := s.Write(context.Background(), "test", nil, func(tx *flow.Tx) error {
		o, err := merchant.Create(tx, merchant.NewOrganisation{
			Kind: merchant.Merchant, Name: "Au Fil", Country: "FR", Zone: "Europe/Paris", Locale: lang.French, Currency: money.EUR,
		})
		s.m = o.ID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Do(s.m, func(tx *flow.Tx) error {
		if _, err := merchant.Hire(tx, s.m, merchant.NewStaff{Email: "boss@example.com", Name: "Bo", Set: merchant.Owner}); err != nil {
			return err
		}
		nadia, err := merchant.Hire(tx, s.m, merchant.NewStaff{Email: "nadia@example.com", Name: "Nadia", Set: merchant.Agent})
		if err != nil {
			return err
		}
		s.nadia = nadia.ID
		s.camille, err = shopper.Register(tx, s.m, shopper.NewShopper{Email: "camille@example.com", Name: "Camille", Locale: lang.French})
		return err
	})
	s.order = s.buys("E-1", 3500)
	return s
}

func (s *shop) buys(reference string, value int64) (id ident.Order) {
	s.t.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		o, _, err := order.Place(tx, s.m, order.New{
			Reference: reference, Shopper: s.camille, Locale: lang.French, Currency: money.EUR, DeliveryFee: money.Of(0, money.EUR),
			Lines: []order.Line{{SKU: "R", Name: "Robe", Units: 1, Unit: money.Of(value, money.EUR), Grams: 100}},
			Ship:  order.Address{Name: "Camille", Street: "1 rue Neuve", City: "Lyon", Postcode: "69003", Country: "FR"},
		})
		id = o.ID
		return err
	})
	return id
}

func (s *shop) try(verb func(*flow.Tx) (desk.Conversation, error)) (c desk.Conversation, err error) {
	err = s.Try(s.m, func(tx *flow.Tx) error {
		c, err = verb(tx)
		return err
	})
	return c, err
}

func (s *shop) asks(words string) desk.Conversation {
	s.t.Helper()
	c, err := s.try(func(tx *flow.Tx) (desk.Conversation, error) {
		return desk.Ask(tx, s.m, desk.Question{Key: ident.Hash(string(s.order) + words), Order: s.order, Via: fact.ViaPage, Words: words})
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func (s *shop) writes(id ident.Conversation, words string) (desk.Conversation, error) {
	return s.try(func(tx *flow.Tx) (desk.Conversation, error) {
		return desk.Write(tx, s.m, id, desk.Further{Via: fact.ViaPage, Words: words})
	})
}

func (s *shop) answers(id ident.Conversation, words string) (desk.Conversation, error) {
	return s.try(func(tx *flow.Tx) (desk.Conversation, error) {
		return desk.Answer(tx, s.m, id, desk.Answering{By: s.nadia, Words: words})
	})
}

// told are the facts of the desk about the order, with what matters of each.
func (s *shop) told() (all []string) {
	s.t.Helper()
	s.See(func(tx *db.Tx) error {
		facts, err := flow.Timeline(tx, s.m, string(s.order))
		for _, f := range facts {
			switch b := f.Body.(type) {
			case fact.DeskAsked:
				all = append(all, fmt.Sprintf("asked by %s until %s", b.Via, clock(b.AnswerBy)))
			case fact.DeskWritten:
				all = append(all, fmt.Sprintf("written began %v until %s", b.Began, clock(b.AnswerBy)))
			case fact.DeskAnswered:
				all = append(all, fmt.Sprintf("answered in time %v waited %v", b.InTime, b.Question != ""))
			case fact.DeskClosed:
				all = append(all, fmt.Sprintf("closed by %s waited %v", b.By, b.Question != ""))
			}
		}
		return err
	})
	return all
}

func clock(at civil.Instant) string { return at.In(flowtest.Paris).Format("01-02 15:04") }

func (s *shop) mustTell(want ...string) {
	s.t.Helper()
	if got := s.told(); !slices.Equal(got, want) {
		s.t.Errorf("told\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func (s *shop) mustBreak(err error, code string) {
	s.t.Helper()
	if all := fault.All(err); len(all) != 1 || all[0].Code != code {
		s.t.Errorf("got %v, want %s", err, code)
	}
}

func TestAQuestionIsAnsweredByAPersonInOpeningHours(t *testing.T) {
	s := open(t)
	s.At("2026-03-06 17:30") // Friday
	c := s.asks("Bonjour,\r\nma robe arrive quand ?")
	if c.Shopper != s.camille || c.Value != money.Of(3500, money.EUR) || c.Locale != lang.French || !c.Waits() {
		t.Errorf("%+v", c)
	}
	s.At("2026-03-09 16:29")
	a, err := s.answers(c.ID, "Demain matin, promis.")
	if err != nil || a.State != desk.Answered {
		t.Fatal(a, err)
	}
	s.mustTell("asked by page until 03-09 16:30", "answered in time true waited true")
	s.See(func(tx *db.Tx) error {
		all, err := desk.Thread(tx, s.m, c.ID)
		if err != nil || len(all) != 2 || all[0].Words != "Bonjour,\nma robe arrive quand ?" || all[1].Actor != flow.ByStaff(s.nadia) || all[1].By != fact.ByMerchant {
			t.Errorf("%+v", all)
		}
		return err
	})
}

func TestWhatIsAddedMovesNoDeadlineAndWhatFollowsAnAnswerHasItsOwn(t *testing.T) {
	s := open(t)
	c := s.asks("Où est ma robe ?")
	s.At("2026-03-02 12:00")
	if _, err := s.writes(c.ID, "C'est pour ce soir."); err != nil {
		t.Fatal(err)
	}
	s.At("2026-03-02 17:01")
	if _, err := s.answers(c.ID, "Elle part aujourd'hui."); err != nil {
		t.Fatal(err)
	}
	if _, err := s.writes(c.ID, "Merci, et la ceinture ?"); err != nil {
		t.Fatal(err)
	}
	s.mustTell("asked by page until 03-02 17:00", "written began false until 03-02 17:00", "answered in time false waited true", "written began true until 03-03 16:01")
}

func TestTheSameWordsTwiceAreSaidOnce(t *testing.T) {
	s := open(t)
	first := s.asks("Où est ma robe ?")
	if again := s.asks("Où est ma robe ?"); again.ID != first.ID {
		t.Error("the same form opened two conversations")
	}
	tab, err := s.try(func(tx *flow.Tx) (desk.Conversation, error) {
		return desk.Ask(tx, s.m, desk.Question{Key: "another tab", Order: s.order, Via: fact.ViaPage, Words: "Où est ma robe ?"})
	})
	if err != nil || tab.ID != first.ID {
		t.Error("two tabs opened two conversations", err)
	}
	for range 2 {
		if _, err := s.answers(first.ID, "Demain."); err != nil {
			t.Fatal(err)
		}
		if _, err := s.writes(first.ID, "Merci !"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.writes(first.ID, "Merci !"); err != nil {
			t.Fatal(err)
		}
	}
	s.mustTell("asked by page until 03-02 17:00", "answered in time true waited true", "written began true until 03-02 17:00", "answered in time true waited true", "written began true until 03-02 17:00")
}

func TestOnlyTheShopperNeedsNoAnswer(t *testing.T) {
	s := open(t)
	c := s.asks("Où est ma robe ?")
	end := func(by fact.Party) error {
		_, err := s.try(func(tx *flow.Tx) (desk.Conversation, error) { return desk.Close(tx, s.m, c.ID, by) })
		return err
	}
	s.mustBreak(end(fact.ByMerchant), "conversation_waits")
	for range 2 {
		if err := end(fact.ByShopper); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.writes(c.ID, "En fait si."); err != nil {
		t.Fatal(err)
	}
	if _, err := s.answers(c.ID, "Nous y sommes."); err != nil {
		t.Fatal(err)
	}
	if err := end(fact.ByMerchant); err != nil {
		t.Fatal(err)
	}
	s.mustTell("asked by page until 03-02 17:00", "closed by shopper waited true", "written began true until 03-02 17:00", "answered in time true waited true", "closed by merchant waited false")
}

func TestWhatCanNotBeAsked(t *testing.T) {
	s := open(t)
	good := desk.Question{Key: "k", Order: s.order, Via: fact.ViaPage, Words: "Où est ma robe ?"}
	for _, c := range []struct {
		what string
		bad  func(*desk.Question)
		code string
	}{
		{"nothing", func(q *desk.Question) { q.Words = " \r\n\t " }, "field_required"},
		{"200 kB", func(q *desk.Question) { q.Words = strings.Repeat("é", 100_000) }, "field_too_long"},
		{"a character more than fits", func(q *desk.Question) { q.Words = strings.Repeat("🚚", desk.MaxWords+1) }, "field_too_long"},
		{"what no machine can show", func(q *desk.Question) { q.Words = "a\x00b" }, "invalid_utf8"},
		{"half a character", func(q *desk.Question) { q.Words = "Zo\xc3" }, "invalid_utf8"},
		{"another shop's order", func(q *desk.Question) { q.Order = "ord_0000000000000000000000000" }, "not_found"},
		{"somebody else's order", func(q *desk.Question) { q.Shopper = "shp_0000000000000000000000000" }, "not_found"},
		{"nobody, about nothing", func(q *desk.Question) { q.Order = "" }, "field_required"},
		{"by pigeon", func(q *desk.Question) { q.Via = "pigeon" }, "unknown_value"},
		{"in public, without the link", func(q *desk.Question) { q.Via, q.Source = fact.ViaPublic, "javascript:alert(1)" }, "link_required"},
		{"as many photos as an album", func(q *desk.Question) { q.Photos = make([]ident.Blob, 100) }, "list_too_long"},
	} {
		t.Run(c.what, func(t *testing.T) {
			q := good
			c.bad(&q)
			_, err := s.try(func(tx *flow.Tx) (desk.Conversation, error) { return desk.Ask(tx, s.m, q) })
			s.mustBreak(err, c.code)
		})
	}
	if len(s.told()) > 0 {
		t.Error("something was asked all the same")
	}
	emoji := s.asks(strings.Repeat("🚚", desk.MaxWords))
	if !emoji.Waits() {
		t.Error("nothing but emoji is a question too")
	}
}

func TestTooManyQuestionsWaitForOnePerson(t *testing.T) {
	s := open(t)
	for i := range 10 {
		s.asks(fmt.Sprintf("Question %d", i))
	}
	_, err := s.try(func(tx *flow.Tx) (desk.Conversation, error) {
		return desk.Ask(tx, s.m, desk.Question{Key: "one more", Order: s.order, Via: fact.ViaPage, Words: "Encore une"})
	})
	s.mustBreak(err, "conversations_waiting")
	c := s.asks("Question 1")
	for i := range 199 {
		if _, err := s.writes(c.ID, fmt.Sprintf("Et %d", i)); err != nil {
			t.Fatal(err)
		}
	}
	_, err = s.writes(c.ID, "Et encore")
	s.mustBreak(err, "conversation_full")
}

func TestOnlySomebodyWhoWorksThereAnswers(t *testing.T) {
	s := open(t)
	c := s.asks("Où est ma robe ?")
	answer := func(a desk.Answering) error {
		_, err := s.try(func(tx *flow.Tx) (desk.Conversation, error) { return desk.Answer(tx, s.m, c.ID, a) })
		return err
	}
	s.mustBreak(answer(desk.Answering{Words: "Bip."}), "not_a_person")
	s.mustBreak(answer(desk.Answering{By: "stf_robot", Words: "Bip."}), "not_a_person")
	if _, err := s.writes(c.ID, "Elle est bleue."); err != nil {
		t.Fatal(err)
	}
	s.mustBreak(answer(desk.Answering{By: s.nadia, Seen: 1, Words: "Laquelle ?"}), "conversation_moved")
	if err := answer(desk.Answering{By: s.nadia, Seen: 2, Words: "Demain.", Close: true}); err != nil {
		t.Fatal(err)
	}
	s.mustTell("asked by page until 03-02 17:00", "written began false until 03-02 17:00", "answered in time true waited true", "closed by merchant waited false")
}

func TestALetterBelongsToItsConversation(t *testing.T) {
	s := open(t)
	receive := func(l desk.Mail) (c desk.Conversation, ok bool) {
		s.t.Helper()
		s.Do(s.m, func(tx *flow.Tx) (err error) {
			c, ok, err = desk.Receive(tx, s.m, l)
			return err
		})
		return c, ok
	}
	if _, kept := receive(desk.Mail{Key: "<0@evil>", Order: s.order, Shopper: s.camille, Sender: "x@example.net", Words: "Annulez tout."}); kept {
		t.Error("an unknown address opened a conversation")
	}
	c, _ := receive(desk.Mail{Key: "<1@home>", Order: s.order, Shopper: s.camille, Sender: "camille@example.com", Known: true, Words: "Où est ma robe ?"})
	receive(desk.Mail{Key: "<1@home>", Order: s.order, Shopper: s.camille, Sender: "camille@example.com", Known: true, Words: "Où est ma robe ?"})
	if _, err := s.answers(c.ID, "Demain."); err != nil {
		t.Fatal(err)
	}
	odd, kept := receive(desk.Mail{Key: "<2@evil>", Order: s.order, Shopper: s.camille, Sender: "x@example.net", Words: "Envoyez-la ailleurs."})
	if !kept || odd.ID != c.ID || odd.State != desk.Answered || odd.Strange == 0 {
		t.Errorf("%+v", odd)
	}
	s.See(func(tx *db.Tx) error {
		all, err := desk.Strange(tx, s.m, 10)
		if err != nil || len(all) != 1 || all[0].ID != c.ID {
			t.Errorf("to be read: %+v", all)
		}
		said, err := desk.Thread(tx, s.m, c.ID)
		if last := said[len(said)-1]; err != nil || last.By != fact.ByUnknown || last.Source != "x@example.net" {
			t.Errorf("%+v", last)
		}
		return err
	})
	s.Do(s.m, func(tx *flow.Tx) error { return desk.Read(tx, s.m, c.ID) })
	receive(desk.Mail{Key: "<3@home>", Order: s.order, Shopper: s.camille, Sender: "camille@example.com", Known: true, Words: "Et la ceinture ?"})
	s.mustTell("asked by mail until 03-02 17:00", "answered in time true waited true", "written began true until 03-02 17:00")
}

func TestTheQueueIsByDeadlineAndThenByValue(t *testing.T) {
	s := open(t)
	small, dear := s.order, s.buys("E-2", 90_000)
	for _, o := range []ident.Order{small, dear} {
		s.order = o
		s.asks("Où est ma robe ?")
	}
	s.At("2026-03-02 09:30")
	s.asks("Et la ceinture ?")
	var got []string
	s.See(func(tx *db.Tx) error {
		var after desk.Conversation
		for {
			page, err := desk.Queue(tx, s.m, after, 1)
			if err != nil || len(page) == 0 {
				return err
			}
			after = page[0]
			got = append(got, fmt.Sprintf("%s %d", clock(after.AnswerBy), after.Value.Minor))
		}
	})
	if want := []string{"03-02 17:00 90000", "03-02 17:00 3500", "03-02 17:30 90000"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSettingsOfTheDesk(t *testing.T) {
	s := open(t)
	set := func(hours string, answer int, topics ...desk.Topic) error {
		h, err := civil.ParseHours("hours", hours)
		if err != nil {
			t.Fatal(err)
		}
		return s.Try(s.m, func(tx *flow.Tx) error {
			return desk.SetSettings(tx, s.m, desk.Settings{Hours: h, AnswerHours: answer, Topics: topics})
		})
	}
	s.mustBreak(set("", 8), "field_required")
	s.mustBreak(set("Mo off", 8), "desk_never_opens")
	s.mustBreak(set("24/7", 0), "number_out_of_range")
	s.mustBreak(set("24/7", 2, desk.Topic{Name: "Retard"}), "field_required")
	if err := set("Mo-Sa 10:00-12:00", 3, desk.Topic{Name: "Retard", Words: []string{"Tard"}}); err != nil {
		t.Fatal(err)
	}
	s.At("2026-03-06 11:00") // Friday: an hour, two on Saturday
	s.asks("Où est ma robe ?")
	s.mustTell("asked by page until 03-07 12:00")
	s.See(func(tx *db.Tx) error {
		got, err := desk.SettingsOf(tx, s.m)
		if len(desk.About(got.Topics, "Il est bien TÂRD, non ?")) != 1 || len(desk.About(got.Topics, "Merci")) != 0 {
			t.Error("topics are known by their words, in any case and with or without accents")
		}
		return err
	})
	// Hours whose last day has passed keep a promise all the same.
	if err := set("2026-03-09..2026-03-12 09:00-18:00", 8); err != nil {
		t.Fatal(err)
	}
	s.At("2026-03-13 09:00")
	s.asks("Et maintenant ?")
	s.mustTell("asked by page until 03-07 12:00", "asked by page until 03-13 17:00")
}

func TestSavedAnswers(t *testing.T) {
	s := open(t)
	save := func(r desk.Reply) (desk.Reply, error) {
		var out desk.Reply
		err := s.Try(s.m, func(tx *flow.Tx) (err error) {
			out, err = desk.SaveReply(tx, s.m, r)
			return err
		})
		return out, err
	}
	first, err := save(desk.Reply{Title: " Retard ", Words: "Bonjour,\r\n\r\nnous regardons."})
	if err != nil || first.Words != "Bonjour,\n\nnous regardons." || first.Title != "Retard" {
		t.Fatal(first, err)
	}
	first.Words = "Bonjour !"
	if _, err := save(first); err != nil {
		t.Fatal(err)
	}
	_, err = save(desk.Reply{ID: "rpl_none", Title: "x", Words: "y"})
	s.mustBreak(err, "not_found")
	_, err = save(desk.Reply{Title: "", Words: "y"})
	s.mustBreak(err, "field_required")
	s.See(func(tx *db.Tx) error {
		all, err := desk.Replies(tx, s.m)
		if len(all) != 1 || all[0].Words != "Bonjour !" {
			t.Errorf("%+v", all)
		}
		return err
	})
	s.Do(s.m, func(tx *flow.Tx) error { return desk.DropReply(tx, s.m, first.ID) })
}
