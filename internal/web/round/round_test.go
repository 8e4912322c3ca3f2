package round_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/checkout"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

func TestARoundShowsTodaysStopsOfItsCourierAndNoOthers(t *testing.T) {
	w := open(t)
	mine, theirs := w.enrols("Samir"), w.enrols("Louise")
	first, other := mine.goes(w.order("E-1")), theirs.goes(w.order("E-2"))
	page := mine.get("/tournee/")
	has(t, "the list", page, "14:00 – 16:00", "Camille Durand", "3 rue des Lilas", "TBE-1", "1 arrêt à faire", "Promis lundi 2 mars entre 14:00 et 16:00", "not TBE-2")
	has(t, "a stop's brief", mine.get(path(first)), "2 × Huile d'olive", "La boutique n'a déclaré aucun manque", "not camille@example.com")
	if a := mine.get(path(other)); a.Status != http.StatusNotFound {
		t.Errorf("another's stop: %d", a.Status)
	}
	if a := mine.post(path(other)+"/visite", url.Values{"client": {"x"}, "act": {"going"}}); a.Status != http.StatusNotFound {
		t.Errorf("another's stop, done: %d", a.Status)
	}
	w.Pass(24 * time.Hour)
	mine.signIn()
	has(t, "tomorrow", mine.get("/tournee/"), "Aucun arrêt", "not Camille")
	if a := mine.get(path(first)); a.Status != http.StatusNotFound {
		t.Errorf("yesterday's stop, and its telephone: %d", a.Status)
	}
}

// neighbourly is a carrier that hands parcels to whom shoppers name.
type neighbourly struct{}

func (neighbourly) Changes(carrier.Service) []carrier.Allowance {
	return []carrier.Allowance{{What: fact.ToNeighbour, OnRoad: true, Within: time.Hour}}
}

func (neighbourly) Change(context.Context, *egress.Client, carrier.Connection, string, carrier.ChangeRequest) (carrier.ChangeAnswer, error) {
	return carrier.ChangeAnswer{Outcome: carrier.ChangeTaken}, nil
}

// What the shopper asked for and the carrier agreed to is in the courier's brief, and
// nothing that it did not agree to.
func TestABriefSaysWithWhomItIsToBeLeft(t *testing.T) {
	w := open(t)
	b := w.enrols("Samir")
	o := w.order("E-1")
	stop := path(b.goes(o))
	office := lastmile.Office{Flow: w.Flow, Adapters: carrier.Adapters{}}
	var c lastmile.Change
	w.Do(w.ID, func(tx *flow.Tx) error {
		by, err := carrier.Get(tx.Tx, w.ID, w.couriers)
		if err != nil {
			return err
		}
		office.Adapters[by.Adapter] = neighbourly{}
		owed, err := promise.OfOrders(tx.Tx, w.ID, []ident.Order{o})
		if err != nil {
			return err
		}
		wish := lastmile.Wish{Order: o, Key: "k", What: fact.ToNeighbour, Words: "Mme Roux, au premier", Day: civil.NoDay}
		shop, err := merchant.Get(tx.Tx, w.ID)
		if err != nil {
			return err
		}
		bought, err := order.Get(tx.Tx, w.ID, o)
		if err != nil {
			return err
		}
		d, err := checkout.Delivery(tx.Tx, shop, bought, promise.DeliveryOf(owed[o]))
		if err != nil {
			return err
		}
		c, _, err = office.Ask(tx, w.ID, wish, d)
		return err
	})
	has(t, "asked", b.get(stop), "not Mme Roux")
	w.Do(w.ID, func(tx *flow.Tx) error {
		_, err := lastmile.Answer(tx, w.ID, c.Connection, c.ID, carrier.ChangeAnswer{Outcome: carrier.ChangeAccepted})
		return err
	})
	has(t, "agreed", b.get(stop), "Mme Roux, au premier", "Demandé par l'acheteur")
}

func TestWhatLacksIsSaidBeforeTheDoorOpens(t *testing.T) {
	w := open(t)
	b := w.enrols("Samir")
	o := w.Order("E-1", webtest.Sale{Slot: true}).Order.ID
	w.Lacks(o, 1)
	has(t, "the brief", b.get(path(b.goes(o))), "2 × Huile d'olive", "Manque, et c'est dit au client 1 × Huile d'olive", "Pas encore de colis")
}

