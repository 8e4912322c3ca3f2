package promise

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// strike is one from a day to another, wherever goods go unless more says otherwise.
func strike(from, last string, more ...func(*Incident)) Incident {
	i := Incident{Key: from + last, Trouble: fact.TroubleStrike, From: day(from), Last: day(last)}
	for _, m := range more {
		m(&i)
	}
	return i
}

func towards(places ...string) func(*Incident) {
	return func(i *Incident) { i.Places, i.Key = places, i.Key+strings.Join(places, "") }
}

func (s *shop) declare(i Incident) (got Incident, err error) {
	s.T.Helper()
	err = s.Try(s.m, func(tx *flow.Tx) (err error) {
		got, err = Declare(tx, s.m, i)
		return err
	})
	return got, err
}

// declared is an incident and all that follows from it at once.
func (s *shop) declared(i Incident) Incident {
	s.T.Helper()
	got, err := s.declare(i)
	s.must(err)
	s.Quiet()
	return got
}

func (s *shop) correct(i Incident, c Correction) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		_, err := Correct(tx, s.m, i.ID, c)
		return err
	})
	s.Quiet()
}

// lifted lists the promises whose danger was said to be over.
func (s *shop) lifted(o ident.Order) (n int) {
	s.T.Helper()
	s.See(func(tx *db.Tx) error {
		all, err := flow.Timeline(tx, s.m, string(o))
		for _, f := range all {
			if _, is := f.Body.(fact.RiskLifted); is {
				n++
			}
		}
		return err
	})
	return n
}

