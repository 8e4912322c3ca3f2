package merchant_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

// ask asks for a link; it is empty when there are no more.
func ask(w *flowtest.World, email string) (link ident.Link, err error) {
	err = w.Write(context.Background(), "test", nil, func(tx *flow.Tx) error {
		l, more, err := merchant.AskSignIn(tx, email)
		if link = ""; more {
			link = l
		}
		return err
	})
	return link, err
}

func asked(w *flowtest.World, email string) ident.Link {
	w.T.Helper()
	link, err := ask(w, email)
	if err != nil || link == "" {
		w.T.Fatalf("asked for %s: %q, %v", email, link, err)
	}
	return link
}

// seats is the merchants at which a link lets its holder sit.
func seats(w *flowtest.World, link ident.Link) (ms []ident.Merchant, fail error) {
	w.T.Helper()
	w.See(func(tx *db.Tx) error {
		var all []merchant.Seat
		all, fail = merchant.SignIn(tx, link)
		for _, s := range all {
			ms = append(ms, s.Merchant)
		}
		return nil
	})
	return ms, fail
}

func take(w *flowtest.World, link ident.Link, m ident.Merchant) (token string, err error) {
	err = w.Try(m, func(tx *flow.Tx) (err error) {
		token, err = merchant.TakeSeat(tx, link, m)
		return err
	})
	return token, err
}

func session(w *flowtest.World, token string) (s merchant.Session, fail error) {
	w.T.Helper()
	w.See(func(tx *db.Tx) error {
		s, fail = merchant.SessionOf(tx, token)
		return nil
	})
	return s, fail
}

func TestALinkSignsInOnce(t *testing.T) {
	w := flowtest.New(t)
	m := opened(w, grocer()).ID
	sam := hired(w, m, "sam@alinksignsinonce.example", merchant.Agent)
	link := asked(w, " Sam@ALINKSIGNSINONCE.example ")
	for range 2 { // reading uses nothing up
		if ms, err := seats(w, link); err != nil || !slices.Equal(ms, []ident.Merchant{m}) {
			t.Fatalf("seats %v, %v", ms, err)
		}
	}
	token, err := take(w, link, m)
	if err != nil {
		t.Fatal(err)
	}
	s, err := session(w, token)
	if err != nil || s.Merchant != m || s.Shop != grocer().Name || s.Staff != sam || s.Began != w.Clock().Wall() {
		t.Errorf("session %+v, %v", s, err)
	}
	_, err = take(w, link, m)
	mustBreak(t, "taken twice", err, "link_expired at ")
	_, err = seats(w, link)
	mustBreak(t, "read once used", err, "link_expired at ")
}

func TestALinkOpensWhatItsHolderMayOpen(t *testing.T) {
	w := flowtest.New(t)
	first, second, third := opened(w, grocer()).ID, opened(w, grocer()).ID, opened(w, grocer()).ID
	hired(w, first, "sam@alinkopenswhatitsholdermayopen.example", merchant.Agent)
	hired(w, second, "sam@alinkopenswhatitsholdermayopen.example", merchant.Owner)
	hired(w, third, "kim@alinkopenswhatitsholdermayopen.example", merchant.Owner)
	link := asked(w, "sam@alinkopenswhatitsholdermayopen.example")
	if ms, err := seats(w, link); err != nil || !slices.Equal(ms, []ident.Merchant{first, second}) {
		t.Errorf("seats %v, %v", ms, err)
	}
	_, err := take(w, link, third)
	mustBreak(t, "another's seat", err, "link_expired at ")
	_, err = take(w, link, "")
	mustBreak(t, "no seat", err, "link_expired at ")
	token, err := take(w, link, second)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := session(w, token); err != nil || s.Merchant != second || s.Staff.Set != merchant.Owner {
		t.Errorf("session %+v, %v", s, err)
	}
	_, err = take(w, link, first)
	mustBreak(t, "the other seat, once used", err, "link_expired at ")
}