// The hour, the proof and the hands decide nothing here: what the courier says
// becomes an event of the fleet, and the promise is judged by it.
func TestWhatIsDoneAtADoorIsJudgedAsFromAnyCarrier(t *testing.T) {
	w := open(t)
	b := w.enrols("Samir")
	for _, row := range []struct {
		law, at string
		act     lastmile.Act
		more    []string
		said    string
		status  fact.Status
		state   fact.State
		reason  string
	}{
		{"in the slot", "2026-03-02 14:30", lastmile.Delivered, []string{"signed_by", "C. Durand"}, "Livré à 14:30", fact.Delivered, fact.Kept, promise.InTime},
		{"with a neighbour", "2026-03-03 15:00", lastmile.Delivered, []string{"signed_by", "La voisine", "place", "neighbour"}, "Livré à 15:00", fact.Delivered, fact.Kept, promise.InTime},
		{"after the slot", "2026-03-04 16:40", lastmile.Delivered, []string{"signed_by", "C. Durand"}, "Livré à 16:40", fact.Delivered, fact.Broken, promise.Late},
		{"before it, knowing that", "2026-03-05 13:30", lastmile.Delivered, []string{"signed_by", "C. Durand", "meant", "yes"}, "livré trop tôt", fact.Delivered, fact.Broken, promise.Early},
		{"nobody there", "2026-03-06 14:10", lastmile.Failed, []string{"reason", "absent"}, "Échec à 14:10 : ", fact.FailedAttempt, fact.Open, ""},
		{"on the way", "2026-03-07 13:50", lastmile.Going, nil, "En route depuis 13:50", fact.OutForDelivery, fact.Open, ""},
	} {
		day, _, _ := strings.Cut(row.at, " ")
		w.At(day + " 09:00")
		b.signIn()
		o := w.order("E-" + day)
		st := b.goes(o)
		w.At(row.at)
		has(t, row.law, b.says(st, row.act, row.more...), row.said)
		w.Quiet()
		story, _ := w.story(o)
		if c := w.promised(o); story.Status != row.status || c.State != row.state || c.Last.Reason != row.reason {
			t.Errorf("%s: %s, %s %s", row.law, story.Status, c.State, c.Last.Reason)
		}
	}
}

// The page says what coming early breaks before it is done, and does nothing
// until it is meant.
func TestComingEarlyWithoutConsentIsSaidBefore(t *testing.T) {
	w := open(t)
	b := w.enrols("Samir")
	o := w.order("E-1")
	st := b.goes(o)
	w.At("2026-03-02 13:30")
	page := b.get(path(st))
	has(t, "the page", page, "Livrer avant 14:00 rompt la promesse")
	if len(page.Attributes("div.warning", "hidden")) != 0 {
		t.Error("the warning is hidden")
	}
	refused := b.says(st, lastmile.Delivered, "signed_by", "C. Durand")
	if refused.Status != http.StatusUnprocessableEntity {
		t.Fatalf("%d", refused.Status)
	}
	has(t, "refused", refused, "sans accord, livrer rompt la promesse")
	if story, events := w.story(o); story.Status == fact.Delivered || len(events) != 0 {
		t.Errorf("something happened: %+v", events)
	}
	w.At("2026-03-02 14:00")
	if hidden := b.get(path(st)).Attributes("div.warning", "hidden"); len(hidden) != 1 {
		t.Error("from the slot on there is nothing to warn of")
	}
}

func TestTheShopperIsAskedOnceAndTheAnswerShows(t *testing.T) {
	for _, row := range []struct {
		law      string
		accepted bool
		words    string
		state    fact.State
	}{
		{"yes", true, "vous pouvez livrer dès 11:30", fact.Kept},
		{"no", false, "venez à 14:00, pas avant", fact.Broken},
	} {
		w := open(t)
		b := w.enrols("Samir")
		o := w.order("E-1")
		st := b.goes(o)
		w.At("2026-03-02 11:00")
		has(t, row.law, b.get(path(st)), "Je suis en avance")
		a := b.post(path(st)+"/avance", url.Values{"at": {"11:30"}})
		has(t, row.law, b.get(a.Header.Get("Location")), "Demandé pour 11:30 : pas encore de réponse", "not Je suis en avance")
		if got := b.get(path(st) + "/avance").Body; !strings.Contains(got, `"state":"asked"`) {
			t.Errorf("%s: scripts are told %s", row.law, got)
		}
		w.At("2026-03-02 11:20")
		w.Do(w.ID, func(tx *flow.Tx) error {
			_, err := lastmile.AnswerEarly(tx, w.ID, o, row.accepted)
			return err
		})
		w.Quiet()
		has(t, row.law, b.get(path(st)), row.words)
		w.At("2026-03-02 11:40")
		b.says(st, lastmile.Delivered, "signed_by", "C. Durand", "meant", map[bool]string{false: "yes"}[row.accepted])
		w.Quiet()
		if c := w.promised(o); c.State != row.state {
			t.Errorf("%s: the promise is %s", row.law, c.State)
		}
	}
}