func TestWhatAnIncidentTakesFromACourse(t *testing.T) {
	place := func(postcode string) geo.Place {
		p, err := geo.NewPlace("FR", postcode)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	day := civil.Days{First: 1, Last: 2}
	all := Incident{From: 1, Last: 2}
	for _, row := range []struct {
		law  string
		of   func(*Incident)
		to   string
		want Closures
	}{
		{"a service as a whole: neither collected nor brought", func(*Incident) {}, "69002", Closures{Collects: []civil.Days{day}, Delivers: []civil.Days{day}}},
		{"another service", func(i *Incident) { i.Services = []ident.Service{"srv_2"} }, "69002", Closures{}},
		{"the department where it goes: not brought", func(i *Incident) { i.Places = []string{"FR-69"} }, "69002", Closures{Delivers: []civil.Days{day}}},
		{"another department", func(i *Incident) { i.Places = []string{"FR-75", "FR-13"} }, "69002", Closures{}},
		{"a postcode", func(i *Incident) { i.Places = []string{"FR-69002"} }, "69002", Closures{Delivers: []civil.Days{day}}},
		{"the postcode beside it", func(i *Incident) { i.Places = []string{"FR-69002"} }, "69003", Closures{}},
		{"the country", func(i *Incident) { i.Places = []string{"FR"} }, "69002", Closures{Delivers: []civil.Days{day}}},
		{"another country", func(i *Incident) { i.Places = []string{"BE"} }, "69002", Closures{}},
		{"a department of two letters", func(i *Incident) { i.Places = []string{"FR-2A"} }, "20000", Closures{Delivers: []civil.Days{day}}},
		{"the other one", func(i *Incident) { i.Places = []string{"FR-2B"} }, "20000", Closures{}},
		{"the warehouse it leaves: nobody packs", func(i *Incident) { i.Stock = "stk_1" }, "69002", Closures{Works: []civil.Days{day}}},
		{"another warehouse", func(i *Incident) { i.Stock = "stk_2" }, "69002", Closures{}},
		{"over before it began", func(i *Incident) { i.Last = 0 }, "69002", Closures{}},
	} {
		i := all
		row.of(&i)
		got := Closed([]Incident{i}, Course{"srv_1", "stk_1", place(row.to)})
		if len(got.By) == 1 {
			got.By = nil
		}
		if d := cmp.Diff(row.want, got); d != "" {
			t.Errorf("%s: (-want +got)\n%s", row.law, d)
		}
	}
}

func TestAStrikeEndangersThePromisesOfItsDays(t *testing.T) {
	s := open(t)
	soon, later, tuesday := s.owe(1, "2026-03-05"), s.owe(1, "2026-03-13"), s.owe(1, "2026-03-04")
	s.ship(tuesday.Order, "P1", 0)
	s.hear(s.scan("P1", fact.Delivered, "2026-03-02 08:30"))
	i := s.declared(strike("2026-03-03", "2026-03-05", towards("69")))
	if d := cmp.Diff([]string{string(i.ID)}, s.warned(soon)); d != "" {
		t.Errorf("promised for its last day: %s", d)
	}
	if got := s.warned(later); got != nil {
		t.Errorf("promised for long after: warned of %v", got)
	}
	if got := s.warned(tuesday); got != nil {
		t.Errorf("in hand: warned of %v", got)
	}
	w := last[fact.PromiseAtRisk](s, soon.Order)
	if w.Cause != string(i.ID) || w.Probability != 1 {
		t.Errorf("%+v", w)
	}
	// The mornings that follow say no more of what was explained.
	s.mornings("2026-03-04", "2026-03-05")
	if got := s.warned(soon); len(got) != 1 {
		t.Errorf("warned of %v", got)
	}
	s.wait("2026-03-06 12:00")
	s.mustSay(soon.Order, made, atRisk, broken)
}

// Told of the incident in time, the shopper was told before the breach.
func TestWhoIsToldOfAnIncidentWasToldBefore(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-05")
	i := s.declared(strike("2026-03-03", "2026-03-05"))
	s.Do(s.m, func(tx *flow.Tx) error {
		id := ident.New[ident.Message](tx.Mint)
		return tx.Emit(s.m, string(c.Order), string(id), fact.MessageSent{
			Message: fact.Message{Message: id, Shopper: c.Shopper, Order: c.Order, Topic: fact.TopicAtRisk, Commitment: c.ID}, At: tx.Now,
		})
	})
	s.wait("2026-03-06 12:00")
	if got := s.now(c); got.State != fact.Broken || !got.Last.Told {
		t.Errorf("%s, told before: %v", got.State, got.Last.Told)
	}
	s.See(func(tx *db.Tx) error {
		got, err := Warned(tx, s.m, i.ID)
		if d := cmp.Diff(Concern{Promises: 1, Told: 1}, got); d != "" {
			t.Error(d)
		}
		return err
	})
}

func TestAnIncidentThatEndsEarlyIsTakenBackFromWhomItNoLongerEndangers(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-06")
	i := s.declared(strike("2026-03-03", "2026-03-06"))
	if got := s.warned(c); len(got) != 1 {
		t.Fatalf("warned of %v", got)
	}
	s.At("2026-03-02 15:00")
	s.correct(i, Correction{Last: day("2026-03-05")})
	if s.lifted(c.Order) != 0 {
		t.Error("Thursday still lost: the danger is not over")
	}
	s.correct(i, Correction{Over: true})
	s.correct(i, Correction{Over: true})
	if got := s.lifted(c.Order); got != 1 {
		t.Errorf("said to be over %d times", got)
	}
	s.See(func(tx *db.Tx) error {
		if all, err := InDanger(tx, s.m, 10); err != nil || len(all) != 0 {
			t.Errorf("in danger: %v, %v", all, err)
		}
		of, err := Warnings(tx, s.m, []ident.Commitment{c.ID})
		if len(of[c.ID]) != 1 || len(Standing(of[c.ID])) != 0 {
			t.Errorf("%+v", of[c.ID])
		}
		return err
	})
	err := s.Try(s.m, func(tx *flow.Tx) error {
		_, err := Correct(tx, s.m, i.ID, Correction{Last: day("2026-03-09")})
		return err
	})
	if !fault.Is(err, "incident_over") {
		t.Errorf("corrected after its end: %v", err)
	}
}

// What is late anyway stays so when the strike is over.
func TestWhatIsLateAnywayIsNotTakenBack(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-04")
	i := s.declared(strike("2026-03-03", "2026-03-06"))
	s.At("2026-03-04 06:00") // nothing has left, and the carrier needs two days
	s.correct(i, Correction{Over: true})
	if got := s.lifted(c.Order); got != 0 {
		t.Errorf("said to be over %d times", got)
	}
}

func TestAnIncidentThatLastsLongerEndangersMore(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-10")
	i := s.declared(strike("2026-03-03", "2026-03-05"))
	if got := s.warned(c); got != nil {
		t.Fatalf("warned of %v", got)
	}
	s.correct(i, Correction{Last: day("2026-03-10"), Words: map[lang.Locale]string{lang.French: "Le dépôt est bloqué."}})
	if d := cmp.Diff([]string{string(i.ID)}, s.warned(c)); d != "" {
		t.Error(d)
	}
	s.See(func(tx *db.Tx) error {
		got, err := GetIncident(tx, s.m, i.ID)
		if got.Announced(lang.French) != "Le dépôt est bloqué." || got.Announced(lang.English) != "" || !got.Done {
			t.Errorf("%+v", got)
		}
		return err
	})
}

func TestTwoIncidentsAreTwoCauses(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-05")
	first := s.declared(strike("2026-03-03", "2026-03-05"))
	second := s.declared(strike("2026-03-04", "2026-03-05", func(i *Incident) { i.Trouble = fact.TroubleWeather }))
	again := s.declared(strike("2026-03-03", "2026-03-05"))
	if again.ID != first.ID {
		t.Errorf("declared twice under one key: %s and %s", first.ID, again.ID)
	}
	want := []string{string(first.ID), string(second.ID)}
	got := s.warned(c)
	slices.Sort(got)
	slices.Sort(want)
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// Who buys while it lasts, by a date that was shown before, is warned at once.
func TestWhoBuysByAnOldDateIsWarnedAtOnce(t *testing.T) {
	s := open(t)
	s.declared(strike("2026-03-03", "2026-03-05"))
	c := s.owe(1, "2026-03-05")
	if got := s.warned(c); len(got) != 1 {
		t.Errorf("warned of %v", got)
	}
	if got := s.warned(s.owe(1, "2026-03-12")); got != nil {
		t.Errorf("of a date beyond it: warned of %v", got)
	}
}

func TestTroubleAtTheWarehouseTouchesWhatHasNotLeft(t *testing.T) {
	s := open(t)
	s.At("2026-03-02 09:00")
	packed, still := s.owe(1, "2026-03-05"), s.owe(1, "2026-03-05")
	s.ship(packed.Order, "P1", 0)
	s.hear(s.scan("P1", fact.PickedUp, "2026-03-02 08:30"))
	s.declared(strike("2026-03-02", "2026-03-04", func(i *Incident) { i.Stock = s.stock.ID }))
	if got := s.warned(packed); got != nil {
		t.Errorf("with the carrier: warned of %v", got)
	}
	if got := s.warned(still); len(got) != 1 {
		t.Errorf("in the warehouse: warned of %v", got)
	}
}

func TestWhatNoIncidentCanBe(t *testing.T) {
	s := open(t)
	for _, row := range []struct {
		law  string
		of   Incident
		want string
	}{
		{"of no kind", strike("2026-03-03", "2026-03-05", func(i *Incident) { i.Trouble = "boredom" }), "unknown_value at trouble"},
		{"at both ends", strike("2026-03-03", "2026-03-05", towards("75"), func(i *Incident) { i.Stock = s.stock.ID }), "incident_both_ends at stock"},
		{"towards nowhere", strike("2026-03-03", "2026-03-05", towards("le Sud")), "area_unknown at places"},
		{"towards a country there is not", strike("2026-03-03", "2026-03-05", towards("XX-10")), "area_unknown at places"},
		{"from a warehouse of somebody else's", strike("2026-03-03", "2026-03-05", func(i *Incident) { i.Stock = "stk_x" }), "unknown_value at stock"},
		{"of a service of somebody else's", strike("2026-03-03", "2026-03-05", func(i *Incident) { i.Services = []ident.Service{"srv_x"} }), "unknown_service at services"},
		{"over before it begins", strike("2026-03-05", "2026-03-03"), "days_out_of_order at last"},
		{"in the past", strike("2026-02-20", "2026-03-01"), "incident_past at last"},
		{"for ever", strike("2026-03-03", "2026-06-01"), "incident_too_long at last"},
		{"with too many words", strike("2026-03-03", "2026-03-05", func(i *Incident) {
			i.Words = map[lang.Locale]string{lang.French: strings.Repeat("é", MaxPublicWords+1)}
		}), "field_too_long at words_fr"},
		{"with a bell in them", strike("2026-03-03", "2026-03-05", func(i *Incident) { i.Words = map[lang.Locale]string{lang.English: "Strike\a"} }), "invalid_utf8 at words_en"},
		{"in a language nobody reads", strike("2026-03-03", "2026-03-05", func(i *Incident) { i.Words = map[lang.Locale]string{"xx": "?"} }), "unknown_value at words"},
	} {
		_, err := s.declare(row.of)
		var got []string
		for _, f := range fault.All(err) {
			got = append(got, f.Code+" at "+f.Field)
		}
		if d := cmp.Diff([]string{row.want}, got); d != "" {
			t.Errorf("%s: (-want +got)\n%s", row.law, d)
		}
	}
}

// crowd places many orders that are owed by one day.
func (s *shop) crowd(n int, until string) {
	s.T.Helper()
	p := s.promised(until)
	for first := 0; first < n; first += 100 {
		s.Do(s.m, func(tx *flow.Tx) error {
			for k := range min(100, n-first) {
				p.Quote = ident.New[ident.Quote](tx.Mint)
				o, _, err := order.Place(tx, s.m, order.New{
					Reference: fmt.Sprintf("C-%d", first+k), Fingerprint: "f", Shopper: s.camille, Locale: lang.French, Currency: money.EUR,
					Lines:   []order.Line{{SKU: "oil", Name: "Huile d'olive", Units: 1, Unit: money.Of(1200, money.EUR), Grams: 900}},
					Service: s.home.ID, LinkHash: func(o ident.Order) string { return ident.Hash(string(o)) },
					Ship: order.Address{Name: "Camille", Street: "1 rue du Port", Postcode: "69002", City: "Lyon", Country: "FR"},
				})
				if err != nil {
					return err
				}
				if _, err := Commit(tx, s.m, p, o.ID, s.camille); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// risks counts the warnings that were said, and the promises they were said of.
func (s *shop) risks() (said, of int) {
	s.T.Helper()
	seen := map[ident.Commitment]bool{}
	s.See(func(tx *db.Tx) error {
		var after ident.Commitment
		for {
			page, err := openAfter(tx, s.m, after)
			if err != nil || len(page) == 0 {
				return err
			}
			for _, c := range page {
				facts, err := flow.Timeline(tx, s.m, string(c.Order))
				if err != nil {
					return err
				}
				for _, f := range facts {
					if _, is := f.Body.(fact.PromiseAtRisk); is {
						said, seen[c.ID] = said+1, true
					}
				}
			}
			after = page[len(page)-1].ID
		}
	})
	return said, len(seen)
}

var errDied = errors.New("the process died")

// A review of 1,200 promises goes in pages of 500 at most; the process dies within
// the second, and everybody is warned once all the same.
func TestAReviewThatDiesGoesOnWhereItWas(t *testing.T) {
	s := open(t)
	const crowd = 1200
	s.crowd(crowd, "2026-03-05")
	in := strike("2026-03-03", "2026-03-05")
	s.See(func(tx *db.Tx) error {
		x, err := s.curves.Preview(tx, s.m, in)
		if x.Promises != crowd || x.Shoppers != 1 || x.Value != crowd*1200 || len(x.Sample) != previewSample || x.Partly {
			t.Errorf("before it is declared: %+v", x)
		}
		return err
	})

	pages, dies := 0, true
	whole := s.curves.Reviewer()
	s.Handle(flow.Errander{Kind: ReviewErrand, Tries: reviewTries, Run: func(ctx context.Context, e flow.Errand) (flow.Settle, error) {
		settle, err := whole.Run(ctx, e)
		pages++
		die := dies && pages == 5 // three count, and then they are warned
		return func(tx *flow.Tx) error {
			if err := settle(tx); err != nil {
				return err
			}
			if die {
				return errDied
			}
			return nil
		}, err
	}})
	i, err := s.declare(in)
	s.must(err)
	if err := s.Settle(context.Background()); !errors.Is(err, errDied) {
		t.Fatalf("the second page of warnings: %v", err)
	}
	if said, of := s.risks(); said != 500 || of != 500 {
		t.Fatalf("before it died: %d warnings of %d promises, want those of one page", said, of)
	}
	dies = false
	s.Pass(61 * time.Second) // the dead one's lease is over
	s.Quiet()
	if said, of := s.risks(); said != crowd || of != crowd {
		t.Errorf("%d warnings of %d promises", said, of)
	}
	s.See(func(tx *db.Tx) error {
		got, err := GetIncident(tx, s.m, i.ID)
		if !got.Done || got.Looked != crowd || pages != 7 {
			t.Errorf("%d pages, %+v", pages, got)
		}
		return err
	})
}
