package promise

import (
	"slices"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// crowded is a shop in which more people than one need a second person, and strikes that
// three shoppers are told of.
func crowded(t *testing.T, staff ...string) (s *shop, people []ident.Staff) {
	s = open(t)
	s.curves.Crowd = 1
	s.Do(s.m, func(tx *flow.Tx) error {
		people = nil
		for _, name := range staff {
			one, err := merchant.Hire(tx, s.m, merchant.NewStaff{Email: strings.ToLower(name+"."+string(s.m)) + "@example.org", Name: name, Set: merchant.Agent})
			if err != nil {
				return err
			}
			people = append(people, one.ID)
		}
		return nil
	})
	return s, people
}

// buyer is somebody else who buys from now on.
func (s *shop) buyer() {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) (err error) {
		email := string(ident.New[ident.Shopper](tx.Mint)) + "@example.org"
		s.camille, err = shopper.Register(tx, s.m, shopper.NewShopper{Email: email, Name: "Camille", Locale: lang.French})
		return err
	})
}

func (s *shop) as(who ident.Staff, verb func(*flow.Tx) error) error {
	return s.One(s.T.Context(), flow.ByStaff(who), s.m, verb)
}

func (s *shop) incident(id ident.Incident) (i Incident) {
	s.T.Helper()
	s.See(func(tx *db.Tx) (err error) {
		i, err = GetIncident(tx, s.m, id)
		return err
	})
	return i
}

func (s *shop) strikeBy(who ident.Staff) (i Incident) {
	s.T.Helper()
	s.must(s.as(who, func(tx *flow.Tx) (err error) {
		i, err = Declare(tx, s.m, strike("2026-03-03", "2026-03-05"))
		return err
	}))
	s.Quiet()
	return i
}

// Of what concerns many nobody is told before a second person let it.
func TestASecondPersonLetsManyBeTold(t *testing.T) {
	s, staff := crowded(t, "anne", "bob")
	c := s.owe(1, "2026-03-05")
	s.buyer()
	d := s.owe(1, "2026-03-05")
	i := s.strikeBy(staff[0])
	if got := s.incident(i.ID); got.Release != Waiting || got.People != 2 || s.warned(c) != nil || s.warned(d) != nil {
		t.Fatalf("%s, %d people, warned of %v", got.Release, got.People, s.warned(c))
	}
	s.mornings("2026-03-03")
	if got := s.warned(c); slices.Contains(got, string(i.ID)) {
		t.Error("warned in the morning all the same")
	}
	if err := s.as(staff[0], func(tx *flow.Tx) error { return Answer(tx, s.m, i.ID, true) }); !fault.Is(err, "release_own") {
		t.Errorf("who asked lets it: %v", err)
	}
	if err := s.as(staff[0], func(tx *flow.Tx) error { _, err := ReleaseCode(tx, s.m, i.ID); return err }); !fault.Is(err, "release_by_colleague") {
		t.Errorf("who asked goes around a colleague: %v", err)
	}
	s.must(s.as(staff[1], func(tx *flow.Tx) error { return Answer(tx, s.m, i.ID, true) }))
	s.Quiet()
	got := s.incident(i.ID)
	if got.Release != Released || got.AskedBy != flow.ByStaff(staff[0]) || got.AnsweredBy != flow.ByStaff(staff[1]) || got.Answered == 0 {
		t.Errorf("%+v", got)
	}
	if !slices.Contains(s.warned(c), string(i.ID)) || !slices.Contains(s.warned(d), string(i.ID)) {
		t.Errorf("warned of %v and %v", s.warned(c), s.warned(d))
	}
	if err := s.as(staff[1], func(tx *flow.Tx) error { return Answer(tx, s.m, i.ID, false) }); !fault.Is(err, "release_over") {
		t.Errorf("twice: %v", err)
	}
	// Other words for the same people are told to nobody, and wait for nobody.
	s.correct(i, Correction{Last: civil.NoDay, Words: map[lang.Locale]string{lang.French: "Autre chose."}})
	if got := s.incident(i.ID); got.Release != Free {
		t.Errorf("nobody new is concerned: %s", got.Release)
	}
	s.buyer()
	late := s.owe(1, "2026-03-11")
	s.correct(i, Correction{Last: day("2026-03-11")})
	if got := s.incident(i.ID); got.Release != Waiting || slices.Contains(s.warned(late), string(i.ID)) {
		t.Errorf("somebody new is: %s", got.Release)
	}
}

func TestASecondPersonsNoTellsNobody(t *testing.T) {
	s, staff := crowded(t, "anne", "bob")
	c := s.owe(1, "2026-03-05")
	s.buyer()
	s.owe(1, "2026-03-05")
	i := s.strikeBy(staff[0])
	s.must(s.as(staff[1], func(tx *flow.Tx) error { return Answer(tx, s.m, i.ID, false) }))
	s.mornings("2026-03-03")
	if got := s.incident(i.ID); got.Release != Refused || slices.Contains(s.warned(c), string(i.ID)) {
		t.Errorf("%s, warned of %v", got.Release, s.warned(c))
	}
	s.correct(i, Correction{Over: true})
	if got := s.incident(i.ID); got.Ended == 0 {
		t.Error("it can not be ended")
	}
	if n := len(s.said(c.Order)); n == 0 {
		t.Error("the facts are gone")
	}
}

// Where nobody else works a code stands for the second person.
func TestWhoWorksAloneNeedsACode(t *testing.T) {
	s, staff := crowded(t, "anne")
	c := s.owe(1, "2026-03-05")
	s.buyer()
	s.owe(1, "2026-03-05")
	i := s.strikeBy(staff[0])
	code := func() (digits string, err error) {
		err = s.as(staff[0], func(tx *flow.Tx) (err error) {
			digits, err = ReleaseCode(tx, s.m, i.ID)
			return err
		})
		return digits, err
	}
	try := func(typed string) (no *fault.Error) {
		s.must(s.as(staff[0], func(tx *flow.Tx) (err error) {
			no, err = ReleaseAlone(tx, s.m, i.ID, typed)
			return err
		}))
		s.Quiet()
		return no
	}
	if try("") == nil || try("000000") == nil {
		t.Fatal("no code was sent, and one opens")
	}
	digits, err := code()
	s.must(err)
	for range releaseTries {
		if try("12345") == nil {
			t.Fatal("a wrong code opens")
		}
	}
	if try(digits) == nil {
		t.Fatal("after five wrong tries it opens")
	}
	digits, err = code()
	s.must(err)
	s.Pass(ReleaseLife)
	if try(digits) == nil {
		t.Fatal("after ten minutes it opens")
	}
	digits, err = code()
	s.must(err)
	if no := try(digits[:3] + " " + digits[3:]); no != nil || !slices.Contains(s.warned(c), string(i.ID)) {
		t.Errorf("%v, warned of %v", no, s.warned(c))
	}
}
