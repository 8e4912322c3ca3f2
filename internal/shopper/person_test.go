package shopper_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/shopper"
)

const words = "I want to be known as one person\nin all the shops of the harbour."

func invite(w *flowtest.World, m ident.Merchant, s ident.Shopper) (link ident.Link) {
	w.T.Helper()
	w.Do(m, func(tx *flow.Tx) (err error) {
		link, err = shopper.Invite(tx, m, s)
		return err
	})
	return link
}

// confirm answers a link as a door does: find the lane, then write.
func confirm(w *flowtest.World, link ident.Link, consent string) (s ident.Shopper, p ident.Person, err error) {
	w.T.Helper()
	var m ident.Merchant
	w.See(func(tx *db.Tx) error {
		m, err = shopper.Invited(tx, link)
		return nil
	})
	if err != nil {
		return "", "", err
	}
	err = w.Try(m, func(tx *flow.Tx) error {
		var whose ident.Merchant
		whose, s, p, err = shopper.Confirm(tx, link, consent)
		if err == nil && whose != m {
			w.T.Errorf("confirmed for %s, invited by %s", whose, m)
		}
		return err
	})
	return s, p, err
}

type consent struct {
	Number           int
	Person           ident.Person
	Wording          string
	Given, Withdrawn civil.Instant
}

func consents(w *flowtest.World, m ident.Merchant, s ident.Shopper) (cs []consent) {
	w.T.Helper()
	w.See(func(tx *db.Tx) (err error) {
		cs, err = db.All(tx, `select number, person, wording, given, withdrawn from shopper_consent
			where merchant = $1 and shopper = $2 order by number`,
			func(r db.Row) (c consent, err error) {
				err = r.Scan(&c.Number, &c.Person, &c.Wording, &c.Given, &c.Withdrawn)
				return c, err
			}, m, s)
		return err
	})
	return cs
}

func TestOneHumanIsOnePersonOverShops(t *testing.T) {
	w := flowtest.New(t)
	grocer, florist := w.Merchant(), w.Merchant()
	atGrocer := registered(w, grocer, camille())
	in := camille()
	in.Email = strings.ToUpper(in.Email)
	atFlorist := registered(w, florist, in)
	elsewhere := camille()
	elsewhere.Email = "dominique@example.fr"
	dominique := registered(w, florist, elsewhere)

	s, person, err := confirm(w, invite(w, grocer, atGrocer), words)
	if err != nil || s != atGrocer || person == "" {
		t.Fatalf("confirmed %s as %q, %v", s, person, err)
	}
	_, same, err := confirm(w, invite(w, florist, atFlorist), words)
	if err != nil || same != person {
		t.Errorf("at the florist's she is %q, %v; want %q", same, err, person)
	}
	_, another, err := confirm(w, invite(w, florist, dominique), words)
	if err != nil || another == person {
		t.Errorf("Dominique is %q, %v", another, err)
	}
	if got := get(w, grocer, atGrocer).Person; got != person {
		t.Errorf("the grocer's shopper is %q, want %q", got, person)
	}
	mustTell(w, grocer, atGrocer, "shopper.registered", "shopper.person_verified", "shopper.linked")
}

func TestNobodyIsAPersonWithoutConsent(t *testing.T) {
	w := flowtest.New(t)
	m, other := w.Merchant(), w.Merchant()
	s := registered(w, m, camille())
	link := invite(w, m, s)
	for name, row := range map[string]struct{ consent, want string }{
		"no words":    {" \n", "field_required at consent"},
		"bad bytes":   {"caf\xe9", "invalid_utf8 at consent"},
		"a long book": {strings.Repeat("é", 2001), "field_too_long at consent"},
	} {
		_, _, err := confirm(w, link, row.consent)
		mustBreak(t, name, err, row.want)
	}
	if p := get(w, m, s).Person; p != "" {
		t.Errorf("invited, not confirmed, and already %q", p)
	}
	// She confirms at another shop; this one learns nothing of it.
	if _, _, err := confirm(w, invite(w, other, registered(w, other, camille())), words); err != nil {
		t.Fatal(err)
	}
	if p := get(w, m, s).Person; p != "" {
		t.Errorf("consent to one merchant shows to another: %q", p)
	}
}

