package survey_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/survey"
)

// shop is a shop with one order, in a world where it is Monday 2 March 2026, 09:00
// in Paris.
type shop struct {
	*flowtest.World
	t     testing.TB
	m     ident.Merchant
	who   ident.Shopper
	order ident.Order
	n     int
}

func open(t testing.TB) *shop {
	t.Helper()
	s := &shop{World: flowtest.New(t, append(order.Reactions(), survey.Reactions()...)...), t: t}
	s.Watch(survey.Moments())
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
	s.Do(s.m, func(tx *flow.Tx) (err error) {
		if s.who, err = shopper.Register(tx, s.m, shopper.NewShopper{Email: "camille@example.com", Name: "Camille", Locale: lang.French}); err != nil {
			return err
		}
		o, _, err := order.Place(tx, s.m, order.New{
			Reference: "E-1", Shopper: s.who, Locale: lang.French, Currency: money.EUR, DeliveryFee: money.Of(0, money.EUR),
			Lines: []order.Line{{SKU: "R", Name: "Robe", Units: 1, Unit: money.Of(3500, money.EUR), Grams: 100}},
			Ship:  order.Address{Name: "Camille", Street: "1 rue Neuve", City: "Lyon", Postcode: "69003", Country: "FR"},
		})
		s.order = o.ID
		return err
	})
	return s
}

// tells emits a fact as another room would.
func (s *shop) tells(b fact.Body) {
	s.t.Helper()
	s.n++
	s.Do(s.m, func(tx *flow.Tx) error { return tx.Emit(s.m, string(s.order), fmt.Sprint("test-", s.n), b) })
	s.Quiet()
}

func (s *shop) delivered(t fact.Trust) {
	s.t.Helper()
	s.tells(fact.ParcelMoved{Parcel: "par_1", Order: s.order, Shopper: s.who, Direction: fact.Out, Was: fact.OutForDelivery, Now: fact.Delivered, Trust: t})
}

func (s *shop) talk() fact.Talk {
	return fact.Talk{Conversation: "cnv_1", Order: s.order, Shopper: s.who}
}

// asked is when the shopper was asked; empty: they were not.
func (s *shop) asked(about fact.SurveyKind) (when string) {
	s.t.Helper()
	s.Quiet()
	s.See(func(tx *db.Tx) error {
		facts, err := flow.Timeline(tx, s.m, string(s.order))
		for _, f := range facts {
			if b, is := f.Body.(fact.SurveyAsked); is && b.About == about {
				when += f.At.In(flowtest.Paris).Format("01-02 15:04")
			}
		}
		return err
	})
	return when
}

func (s *shop) mustBeAsked(want string) {
	s.t.Helper()
	if got := s.asked(fact.AfterDelivery); got != want {
		s.t.Errorf("asked %q, want %q", got, want)
	}
}

func TestAskedOnceOnTheNextWorkingMorning(t *testing.T) {
	for _, c := range []struct{ what, delivered, before, at string }{
		{"Tuesday noon → Wednesday at ten", "2026-03-03 12:00", "2026-03-04 09:59", "2026-03-04 10:00"},
		{"just after midnight → the day after that", "2026-03-03 00:10", "2026-03-04 09:59", "2026-03-04 10:00"},
		{"Friday night → Monday", "2026-03-06 21:00", "2026-03-09 09:59", "2026-03-09 10:00"},
		{"before Easter Monday → Tuesday", "2026-04-03 12:00", "2026-04-07 09:59", "2026-04-07 10:00"},
		{"before the clocks go forward → Monday at ten by the new ones", "2026-03-27 12:00", "2026-03-30 09:59", "2026-03-30 10:00"},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := open(t)
			s.At(c.delivered)
			s.delivered(fact.TrustConfirmed)
			s.At(c.before)
			s.mustBeAsked("")
			s.At(c.at)
			s.mustBeAsked(c.at[len("2026-"):])
		})
	}
}

func TestAskedOnce(t *testing.T) {
	s := open(t)
	s.At("2026-03-03 12:00")
	s.delivered(fact.TrustConfirmed)
	s.At("2026-03-04 09:59")
	s.mustBeAsked("")
	s.At("2026-03-04 10:00")
	s.mustBeAsked("03-04 10:00")
	s.At("2026-03-20 10:00")
	s.delivered(fact.TrustConfirmed)
	s.At("2026-03-24 10:00")
	s.mustBeAsked("03-04 10:00")
}

func TestNobodyIsAskedOnSomebodysMereWord(t *testing.T) {
	s := open(t)
	s.delivered(fact.TrustClaimed)
	s.At("2026-03-10 10:00")
	s.mustBeAsked("")
}

