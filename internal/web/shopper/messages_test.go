package shopper_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	people "github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// calls gives the shopper a telephone.
func (b bought) calls(number string) {
	b.t.Helper()
	b.Do(b.ID, func(tx *flow.Tx) error {
		who, err := people.Get(tx.Tx, b.ID, b.Placed.Order.Shopper)
		if err != nil {
			return err
		}
		_, err = people.Register(tx, b.ID, people.NewShopper{Email: who.Email, Phone: number, Locale: lang.French})
		return err
	})
}

func (b bought) said() (all []notify.Preference) {
	b.t.Helper()
	b.See(func(tx *db.Tx) (err error) {
		all, err = notify.Preferences(tx, b.ID, b.Placed.Order.Shopper)
		return err
	})
	return all
}

// hand types a code, asked for by a page, and gives that page.
func (b bought) hand(page string) webtest.Answer {
	b.t.Helper()
	b.goes("/preuve", url.Values{"send": {"1"}, "vers": {page}}, "/preuve?vers="+page)
	return b.goes("/preuve", url.Values{"code": {b.code()}, "vers": {page}}, "/"+page)
}

// ticked is the form as the page has it.
func ticked(a webtest.Answer) url.Values {
	form := a.Fields()
	for _, name := range []string{"endpoint", "p256dh", "auth"} { // of the other form
		form.Del(name)
	}
	return form
}

func TestTheLinkReadsTheChoicesAndACodeChangesThem(t *testing.T) {
	b := buys(t)
	b.calls("06 12 34 56 78")
	read := b.get("/messages")
	for name := range read.Fields() {
		if strings.Contains(name, ".") {
			t.Errorf("the link alone may change %s", name)
		}
	}
	if !strings.Contains(read.One("main"), "•• •• •• 78") || strings.Contains(read.Body, "06 12 34") || strings.Contains(read.Body, "612345678") {
		t.Error("the number is shown to whoever has the link, or not at all")
	}
	b.goes("/messages", url.Values{"promise_at_risk.email": {}}, "/preuve?vers=messages")
	if all := b.said(); len(all) > 0 {
		t.Fatalf("the link alone changed %+v", all)
	}

	form := ticked(b.hand("messages"))
	if form.Get("promise_at_risk.email") != "1" || form.Get("promise_at_risk.sms") != "" || form.Get("order_confirmed.email") != "" {
		t.Fatalf("%v", form)
	}
	form.Del("parcel_shipped.email")
	form.Set("promise_at_risk.sms", "1")
	form.Set("quiet_from", "21:30")
	after := b.goes("/messages", form, "/messages?note=1")
	says(t, "kept", after.One("main"), "C'est enregistré")
	if got := ticked(after); got.Encode() != form.Encode() {
		t.Errorf("got %v, want %v", got, form)
	}
	if all := b.said(); len(all) != 2 { // what did not change is not said
		t.Errorf("%+v", all)
	}
}

func TestChoicesThatAreNone(t *testing.T) {
	b := buys(t)
	form := ticked(b.hand("messages"))
	form.Set("quiet_until", "25:61")
	form.Set("promise_at_risk.sms", "1") // there is no number
	wrong := b.post("/messages", form)
	if wrong.Status != 422 || !strings.Contains(wrong.One(".errors"), "« 25:61 » n'est pas une heure") {
		t.Errorf("%d %s", wrong.Status, wrong.All(".errors"))
	}
	form.Set("quiet_until", "07:00")
	b.goes("/messages", form, "/messages?note=1")
	if all := b.said(); len(all) > 0 {
		t.Errorf("%+v", all)
	}
	for _, away := range []string{"https://elsewhere.example", "//elsewhere.example", "../../console", "a?b=c"} {
		clear(b.jar)
		if a := b.get("/preuve?vers=" + url.QueryEscape(away)); a.Fields().Has("vers") {
			t.Errorf("%q is handed on", away)
		}
	}
}

func TestABrowserIsEnrolledByCodeAlone(t *testing.T) {
	b := buys(t)
	browser := url.Values{
		"endpoint": {"https://push.example/1"}, "auth": {"BTBZMqHH6r4Tts7J_aSIgg"},
		"p256dh": {"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"},
	}
	b.goes("/navigateur", browser, "/preuve?vers=messages")
	b.hand("messages")
	for _, inside := range []string{"http://127.0.0.1/", "https://169.254.169.254/x", "javascript:1", "https://box.local/"} {
		wrong := url.Values{"endpoint": {inside}, "auth": browser["auth"], "p256dh": browser["p256dh"]}
		if a := b.post("/navigateur", wrong); a.Status != 422 {
			t.Errorf("%s: %d", inside, a.Status)
		}
	}
	after := b.goes("/navigateur", browser, "/messages")
	says(t, "enrolled", after.One("main"), "1 navigateur est abonné")
	form := ticked(after)
	if form.Get("promise_at_risk.push") != "1" {
		t.Error("a browser that asked is not told")
	}
	form.Set("forget", "1")
	says(t, "forgotten", b.goes("/messages", form, "/messages?note=1").One("main"), "Aucun navigateur")
}

func TestWhatWasWrittenIsListed(t *testing.T) {
	b := buys(t)
	b.Do(b.ID, func(tx *flow.Tx) error {
		return notify.Prefer(tx, b.ID, notify.Preference{Shopper: b.Placed.Order.Shopper, Topic: fact.TopicDelivered, Channel: notify.Email})
	})
	o := b.Placed.Order
	b.Do(b.ID, func(tx *flow.Tx) error {
		placed := flow.Fact{Merchant: b.ID, Body: fact.OrderPlaced{Order: o.ID, Shopper: o.Shopper}}
		if err := notify.Consider(tx, []flow.Fact{placed}); err != nil {
			return err
		}
		return notify.Consider(tx, []flow.Fact{{Merchant: b.ID, Body: fact.ParcelMoved{
			Parcel: "par_1", Order: o.ID, Shopper: o.Shopper, Direction: fact.Out, Now: fact.Delivered, Trust: fact.TrustSigned, LastScan: tx.Now,
		}}})
	})
	log := strings.Join(b.get("/messages").All(".bullets li"), "\n")
	says(t, "sent", log, "commande confirmée, par e-mail : en attente")
	says(t, "not sent", log, "colis livré, par e-mail : pas envoyé — Vous n'en vouliez pas.")
}