func TestALinkOpensOnceAndForADay(t *testing.T) {
	w := flowtest.New(t)
	m := w.Merchant()
	s := registered(w, m, camille())
	first, second, third := invite(w, m, s), invite(w, m, s), invite(w, m, s)
	if _, _, err := confirm(w, first, words); err != nil {
		t.Fatal(err)
	}
	_, _, err := confirm(w, first, words)
	mustBreak(t, "a second time", err, "link_used at link")
	if fault.KindOf(err) != fault.Conflict {
		t.Errorf("kind %v, want Conflict", fault.KindOf(err))
	}
	w.Pass(24*time.Hour - time.Microsecond)
	if _, _, err := confirm(w, second, words); err != nil {
		t.Errorf("a microsecond before the day is over: %v", err)
	}
	w.Pass(time.Microsecond)
	_, _, err = confirm(w, third, words)
	mustBreak(t, "a day later", err, "link_expired at link")
	_, _, err = confirm(w, first, words)
	mustBreak(t, "used, and a day later", err, "link_used at link")
	for _, guess := range []ident.Link{"", "AAAAAAAAAAAAAAAAAAAAAA", ident.Link(ident.Hash(string(third)))} {
		_, _, err = confirm(w, guess, words)
		mustBreak(t, string(guess), err, "not_found at link")
		err = w.Try(m, func(tx *flow.Tx) error {
			_, _, _, err := shopper.Confirm(tx, guess, words)
			return err
		})
		mustBreak(t, string(guess), err, "not_found at link")
	}
	err = w.Try(m, func(tx *flow.Tx) error {
		_, err := shopper.Invite(tx, m, "shp_nobody")
		return err
	})
	mustBreak(t, "nobody invited", err, "not_found at shopper")
}

func TestOfManyWhoClickAtOnceOneConfirms(t *testing.T) {
	w := flowtest.New(t)
	m := w.Merchant()
	s := registered(w, m, camille())
	link := invite(w, m, s)
	const clicks = 16
	errs := make([]error, clicks)
	var all sync.WaitGroup
	for i := range clicks {
		all.Go(func() { _, _, errs[i] = confirm(w, link, words) })
	}
	all.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		mustBreak(t, "too late", err, "link_used at link")
	}
	if won != 1 || len(consents(w, m, s)) != 1 {
		t.Errorf("%d confirmed, consents: %v", won, consents(w, m, s))
	}
}

func TestEveryConsentIsKeptWithItsWordsAndItsDates(t *testing.T) {
	w := flowtest.New(t)
	m := w.Merchant()
	s := registered(w, m, camille())
	unlink := func() {
		w.Do(m, func(tx *flow.Tx) error { return shopper.Unlink(tx, m, s) })
	}
	unlink() // never linked: nothing happens

	given := w.At("2026-03-03 10:00")
	_, person, err := confirm(w, invite(w, m, s), words)
	if err != nil {
		t.Fatal(err)
	}
	w.At("2026-03-03 11:00")
	if _, again, err := confirm(w, invite(w, m, s), "other words"); err != nil || again != person {
		t.Fatalf("linked already: %q, %v", again, err)
	}
	withdrawn := w.At("2026-03-04 10:00")
	unlink()
	w.At("2026-03-04 11:00")
	unlink()
	if p := get(w, m, s).Person; p != "" {
		t.Errorf("withdrawn, and still %q", p)
	}
	anew := w.At("2026-03-05 10:00")
	if _, same, err := confirm(w, invite(w, m, s), "newer words"); err != nil || same != person {
		t.Fatalf("linked anew: %q, %v", same, err)
	}

	want := []consent{
		{1, person, words, given, withdrawn},
		{2, person, "newer words", anew, 0},
	}
	if diff := cmp.Diff(want, consents(w, m, s)); diff != "" {
		t.Errorf("consents (-want +got):\n%s", diff)
	}
	mustTell(w, m, s, "shopper.registered",
		"shopper.person_verified", "shopper.linked", "shopper.unlinked",
		"shopper.person_verified", "shopper.linked")
}

func TestTheLinkAndTheContactAreKeptAsHashes(t *testing.T) {
	w := flowtest.New(t)
	m := w.Merchant()
	s := registered(w, m, camille())
	link := invite(w, m, s)
	_, person, err := confirm(w, link, words)
	if err != nil {
		t.Fatal(err)
	}
	w.See(func(tx *db.Tx) error {
		links, err := db.All(tx, `select hash from shopper_link where merchant = $1`, db.Scalar[string], m)
		if diff := cmp.Diff([]string{ident.Hash(string(link))}, links); diff != "" {
			t.Errorf("links (-want +got):\n%s", diff)
		}
		if err != nil {
			return err
		}
		contacts, err := db.All(tx, `select contact from shopper_person where id = $1`, db.Scalar[string], person)
		if diff := cmp.Diff([]string{ident.Hash("email:camille@example.fr")}, contacts); diff != "" {
			t.Errorf("contacts (-want +got):\n%s", diff)
		}
		return err
	})
}
