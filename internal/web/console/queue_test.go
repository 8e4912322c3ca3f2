package console_test

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// desk is a carrier that answers every question the same.
type desk string

func (d desk) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(d))), Request: r}, nil
}

// late is an order whose parcel does not come, twenty minutes after its deadline:
// broken, and refused by the policy as long as it may wait.
func (o *office) late(reference string) promise.Commitment {
	o.T.Helper()
	order := o.Order(reference, webtest.Sale{}).Order.ID
	o.Parcel(order, "N"+reference)
	o.Scan("N"+reference, fact.PickedUp)
	var owed promise.Commitment
	o.See(func(tx *db.Tx) error {
		of, err := promise.OfOrders(tx, o.ID, []ident.Order{order})
		owed = promise.DeliveryOf(of[order])
		return err
	})
	o.Pass(owed.Due().Sub(o.Clock().Now()) + time.Minute)
	o.Quiet()
	return owed
}

func (o *office) facts(order ident.Order) (kinds []fact.Kind) {
	o.T.Helper()
	o.See(func(tx *db.Tx) error {
		all, err := flow.Timeline(tx, o.ID, string(order))
		for _, f := range all {
			kinds = append(kinds, f.Kind)
		}
		return err
	})
	return kinds
}

func TestTheQueueOffersWhatMends(t *testing.T) {
	o := open(t)
	if got := must(t, o.get(merchant.Agent, "/console/queue"), 200).One("main"); !strings.Contains(got, "Rien n'est en danger") {
		t.Errorf("nothing is wrong yet: %q", got)
	}
	owed := o.late("E-1")
	page := must(t, o.get(merchant.Agent, "/console/queue"), 200)
	if row := page.One(".queue li"); !strings.Contains(row, "E-1") || !strings.Contains(row, "NE-1") || !strings.Contains(row, "Rompue") {
		t.Errorf("the row says %q", row)
	}
	if strings.Contains(page.Body, "/ask") {
		t.Error("a carrier that takes no questions is asked")
	}
	path := "/console/queue/" + string(owed.ID)
	must(t, o.send(merchant.Agent, path+"/tell", nil), 303)
	must(t, o.send(merchant.Agent, path+"/tell", nil), 303) // a second click, or a second person
	if told := slices.DeleteFunc(o.facts(owed.Order), func(k fact.Kind) bool { return k != "promise.reestimated" }); len(told) != 1 {
		t.Errorf("the new date is told %d times", len(told))
	}
	again := must(t, o.get(merchant.Agent, "/console/queue"), 200)
	if row := again.One(".queue li"); !strings.Contains(row, "Nouvelle date annoncée") || strings.Contains(again.Body, "/tell") {
		t.Errorf("the row says %q", row)
	}
	o.Handle(carrier.Asker(o.Flow, egress.New(egress.Options{Wall: o.Clock().Wall, Transport: desk(`{"answer":"Il repart demain."}`)})))
	o.Do(o.ID, func(tx *flow.Tx) error {
		c, err := carrier.Get(tx.Tx, o.ID, o.Carrier)
		if err == nil {
			c.Inquiries = "https://carrier.example/questions"
			_, err = carrier.Connect(tx, o.ID, c)
		}
		return err
	})
	must(t, o.send(merchant.Agent, path+"/ask", nil), 303)
	o.Quiet()
	if got := must(t, o.get(merchant.Agent, "/console/queue"), 200).One(".queue li"); !strings.Contains(got, "Il repart demain.") {
		t.Errorf("the carrier's answer: %q", got)
	}
}

func TestRepairingByHandIsDoneOnce(t *testing.T) {
	o := open(t)
	owed := o.late("E-1")
	path := "/console/queue/" + string(owed.ID) + "/repair"
	a := o.send(merchant.Agent, path, nil)
	var all []remedy.Remedy
	o.See(func(tx *db.Tx) error {
		of, err := remedy.OfOrders(tx, o.ID, []ident.Order{owed.Order})
		all = of[owed.Order]
		return err
	})
	granted := 0
	for _, r := range all {
		if r.State == remedy.Granted {
			granted++
		}
	}
	if granted != 1 {
		t.Fatalf("answered %d: %d grants", a.Status, granted)
	}
	if got := must(t, o.send(merchant.Agent, path, nil), 422).One("main"); !strings.Contains(got, "Il ne reste rien à créditer") {
		t.Errorf("again: %q", got)
	}
}

func TestWhatDoesNotComeIsSentAgain(t *testing.T) {
	o := open(t)
	owed := o.late("E-1")
	path := "/console/queue/" + string(owed.ID) + "/reship"
	for _, wrong := range []string{"", " ", "NE-1"} {
		must(t, o.send(merchant.Agent, path, url.Values{"number": {wrong}}), 422)
	}
	must(t, o.send(merchant.Agent, path, url.Values{"number": {"NEW-2"}}), 303)
	o.Quiet()
	o.Scan("NEW-2", fact.Delivered)
	o.Quiet()
	o.See(func(tx *db.Tx) error {
		c, err := promise.Get(tx, o.ID, owed.ID)
		if c.State != fact.Broken || !c.Last.LateKnown {
			t.Errorf("%+v", c.Last)
		}
		return err
	})
}

func TestWhatIsNotThereCanNotBeMended(t *testing.T) {
	o := open(t)
	for _, act := range []string{"tell", "ask", "reship", "repair"} {
		if a := o.send(merchant.Agent, "/console/queue/com_nobody/"+act, url.Values{"number": {"X1"}}); a.Status != 404 {
			t.Errorf("%s answers %d", act, a.Status)
		}
	}
}

// The board says what the report says, and every chart has its table.
func TestTheBoardShowsWhatWasKept(t *testing.T) {
	o := open(t)
	if got := must(t, o.get(merchant.Owner, "/console/board"), 200).One("main"); !strings.Contains(got, "Aucune promesse") {
		t.Errorf("nothing fell due: %q", got)
	}
	o.late("E-1")
	kept := o.Order("E-2", webtest.Sale{}).Order.ID
	o.Parcel(kept, "NE-2")
	o.Scan("NE-2", fact.Delivered)
	o.Pass(6 * 24 * time.Hour)
	o.Quiet()
	page := must(t, o.get(merchant.Owner, "/console/board?days=28"), 200)
	main := page.One("main")
	for _, part := range []string{"50 %", "1 commande complète et à l'heure, sur 2 à livrer", "Crédité aux clients", "FR 69"} {
		if !strings.Contains(strings.ReplaceAll(main, "\u00a0", " "), part) && !strings.Contains(strings.ReplaceAll(main, "\u202f", " "), part) {
			t.Errorf("no %q in %q", part, main)
		}
	}
	if charts, tables := len(page.All("svg")), len(page.All("table")); charts == 0 || tables < charts {
		t.Errorf("%d charts, %d tables", charts, tables)
	}
	if must(t, o.get(merchant.Owner, "/console/board?days=nonsense"), 200).Body == "" {
		t.Error(errors.New("a period nobody knows"))
	}
}
