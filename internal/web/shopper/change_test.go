package shopper_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/shopper"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// asked is a carrier that takes changes until an hour before the slot.
type asked struct{}

func (asked) Changes(carrier.Service) []carrier.Allowance {
	return []carrier.Allowance{
		{What: fact.Reschedule, Before: time.Hour, Within: 30 * time.Minute},
		{What: fact.Redirect, Before: time.Hour, Within: 30 * time.Minute},
		{What: fact.Readdress, Before: time.Hour, Within: 30 * time.Minute},
		{What: fact.ToNeighbour, OnRoad: true, Within: 30 * time.Minute},
		{What: fact.CallBack, Before: time.Hour, Within: 30 * time.Minute},
	}
}

func (asked) Change(context.Context, *egress.Client, carrier.Connection, string, carrier.ChangeRequest) (carrier.ChangeAnswer, error) {
	return carrier.ChangeAnswer{Outcome: carrier.ChangeTaken}, nil
}

// afar is one that takes them on its own page.
type afar struct{}

func (afar) ChangePage(number string) string { return "https://colis.example/suivi/" + number }

// changeable is an order in a slot from 14:00 to 16:00 on Monday 2 March 2026,
// whose carrier is asked by an adapter; it is 09:00.
func changeable(t *testing.T, by any) bought {
	t.Helper()
	b := buys(t)
	adapters := carrier.Adapters{}
	b.See(func(tx *db.Tx) error {
		all, err := carrier.Connections(tx, b.ID)
		for _, c := range all {
			adapters[c.Adapter] = by
		}
		return err
	})
	d, err := shopper.New(shopper.Config{
		Flow: b.Flow, Base: "https://suivi.example", Changes: &lastmile.Office{Flow: b.Flow, Adapters: adapters}, Desk: b.Desk,
	})
	if err != nil {
		t.Fatal(err)
	}
	b.door = d
	return b
}

// wishes are the changes asked for.
func (b bought) wishes() (all []lastmile.Change) {
	b.t.Helper()
	b.See(func(tx *db.Tx) (err error) {
		all, err = lastmile.Changes(tx, b.ID, b.id())
		return err
	})
	return all
}

// slots are those that the page offers.
func slots(a webtest.Answer) (all []string) {
	for _, v := range a.Attributes("input", "value") {
		if from, _, ok := strings.Cut(v, "-"); ok && len(from) == 16 && strings.Trim(from, "0123456789") == "" {
			all = append(all, v)
		}
	}
	return all
}

func TestTheLinkReadsWhatCanBeChangedAndACodeAsksForIt(t *testing.T) {
	b := changeable(t, asked{})
	says(t, "on the order's page", b.get("").One("main"), "Changer la livraison", "Possible jusqu'à")
	read := b.get("/changer")
	says(t, "with the link", read.One("main"), "Un autre moment", "Une autre personne", "Aucun point de retrait n'est connu", "montrez d'abord")
	offered := slots(read)
	if len(offered) == 0 {
		t.Fatal("no slot is offered")
	}
	form := url.Values{"what": {"reschedule"}, "key": {"k"}, "slot": {offered[0]}}
	b.goes("/changer", form, "/preuve?vers=changer")
	if len(b.wishes()) > 0 {
		t.Fatal("the link alone asked for a change")
	}
	b.hand("changer")
	for range 2 { // a form sent twice is one change
		says(t, "asked", b.goes("/changer", form, "/changer").One("main"), "Demandé", "n'a pas encore répondu", "Tout reste comme promis")
	}
	all := b.wishes()
	if len(all) != 1 || all[0].State != lastmile.ChangeAsked {
		t.Fatalf("%+v", all)
	}

	other := b.post("/changer", url.Values{"what": {"neighbour"}, "key": {"from another tab"}, "words": {"Mme Roux"}})
	if other.Status != 422 || !strings.Contains(other.One(".errors"), "attend déjà la réponse") {
		t.Errorf("two tabs: %d %s", other.Status, other.All(".errors"))
	}
	b.Do(b.ID, func(tx *flow.Tx) error {
		_, err := lastmile.Answer(tx, b.ID, all[0].Connection, all[0].ID, carrier.ChangeAnswer{Outcome: carrier.ChangeRefused, Reason: fact.ChangeFull})
		return err
	})
	says(t, "refused", b.get("/changer").One("main"), "Refusé", "n'a plus de place", "Tout reste comme promis", "Une autre personne")
}