// Whoever asks learns nothing: neither from the answer nor from what a link does.
func TestNobodyLearnsWhoWorksWhere(t *testing.T) {
	w := flowtest.New(t)
	hired(w, opened(w, grocer()).ID, "sam@nobodylearnswhoworkswhere.example", merchant.Agent)
	_, err := seats(w, asked(w, "nobody@nobodylearnswhoworkswhere.example"))
	mustBreak(t, "of nobody", err, "link_expired at ")
	_, err = seats(w, "guessed")
	mustBreak(t, "guessed", err, "link_expired at ")
	_, err = ask(w, "sam")
	mustBreak(t, "no address", err, "email_invalid at email")
}

func TestAnAddressIsSentFiveLinksInAQuarterOfAnHour(t *testing.T) {
	w := flowtest.New(t)
	hired(w, opened(w, grocer()).ID, "sam@anaddressissentfivelinksinaquarterofanhour.example", merchant.Agent)
	for range 5 {
		asked(w, "sam@anaddressissentfivelinksinaquarterofanhour.example")
	}
	for _, typed := range []string{"sam@anaddressissentfivelinksinaquarterofanhour.example", "SAM@anaddressissentfivelinksinaquarterofanhour.example"} {
		if link, err := ask(w, typed); err != nil || link != "" {
			t.Errorf("a sixth, to %s: %q, %v", typed, link, err)
		}
	}
	asked(w, "kim@anaddressissentfivelinksinaquarterofanhour.example") // another's are their own
	w.Pass(merchant.SignInLife + time.Second)
	asked(w, "sam@anaddressissentfivelinksinaquarterofanhour.example")
}