func TestALateHourIsAnnouncedAsTheFleetWould(t *testing.T) {
	w := open(t)
	b := w.enrols("Samir")
	o := w.order("E-1")
	st := b.goes(o)
	w.At("2026-03-02 15:40")
	has(t, "an hour that is past", b.says(st, lastmile.Late, "expected", "15:10"), "déjà passée")
	has(t, "no hour", b.says(st, lastmile.Late, "expected", "tantôt"), "heure d'arrivée")
	has(t, "announced", b.says(st, lastmile.Late, "expected", "16:31"), "Annoncé pour 16:31")
	w.Quiet()
	_, events := w.story(o)
	if len(events) != 1 || events[0].Expected != w.At("2026-03-02 16:31") || events[0].Reason != fact.ReasonDelay || events[0].Source != fact.FromCourier || events[0].Trust != fact.TrustSigned {
		t.Errorf("%+v", events)
	}
}

func TestADeliveryNeedsAProof(t *testing.T) {
	w := open(t)
	b := w.enrols("Samir")
	o := w.order("E-1")
	st := b.goes(o)
	w.At("2026-03-02 14:30")
	none := b.says(st, lastmile.Delivered)
	if none.Status != http.StatusUnprocessableEntity {
		t.Errorf("without a proof: %d", none.Status)
	}
	has(t, "without a proof", none, "Il faut une preuve")
	if a := b.shows(st, []byte("<svg onload=alert(1)>")); a.Status != http.StatusUnprocessableEntity || !strings.Contains(a.Body, `class="card wrong"`) {
		t.Errorf("a script for a photo: %d", a.Status)
	}
	shot := append(picture(t), []byte("GPS 45.76 4.83")...)
	has(t, "a photo", b.shows(st, shot), "Livré à 14:30")
	var kept blob.Blob
	w.See(func(tx *db.Tx) error {
		of, err := lastmile.Visits(tx, w.ID, []ident.Stop{st.ID})
		if err != nil {
			return err
		}
		kept, err = blob.Get(tx, w.ID, of[st.ID][0].Picture)
		return err
	})
	if kept.ContentType != blob.JPEG || strings.Contains(string(kept.Body), "GPS") {
		t.Errorf("kept as it came: %s, %d bytes", kept.ContentType, len(kept.Body))
	}
}

func TestTheShoppersCodeOpensFiveTimesAtMost(t *testing.T) {
	w := open(t)
	b := w.enrols("Samir")
	st, locked := b.goes(w.order("E-1")), b.goes(w.order("E-2"))
	w.At("2026-03-02 14:30")
	code := w.rounds.Code(st)
	has(t, "a wrong one", b.says(st, lastmile.Delivered, "code", wrong(code)), "Code faux", "essais restants : 4")
	has(t, "the right one, with a space", b.says(st, lastmile.Delivered, "code", code[:3]+" "+code[3:]), "Livré à 14:30")
	for range lastmile.Tries {
		b.says(locked, lastmile.Delivered, "code", wrong(w.rounds.Code(locked)))
	}
	has(t, "five wrong ones", b.says(locked, lastmile.Delivered, "code", w.rounds.Code(locked)), "Trop de codes faux à cet arrêt")
	has(t, "another proof still serves", b.says(locked, lastmile.Delivered, "signed_by", "C. Durand"), "Livré à 14:30")
	if code == w.rounds.Code(locked) {
		t.Error("two stops have one code")
	}
}

func wrong(code string) string {
	if code[0] == '9' {
		return "0" + code[1:]
	}
	return string(code[0]+1) + code[1:]
}