func TestWhatNoFormOfOursAsksFor(t *testing.T) {
	for _, row := range []struct {
		law, at string
		form    url.Values
		want    string
	}{
		{"after the cut-off", "2026-03-02 13:05", url.Values{"what": {"reschedule"}, "slot": {"1-2"}}, "trop tard"},
		{"a slot that never was", "", url.Values{"what": {"reschedule"}, "slot": {"1772500000000000-1772507200000000"}}, "n'est plus proposé"},
		{"a slot of letters", "", url.Values{"what": {"reschedule"}, "slot": {"a-b"}}, "n'est plus proposé"},
		{"a slot at the end of time", "", url.Values{"what": {"reschedule"}, "slot": {"9223372036854775807-9223372036854775807"}}, "créneau"},
		{"a change that is none", "", url.Values{"what": {"teleport"}}, "ne permet pas ce changement"},
		{"nobody to hand it to", "", url.Values{"what": {"neighbour"}, "words": {"  "}}, "endroit ou personne"},
		{"a neighbour of 2 000 letters", "", url.Values{"what": {"neighbour"}, "words": {strings.Repeat("é", 2_000)}}, "200"},
		{"an address that is none", "", url.Values{"what": {"neighbour"}, "words": {"Mme Roux"}, "email": {"roux"}}, "adresse"},
		{"a day that is none", "", url.Values{"what": {"reschedule"}, "day": {"2026-02-30"}}, "liste"},
	} {
		b := changeable(t, asked{})
		if row.at != "" {
			b.At(row.at)
		}
		b.hand("changer")
		a := b.post("/changer", row.form)
		if a.Status != 422 || !strings.Contains(strings.ToLower(a.One(".errors")), row.want) {
			t.Errorf("%s: %d %s", row.law, a.Status, a.All(".errors"))
		}
		if all := b.wishes(); len(all) > 0 {
			t.Errorf("%s: %+v", row.law, all)
		}
	}
}

// A carrier that takes changes itself: the way there is shown, and that it was
// asked for is history.
func TestACarrierWithAPageOfItsOwn(t *testing.T) {
	b := changeable(t, afar{})
	b.Parcel(b.Placed.Order.ID, "T-1")
	says(t, "on the order's page", b.get("").One("main"), "Sur la page de")
	read := b.get("/changer")
	if strings.Contains(read.Body, "colis.example") {
		t.Error("the way is shown before anybody asks")
	}
	after := b.goes("/changer/ailleurs", nil, "/changer?ailleurs=1")
	if hrefs := after.Attributes("a", "href"); !strings.Contains(strings.Join(hrefs, " "), "https://colis.example/suivi/T1") && !strings.Contains(strings.Join(hrefs, " "), "https://colis.example/suivi/T-1") {
		t.Errorf("%q", hrefs)
	}
	says(t, "history", b.get("").One("main"), "Vous êtes allé sur la page du transporteur")
}

// doorAt is another address of the form.
func doorAt(street, postcode string) url.Values {
	return url.Values{
		"what": {"address"}, "key": {"k"}, "address.name": {"Camille Durand"}, "address.street": {street}, "address.postcode": {postcode}, "address.city": {"Lyon"},
	}
}

// Another door is seen before it is asked for; while nothing is packed it is the
// order's at once, and whoever has but the link reads the town alone.
func TestAnotherDoorIsSeenAndThenChosen(t *testing.T) {
	b := changeable(t, asked{})
	b.goes("/changer", doorAt("12 rue Neuve", "69003"), "/preuve?vers=changer")
	b.hand("changer")
	for _, row := range []struct{ law, street, postcode, says, at string }{
		{"no street", "", "69003", "« rue »", "address.street"},
		{"no postcode of the country", "12 rue Neuve", "6900", "code postal", "address.postcode"},
		{"where nobody goes", "12 rue Neuve", "97400", "ne livre pas au 97400", ""},
	} {
		a := b.post("/changer", doorAt(row.street, row.postcode))
		if a.Status != 422 || !strings.Contains(strings.ToLower(a.One(".errors")), row.says) {
			t.Errorf("%s: %d %s", row.law, a.Status, a.All(".errors"))
		}
		if row.at != "" && !strings.Contains(a.Body, `id="`+row.at+`-wrong"`) {
			t.Errorf("%s: the box does not say so", row.law)
		}
	}
	form := doorAt("12 rue Neuve", "69003")
	seen := b.post("/changer", form)
	says(t, "seen", seen.One(".next"), "12 rue Neuve", "La date promise ne change pas", "Vous ne payez rien de plus", "vaut tout de suite", "Confirmer")
	if len(b.wishes()) > 0 {
		t.Fatal("to look was to ask")
	}
	form.Set("agreed", "0")
	for range 2 {
		says(t, "done", b.goes("/changer", form, "/changer").One("main"), "Accepté", "C'est fait", "12 rue Neuve")
	}
	all := b.wishes()
	if len(all) != 1 || all[0].State != lastmile.ChangeAccepted || all[0].To.Street != "12 rue Neuve" || all[0].Was.Street == "" {
		t.Fatalf("%+v", all)
	}
	b.See(func(tx *db.Tx) error {
		o, err := orders.Get(tx, b.ID, b.id())
		if o.Ship.Street != "12 rue Neuve" || o.Ship.Postcode != "69003" {
			t.Errorf("it goes to %+v", o.Ship)
		}
		bill, apart, err2 := orders.Billing(tx, b.ID, b.id())
		if !apart || bill != all[0].Was {
			t.Errorf("the bill goes to %+v, %v", bill, err2)
		}
		return err
	})
}