// A link and a session live in machine time: a world that stands still, or runs,
// neither keeps nor ends them.
func TestHowLongOneStaysSignedIn(t *testing.T) {
	w := flowtest.New(t)
	m := opened(w, grocer()).ID
	hired(w, m, "sam@howlongonestayssignedin.example", merchant.Agent)
	late := asked(w, "sam@howlongonestayssignedin.example")
	w.Pass(merchant.SignInLife)
	_, err := take(w, late, m)
	mustBreak(t, "a quarter of an hour later", err, "link_expired at ")

	in := func() string {
		t.Helper()
		token, err := take(w, asked(w, "sam@howlongonestayssignedin.example"), m)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	idle := in()
	w.Pass(merchant.SessionIdle - time.Second)
	if _, err := session(w, idle); err != nil {
		t.Errorf("a second before: %v", err)
	}
	w.Pass(time.Second)
	_, err = session(w, idle)
	mustBreak(t, "twelve hours without a click", err, "unauthorized at ")

	busy := in()
	for began := w.Clock().Wall(); w.Clock().Wall().Sub(began) < merchant.SessionLife-time.Hour; {
		w.Pass(time.Hour)
		if s, err := session(w, busy); err != nil || !s.Aging(w.Clock().Wall()) {
			t.Fatalf("after %s: %v", w.Clock().Wall().Sub(began), err)
		}
		w.Do(m, func(tx *flow.Tx) error { return merchant.Stay(tx, m, busy) })
	}
	w.Pass(time.Hour)
	_, err = session(w, busy)
	mustBreak(t, "a week of clicks", err, "unauthorized at ")
}

func TestASessionEndsByLeaving(t *testing.T) {
	w := flowtest.New(t)
	m := opened(w, grocer()).ID
	hired(w, m, "owner@asessionendsbyleaving.example", merchant.Owner)
	sam := hired(w, m, "sam@asessionendsbyleaving.example", merchant.Agent)
	open := func() (token string) {
		w.Do(m, func(tx *flow.Tx) (err error) {
			token, err = merchant.OpenSession(tx, m, sam.ID)
			return err
		})
		return token
	}
	left, shown := open(), open()
	for range 2 {
		w.Do(m, func(tx *flow.Tx) error { return merchant.Leave(tx, m, left) })
	}
	_, err := session(w, left)
	mustBreak(t, "after leaving", err, "unauthorized at ")
	if _, err := session(w, shown); err != nil {
		t.Errorf("the other session: %v", err)
	}
	w.Do(m, func(tx *flow.Tx) error { return merchant.Change(tx, m, sam.ID, merchant.Viewer) })
	if s, err := session(w, shown); err != nil || s.Staff.Set != merchant.Viewer {
		t.Errorf("other rights count from the next click on: %+v, %v", s, err)
	}
	w.Do(m, func(tx *flow.Tx) error { return merchant.Dismiss(tx, m, sam.ID) })
	_, err = session(w, shown)
	mustBreak(t, "shown out", err, "unauthorized at ")
	err = w.Try(m, func(tx *flow.Tx) error {
		_, err := merchant.OpenSession(tx, m, sam.ID)
		return err
	})
	mustBreak(t, "coming back", err, "not_found at staff")
}

func TestOldSessionsAreForgotten(t *testing.T) {
	w := flowtest.New(t)
	m := opened(w, grocer()).ID
	sam := hired(w, m, "sam@oldsessionsareforgotten.example", merchant.Owner)
	for range 3 {
		w.Do(m, func(tx *flow.Tx) error {
			_, err := merchant.OpenSession(tx, m, sam.ID)
			return err
		})
		w.Pass(merchant.SessionIdle)
	}
	for range 3 {
		asked(w, "sam@oldsessionsareforgotten.example")
		w.Pass(2 * merchant.SignInLife)
	}
	w.See(func(tx *db.Tx) error {
		left, err := db.All(tx, `select count(*) from merchant_session where merchant = $1`, db.Scalar[int], m)
		links, _ := db.All(tx, `select count(*) from merchant_signin where asked < $1`, db.Scalar[int], int64(w.Clock().Wall().Add(-4*merchant.SignInLife)))
		if left[0] != 1 || links[0] != 0 {
			t.Errorf("%d sessions and %d old links kept", left[0], links[0])
		}
		return err
	})
}

func TestSecretsOfSessionsAreNotKept(t *testing.T) {
	w := flowtest.New(t)
	m := opened(w, grocer()).ID
	hired(w, m, "sam@secretsofsessionsarenotkept.example", merchant.Owner)
	link := asked(w, "sam@secretsofsessionsarenotkept.example")
	token, err := take(w, link, m)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(token, "ses_") || len(token) < 40 || len(link) != 22 {
		t.Errorf("token %q, link %q", token, link)
	}
	w.See(func(tx *db.Tx) error {
		sessions, err := db.All(tx, `select hash from merchant_session where merchant = $1`, db.Scalar[string], m)
		if err != nil {
			return err
		}
		links, err := db.All(tx, `select hash from merchant_signin where used = $1`, db.Scalar[string], int64(w.Clock().Wall()))
		if !slices.Equal(sessions, []string{ident.Hash(token)}) || !slices.Contains(links, ident.Hash(string(link))) {
			t.Errorf("kept %q and %q", sessions, links)
		}
		facts, _ := flow.Timeline(tx, m, string(m))
		if all := fmt.Sprint(facts); strings.Contains(all, token) || strings.Contains(all, string(link)) || strings.Contains(all, "sam@") {
			t.Error("a fact tells a secret or an address")
		}
		return err
	})
	for _, guess := range []string{"", "ses_", ident.Hash(token), token + "x"} {
		_, err := session(w, guess)
		if fault.KindOf(err) != fault.Unauthorized {
			t.Errorf("%q: %v", guess, err)
		}
	}
}

// Two clicks on one link at once: one session.
func TestTwoTakeOneSeat(t *testing.T) {
	w := flowtest.New(t)
	m := opened(w, grocer()).ID
	hired(w, m, "sam@twotakeoneseat.example", merchant.Owner)
	link := asked(w, "sam@twotakeoneseat.example")
	results := make(chan error, 8)
	for range cap(results) {
		go func() {
			_, err := take(w, link, m)
			results <- err
		}()
	}
	won := 0
	for range cap(results) {
		if err := <-results; err == nil {
			won++
		} else if !slices.Equal(broken(err), []string{"link_expired at "}) {
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d sessions of one link", won)
	}
}
