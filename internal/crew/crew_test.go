package crew_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

const pin = "271828"

// world is an organisation with a counter, another, and rounds.
type world struct {
	*flowtest.World
	m      ident.Merchant
	roster *crew.Roster
}

func key(t testing.TB) *vault.Vault {
	t.Helper()
	v, err := vault.New(bytes.Repeat([]byte{7}, vault.Size))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func open(t testing.TB) *world {
	t.Helper()
	w := flowtest.New(t)
	return &world{World: w, m: w.Merchant(), roster: crew.NewRoster(key(t))}
}

func (w *world) posts() []crew.Post { return []crew.Post{crew.Counter(w.m, "pnt_1"), crew.Rounds(w.m)} }

func (w *world) invites(at crew.Post) (link ident.Link) {
	w.T.Helper()
	w.Do(w.m, func(tx *flow.Tx) (err error) {
		_, link, err = crew.Invite(tx, at, " La tablette ")
		return err
	})
	return link
}

func (w *world) enrol(link ident.Link) (token string, err error) {
	err = w.Try(w.m, func(tx *flow.Tx) (err error) {
		token, err = crew.Enrol(tx, w.m, link)
		return err
	})
	return token, err
}

// stands is a device that was let in at a post.
func (w *world) stands(at crew.Post) (d crew.Device) {
	w.T.Helper()
	token, err := w.enrol(w.invites(at))
	if err != nil {
		w.T.Fatal(err)
	}
	w.See(func(tx *db.Tx) error {
		d, err = crew.DeviceOf(tx, at.Trade, token)
		return err
	})
	return d
}

func (w *world) employs(at crew.Post, name string) (c crew.Member) {
	w.T.Helper()
	w.Do(w.m, func(tx *flow.Tx) (err error) {
		c, err = w.roster.Employ(tx, at, name, pin)
		return err
	})
	return c
}

func (w *world) signIn(d crew.Device, id ident.Member, code string) (token string, err error) {
	err = w.Try(w.m, func(tx *flow.Tx) (err error) {
		token, _, err = w.roster.SignIn(tx, d, id, code)
		return err
	})
	return token, err
}

// on is who works on a device by a token; the fault is that of ShiftOf.
func (w *world) on(d crew.Device, token string) (s crew.Shift, err error) {
	w.See(func(tx *db.Tx) error { s, err = crew.ShiftOf(tx, d, token); return nil })
	return s, err
}

func TestALinkServesOnceADayLongAndOneTrade(t *testing.T) {
	w := open(t)
	for _, at := range w.posts() {
		link, old := w.invites(at), w.invites(at)
		other := w.posts()[0].Trade
		if other == at.Trade {
			other = w.posts()[1].Trade
		}
		w.See(func(tx *db.Tx) error {
			if d, err := crew.Invited(tx, at.Trade, link); err != nil || d.Post != at || d.Name != "La tablette" {
				t.Errorf("%s: %+v, %v", at.Trade, d, err)
			}
			if _, err := crew.Invited(tx, other, link); !fault.Is(err, "link_expired") {
				t.Errorf("the link of a %s opens for a %s: %v", at.Trade, other, err)
			}
			return nil
		})
		token, err := w.enrol(link)
		if err != nil {
			t.Fatal(err)
		}
		w.See(func(tx *db.Tx) error {
			if _, err := crew.DeviceOf(tx, other, token); fault.KindOf(err) != fault.Unauthorized {
				t.Errorf("the device of a %s is one of a %s: %v", at.Trade, other, err)
			}
			return nil
		})
		if _, err := w.enrol(link); !fault.Is(err, "link_expired") {
			t.Errorf("%s, again: %v", at.Trade, err)
		}
		w.Pass(crew.LinkLife)
		if _, err := w.enrol(old); !fault.Is(err, "link_expired") {
			t.Errorf("%s, a day later: %v", at.Trade, err)
		}
	}
}

func TestAPINLocksAfterFiveWrongOnes(t *testing.T) {
	w := open(t)
	for _, at := range w.posts() {
		d, c := w.stands(at), w.employs(at, "Nadia")
		try := func(code string) bool {
			token, err := w.signIn(d, c.ID, code)
			if err != nil {
				t.Fatal(err)
			}
			return token != ""
		}
		if !try(pin) {
			t.Fatalf("%s: the right PIN does not open", at.Trade)
		}
		for range crew.Tries {
			if try("271829") {
				t.Fatalf("%s: a wrong PIN opens", at.Trade)
			}
		}
		if try(pin) {
			t.Errorf("%s: who is locked comes in", at.Trade)
		}
		w.Do(w.m, func(tx *flow.Tx) error { return w.roster.SetPIN(tx, w.m, c.ID, "314159") })
		if try(pin) || !try("314159") {
			t.Errorf("%s: another PIN does not help", at.Trade)
		}
	}
}

func TestWhoMaySignInOnADevice(t *testing.T) {
	w := open(t)
	here, rounds := w.posts()[0], w.posts()[1]
	left := w.employs(here, "Louise")
	w.Do(w.m, func(tx *flow.Tx) error { return crew.Dismiss(tx, w.m, left.ID) })
	d := w.stands(here)
	for _, row := range []struct {
		law  string
		who  ident.Member
		code string
	}{
		{"a clerk of the counter", w.employs(here, "Nadia").ID, ""},
		{"a clerk of another", w.employs(crew.Counter(w.m, "pnt_2"), "Karim").ID, "not_found"},
		{"a courier", w.employs(rounds, "Samir").ID, "not_found"},
		{"a clerk who left", left.ID, "not_found"},
		{"nobody", "mbr_none", "not_found"},
	} {
		token, err := w.signIn(d, row.who, pin)
		if (token != "") != (row.code == "") || row.code != "" && !fault.Is(err, row.code) {
			t.Errorf("%s: %q, %v", row.law, token, err)
		}
	}
	w.See(func(tx *db.Tx) error {
		there, err := crew.At(tx, here)
		if len(there) != 1 || there[0].Name != "Nadia" {
			t.Errorf("at the counter: %+v", there)
		}
		all, _ := crew.Members(tx, w.m, crew.Clerk)
		if len(all) != 3 {
			t.Errorf("clerks, gone ones too: %+v", all)
		}
		return err
	})
}

func TestAShiftEnds(t *testing.T) {
	w := open(t)
	for _, at := range w.posts() {
		for law, end := range map[string]func(crew.Shift, crew.Device){
			"by itself":      func(crew.Shift, crew.Device) { w.Pass(at.Trade.ShiftLife()) },
			"by whose it is": func(s crew.Shift, _ crew.Device) { w.Do(w.m, func(tx *flow.Tx) error { return crew.SignOut(tx, s) }) },
			"with them": func(s crew.Shift, _ crew.Device) {
				w.Do(w.m, func(tx *flow.Tx) error { return crew.Dismiss(tx, w.m, s.Member) })
			},
			"with the device": func(s crew.Shift, _ crew.Device) {
				w.Do(w.m, func(tx *flow.Tx) error { return crew.Revoke(tx, w.m, s.Device) })
			},
			"with the next one": func(s crew.Shift, d crew.Device) {
				if _, err := w.signIn(d, w.employs(at, "Karim").ID, pin); err != nil {
					t.Fatal(err)
				}
			},
		} {
			d, c := w.stands(at), w.employs(at, "Nadia")
			token, err := w.signIn(d, c.ID, pin)
			if err != nil {
				t.Fatal(err)
			}
			s, err := w.on(d, token)
			if err != nil || s.Post != at || s.Named != "La tablette" || s.Name != "Nadia" || string(s.By()) != string(at.Trade)+":"+string(c.ID) {
				t.Fatalf("%s: %+v, %v", at.Trade, s, err)
			}
			if _, err := w.on(w.stands(at), token); fault.KindOf(err) != fault.Unauthorized {
				t.Errorf("%s on another device: %v", at.Trade, err)
			}
			end(s, d)
			if _, err := w.on(d, token); fault.KindOf(err) != fault.Unauthorized {
				t.Errorf("%s %s: %v", at.Trade, law, err)
			}
			w.See(func(tx *db.Tx) error { // what was done in it may come later
				was, err := crew.ShiftWas(tx, d, s.ID)
				if err != nil || was.Member != c.ID {
					t.Errorf("%s %s: %+v, %v", at.Trade, law, was, err)
				}
				return nil
			})
		}
	}
}

func TestAShiftCoversWhatWasDoneInIt(t *testing.T) {
	at := func(clock string) civil.Instant {
		day, err := time.Parse("15:04", clock)
		if err != nil {
			t.Fatal(err)
		}
		return civil.At(day.AddDate(2026, 2, 1))
	}
	whole, ended := crew.Shift{Began: at("08:00"), Until: at("18:00")}, crew.Shift{Began: at("08:00"), Until: at("18:00"), Ended: at("12:00")}
	for _, row := range []struct {
		law   string
		shift crew.Shift
		when  string
		want  bool
	}{
		{"before it", whole, "07:54", false},
		{"before it, by a clock that is slow", whole, "07:55", true},
		{"in it", whole, "13:00", true},
		{"after it, by a clock that is fast", whole, "18:05", true},
		{"after it", whole, "18:06", false},
		{"just after it was ended", ended, "12:05", true},
		{"after it was ended", ended, "12:06", false},
	} {
		if row.shift.Covers(at(row.when)) != row.want {
			t.Errorf("%s: %v", row.law, !row.want)
		}
	}
}

func TestAgeIsWhatADeviceMeasured(t *testing.T) {
	for _, row := range []struct {
		law        string
		said, sent civil.Instant
		want       time.Duration
	}{
		{"done and sent", 1_000_000, 61_000_000, time.Minute},
		{"not said when", 0, 61_000_000, 0},
		{"not said when it was sent", 1_000_000, 0, 0},
		{"a clock that was set back", 61_000_000, 1_000_000, 0},
	} {
		if got := crew.Age(row.said, row.sent); got != row.want {
			t.Errorf("%s: %s", row.law, got)
		}
	}
}

func TestWhoIsLetInIsToldUnderTheNamesThatFactsHadFirst(t *testing.T) {
	w := open(t)
	for _, at := range w.posts() {
		d, c := w.stands(at), w.employs(at, "Nadia")
		for range 2 { // the second time nothing happens
			w.Do(w.m, func(tx *flow.Tx) error {
				if err := crew.Revoke(tx, w.m, d.ID); err != nil {
					return err
				}
				return crew.Dismiss(tx, w.m, c.ID)
			})
		}
	}
	var told []fact.Kind
	w.See(func(tx *db.Tx) error {
		facts, err := flow.Timeline(tx, w.m, string(w.m))
		for _, f := range facts {
			told = append(told, f.Kind)
		}
		return err
	})
	want := slices.Concat(
		[]fact.Kind{"counter.device_set", "counter.clerk_set", "counter.device_set", "counter.clerk_set"},
		[]fact.Kind{"lastmile.device_set", "lastmile.courier_set", "lastmile.device_set", "lastmile.courier_set"},
	)
	if d := cmp.Diff(want, told); d != "" {
		t.Error(d)
	}
}

func TestWhatIsRefused(t *testing.T) {
	w := open(t)
	at := w.posts()[0]
	for _, row := range []struct {
		law         string
		verb        func(*flow.Tx) error
		code, field string
	}{
		{"a device without a name", func(tx *flow.Tx) error { _, _, err := crew.Invite(tx, at, " "); return err }, "field_required", "name"},
		{"somebody without a name", func(tx *flow.Tx) error { _, err := w.roster.Employ(tx, at, "", pin); return err }, "field_required", "name"},
		{"a PIN that is tried first", func(tx *flow.Tx) error { _, err := w.roster.Employ(tx, at, "Nadia", "123456"); return err }, "pin_invalid", "pin"},
		{"another one likewise", func(tx *flow.Tx) error { return w.roster.SetPIN(tx, w.m, "mbr_none", "111111") }, "pin_invalid", "pin"},
		{"a PIN for nobody", func(tx *flow.Tx) error { return w.roster.SetPIN(tx, w.m, "mbr_none", pin) }, "not_found", "member"},
		{"nobody shown out", func(tx *flow.Tx) error { return crew.Dismiss(tx, w.m, "mbr_none") }, "not_found", "member"},
		{"no device shown out", func(tx *flow.Tx) error { return crew.Revoke(tx, w.m, "dev_none") }, "not_found", "device"},
	} {
		err := w.Try(w.m, row.verb)
		if !fault.Is(err, row.code) || fault.All(err)[0].Field != row.field {
			t.Errorf("%s: %v", row.law, err)
		}
	}
}