// Twenty stops done without network, sent twice: twenty effects, each at its hour.
func TestWhatWasDoneWithoutNetworkHasOneEffect(t *testing.T) {
	w := open(t)
	b := w.enrols("Samir")
	const many = 20
	var orders []ident.Order
	var all []late
	shift := b.shift()
	clock := civil.Instant(1_000_000_000_000) // of the device; it is 1970 there
	for i := range many {
		o := w.order(fmt.Sprintf("E-%d", i))
		orders = append(orders, o)
		all = append(all, late{
			client: fmt.Sprint("c", i), st: b.goes(o), shift: shift, act: lastmile.Delivered, more: []string{"signed_by", "C. Durand"},
			said: int64(clock.Add(time.Duration(i) * time.Minute)), sent: int64(clock.Add(90 * time.Minute)),
		})
	}
	w.At("2026-03-02 15:50")
	for range 2 {
		for _, l := range all {
			if a := b.sends(l); !a.Done || a.Tone != "good" {
				t.Errorf("%+v", a)
			}
		}
	}
	w.Quiet()
	for i, o := range orders {
		_, events := w.story(o)
		want := w.At("2026-03-02 14:20").Add(time.Duration(i) * time.Minute)
		if len(events) != 1 || events[0].At != want {
			t.Fatalf("stop %d: %+v", i, events)
		}
		if c := w.promised(o); c.State != fact.Kept {
			t.Errorf("stop %d: %s", i, c.State)
		}
	}
	has(t, "nothing is left", b.get("/tournee/"), "0 arrêt")
}

func TestWhatCanNotBeBelievedHasNoEffect(t *testing.T) {
	w := open(t)
	b := w.enrols("Samir")
	o := w.order("E-1")
	st, shift := b.goes(o), b.shift()
	w.At("2026-03-02 14:30")
	day := int64((24 * time.Hour).Microseconds())
	done := late{client: "c", st: st, shift: shift, act: lastmile.Delivered, said: day, sent: day, more: []string{"signed_by", "C."}}
	for _, row := range []struct {
		law    string
		change func(*late)
		words  string
	}{
		{"before the shift began", func(l *late) { l.client, l.sent = "a", 2*day }, "hors de votre service"},
		{"a code, which nobody could look at", func(l *late) { l.client, l.more = "b", []string{"code", wrong(w.rounds.Code(st))} }, "Code faux"},
		{"no proof", func(l *late) { l.client, l.more = "d", nil }, "Il faut une preuve"},
		{"a shift of nobody", func(l *late) { l.client, l.shift = "e", "shf_none" }, ""},
		{"a stop of nobody", func(l *late) { l.client, l.st.ID = "f", "stp_none" }, ""},
		{"an act that is none", func(l *late) { l.client, l.act = "g", "thrown" }, ""},
	} {
		l := done
		row.change(&l)
		if a := b.sends(l); !a.Done || a.Tone != "bad" || !strings.Contains(a.Words, row.words) {
			t.Errorf("%s: %+v", row.law, a)
		}
	}
	if _, events := w.story(o); len(events) != 0 {
		t.Errorf("%+v", events)
	}
	w.Do(w.ID, func(tx *flow.Tx) error { return crew.Revoke(tx, w.ID, b.device) })
	if a := b.post("/tournee/envoi", url.Values{"said": {"1"}, "sent": {"1"}}); a.Header.Get("Location") != "/tournee/appareil" {
		t.Errorf("a device that was shown out: %d", a.Status)
	}
}

func TestWhoIsNotLetInSeesNothing(t *testing.T) {
	w := open(t)
	b := w.enrols("Samir")
	st := b.goes(w.order("E-1"))
	for _, at := range []string{"/tournee/", path(st), path(st) + "/avance"} {
		if a := webtest.Get(t, w.door, at); a.Header.Get("Location") != "/tournee/appareil" {
			t.Errorf("a stranger at %s: %d", at, a.Status)
		}
	}
	b.post("/tournee/fin", nil)
	if a := b.get("/tournee/"); a.Header.Get("Location") != "/tournee/service" {
		t.Errorf("after the round: %d to %s", a.Status, a.Header.Get("Location"))
	}
	if a := b.post("/tournee/invite", nil); a.Status != http.StatusNotFound && a.Status != http.StatusMethodNotAllowed {
		t.Errorf("guests outside of the demo: %d", a.Status)
	}
	other := &van{w: w, cookies: strings.Split(b.cookies, "; ")[0]}
	for left := 4; left >= 0; left-- {
		a := other.post("/tournee/service", url.Values{"courier": {string(b.courier)}, "pin": {"271829"}})
		if a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%d tries left: %d", left, a.Status)
		}
	}
	has(t, "five wrong PINs", other.post("/tournee/service", url.Values{"courier": {string(b.courier)}, "pin": {pin}}), "Trop de codes faux")
}