func TestNobodyIsAskedWhileSomethingIsOpen(t *testing.T) {
	s := open(t)
	s.delivered(fact.TrustConfirmed)
	s.tells(fact.DeskAsked{Talk: s.talk(), Question: "sai_1", Via: fact.ViaPage})
	s.tells(fact.ReturnRequested{Sendback: fact.Sendback{Return: "ret_1", Order: s.order, Shopper: s.who}})
	s.At("2026-03-03 10:00")
	s.mustBeAsked("")
	s.tells(fact.DeskAnswered{Talk: s.talk(), Said: "sai_2", Question: "sai_1"})
	s.At("2026-03-04 10:00")
	s.mustBeAsked("")
	s.tells(fact.ReturnCancelled{Sendback: fact.Sendback{Return: "ret_1", Order: s.order, Shopper: s.who}})
	s.At("2026-03-05 10:00")
	s.mustBeAsked("03-05 10:00")
}

func TestTwoWeeksLaterNobodyRemembers(t *testing.T) {
	s := open(t)
	s.delivered(fact.TrustConfirmed)
	s.tells(fact.DeskAsked{Talk: s.talk(), Question: "sai_1", Via: fact.ViaPage})
	for day := 3; day <= 20; day++ {
		s.At(fmt.Sprintf("2026-03-%02d 10:00", day))
		s.Quiet()
	}
	s.tells(fact.DeskAnswered{Talk: s.talk(), Said: "sai_2", Question: "sai_1"})
	s.At("2026-03-30 10:00")
	s.mustBeAsked("")
	s.See(func(tx *db.Tx) error {
		q, _, err := survey.Of(tx, s.m, s.order, fact.AfterDelivery)
		if q.State != survey.Dropped {
			t.Errorf("%+v", q)
		}
		return err
	})
}

func (s *shop) says(about fact.SurveyKind, score int, words string) (a survey.Answer, fresh bool, err error) {
	err = s.Try(s.m, func(tx *flow.Tx) (err error) {
		a, fresh, err = survey.Say(tx, s.m, survey.Saying{Order: s.order, About: about, Score: score, Words: words})
		return err
	})
	return a, fresh, err
}

func TestAnswersAreVersions(t *testing.T) {
	s := open(t)
	if _, _, err := s.says(fact.AfterDelivery, 5, ""); fault.All(err)[0].Code != "survey_not_yet" {
		t.Error(err)
	}
	s.delivered(fact.TrustConfirmed)
	var got []string
	for _, x := range []struct {
		score int
		words string
	}{{2, ""}, {2, ""}, {2, "Personne n'a sonné.\r\nPersonne !"}, {2, ""}, {4, "Retrouvé."}} {
		a, fresh, err := s.says(fact.AfterDelivery, x.score, x.words)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%d %v %d %v %q", a.Version, fresh, a.Score, a.Low(), a.Words))
	}
	want := []string{
		`1 true 2 true ""`, `1 false 2 true ""`, `2 true 2 true "Personne n'a sonné.\nPersonne !"`, `2 false 2 true "Personne n'a sonné.\nPersonne !"`, `3 true 4 false "Retrouvé."`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	s.At("2026-03-10 10:00")
	s.mustBeAsked("")
	s.See(func(tx *db.Tx) error {
		all, err := survey.History(tx, s.m, s.who, 10)
		if len(all) != 3 || all[0].Version != 3 {
			t.Errorf("%+v", all)
		}
		return err
	})
	for _, bad := range []struct {
		about fact.SurveyKind
		score int
		words string
	}{
		{fact.AfterDelivery, 0, ""},
		{fact.AfterDelivery, 6, ""},
		{"weather", 3, ""},
		{fact.AfterDelivery, 3, strings.Repeat("é", survey.MaxWords+1)},
		{fact.AfterDelivery, 3, "a\x00b"},
	} {
		if _, _, err := s.says(bad.about, bad.score, bad.words); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

func TestAfterARefundAnotherQuestionIsAsked(t *testing.T) {
	s := open(t)
	s.tells(fact.Refunded{Repayment: fact.Repayment{Return: "ret_1", Order: s.order, Shopper: s.who}})
	s.At("2026-03-03 10:00")
	if got := s.asked(fact.AfterRefund); got != "03-03 10:00" {
		t.Errorf("asked %q", got)
	}
	if a, _, err := s.says(fact.AfterRefund, 0, ""); err != nil || !a.Low() {
		t.Error(a, err)
	}
}

func TestTheFirstDeliveryIsKnown(t *testing.T) {
	s := open(t)
	s.At("2026-03-03 12:00")
	s.delivered(fact.TrustConfirmed)
	first := s.order
	s.At("2026-03-10 12:00")
	s.order = ident.Order("ord_second")
	s.delivered(fact.TrustConfirmed)
	s.See(func(tx *db.Tx) error {
		for id, want := range map[ident.Order]bool{first: true, s.order: false} {
			a, ok, err := survey.Of(tx, s.m, id, fact.AfterDelivery)
			if err != nil || !ok {
				t.Fatalf("%s: %v, %v", id, ok, err)
			}
			if got, err := a.First(tx, s.m); err != nil || got != want {
				t.Errorf("%s is the first: %v, want %v (%v)", id, got, want, err)
			}
		}
		return nil
	})
}
