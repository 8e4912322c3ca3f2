package carrier_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

// counter is a carrier's desk that answers as told.
type counter struct {
	status int
	body   string
	err    error
	asked  []string // bodies
	keys   map[string]bool
}

func (c *counter) RoundTrip(r *http.Request) (*http.Response, error) {
	body, _ := io.ReadAll(r.Body)
	c.asked = append(c.asked, string(body))
	c.keys[r.Header.Get("Idempotency-Key")] = true
	if c.err != nil {
		return nil, c.err
	}
	return &http.Response{StatusCode: c.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(c.body)), Request: r}, nil
}

// desk is a merchant with a carrier that takes questions.
type desk struct {
	*flowtest.World
	m    ident.Merchant
	line carrier.Connection
	over *counter
}

func askable(t *testing.T, address string) *desk {
	t.Helper()
	w := flowtest.New(t)
	d := &desk{World: w, m: w.Merchant(), over: &counter{status: 200, keys: map[string]bool{}}}
	w.Handle(carrier.Asker(w.Flow, egress.New(egress.Options{Wall: w.Clock().Wall, Transport: d.over})))
	w.Do(d.m, func(tx *flow.Tx) (err error) {
		c := connection()
		c.Inquiries = address
		d.line, err = carrier.Connect(tx, d.m, c)
		return err
	})
	return d
}

func (d *desk) ask(parcel ident.Parcel) (q carrier.Inquiry, fresh bool, err error) {
	err = d.Try(d.m, func(tx *flow.Tx) (err error) {
		q, fresh, err = carrier.Inquire(tx, d.m, carrier.Inquiry{Connection: d.line.ID, Parcel: parcel, Order: "ord_1", Number: "A1"})
		return err
	})
	return q, fresh, err
}

func (d *desk) last() (last carrier.Inquiry) {
	d.T.Helper()
	d.See(func(tx *db.Tx) error {
		all, err := carrier.Inquiries(tx, d.m, "ord_1")
		if len(all) > 0 {
			last = all[len(all)-1]
		}
		return err
	})
	return last
}

func TestWhatACarrierMayAnswer(t *testing.T) {
	for _, row := range []struct {
		what   string
		status int
		body   string
		err    error
		tries  int // rounds of the clock
		state  carrier.InquiryState
		answer string
	}{
		{"at once", 200, `{"answer":"Bloqué au tri de Lyon,\u0000 repart demain"}`, nil, 1, carrier.Answered, "Bloqué au tri de Lyon, repart demain"},
		{"later", 202, ``, nil, 1, carrier.Taken, ""},
		{"nothing in its answer", 200, `{}`, nil, 1, carrier.Taken, ""},
		{"not busy for ever", 503, ``, nil, 20, carrier.Failed, ""},
		{"nobody there", 0, ``, errors.New("connection refused"), 20, carrier.Failed, ""},
		{"a refusal is final", 404, ``, nil, 1, carrier.Failed, ""},
		{"words nobody can read", 200, `<html>`, nil, 1, carrier.Failed, ""},
		{"a way elsewhere", 302, ``, nil, 1, carrier.Failed, ""},
	} {
		t.Run(row.what, func(t *testing.T) {
			d := askable(t, "https://carrier.example/questions")
			d.over.status, d.over.body, d.over.err = row.status, row.body, row.err
			if _, fresh, err := d.ask("par_1"); err != nil || !fresh {
				t.Fatal(fresh, err)
			}
			for range row.tries {
				d.Quiet()
				d.Pass(time.Hour)
			}
			if got := d.last(); got.State != row.state || got.Answer != row.answer {
				t.Errorf("%+v", got)
			}
			if len(d.over.keys) != 1 || strings.Contains(d.over.asked[0], "shp_") {
				t.Errorf("asked %v under %v", d.over.asked, d.over.keys)
			}
		})
	}
}

func TestAQuestionIsAskedOnce(t *testing.T) {
	d := askable(t, "https://carrier.example/questions")
	d.over.status = 202
	first, _, _ := d.ask("par_1")
	again, fresh, err := d.ask("par_1")
	if err != nil || fresh || again.ID != first.ID {
		t.Errorf("%+v, %v, %v", again, fresh, err)
	}
	if other, fresh, err := d.ask("par_2"); err != nil || !fresh || other.ID == first.ID {
		t.Errorf("of another parcel: %+v, %v, %v", other, fresh, err)
	}
	d.Quiet()
	reply := func(c ident.Connection, words string) error {
		return d.Try(d.m, func(tx *flow.Tx) error { return carrier.Reply(tx, d.m, c, first.ID, words) })
	}
	if err := reply("con_other", "here"); !fault.Is(err, "not_found") {
		t.Errorf("somebody else answers: %v", err)
	}
	if err := reply(d.line.ID, " \n "); !fault.Is(err, "field_required") {
		t.Errorf("no words: %v", err)
	}
	for range 2 { // an answer stands
		if err := reply(d.line.ID, "Au dépôt"); err != nil {
			t.Fatal(err)
		}
	}
	d.See(func(tx *db.Tx) error {
		all, err := carrier.Inquiries(tx, d.m, "ord_1")
		if len(all) != 2 || all[0].State != carrier.Answered || all[0].Answer != "Au dépôt" || all[1].State != carrier.Taken {
			t.Errorf("%+v", all)
		}
		facts, err2 := flow.Timeline(tx, d.m, "ord_1")
		answered := 0
		for _, f := range facts {
			if b, ok := f.Body.(fact.CarrierAnswered); ok && b.Answered {
				answered++
			}
		}
		if answered != 1 {
			t.Errorf("%d answers are told", answered)
		}
		return errors.Join(err, err2)
	})
	if _, fresh, err := d.ask("par_1"); err != nil || !fresh {
		t.Errorf("after its answer: %v, %v", fresh, err)
	}
}

func TestACarrierWithoutAnAddressIsNotAsked(t *testing.T) {
	d := askable(t, "")
	if _, _, err := d.ask("par_1"); !fault.Is(err, "no_inquiries") {
		t.Errorf("got %v", err)
	}
	for _, address := range []string{"carrier.example", "ftp://carrier.example/", "https://user:word@carrier.example/", "https://" + strings.Repeat("a", 500)} {
		err := d.Try(d.m, func(tx *flow.Tx) error {
			c := connection()
			c.Inquiries = address
			_, err := carrier.Connect(tx, d.m, c)
			return err
		})
		if !fault.Is(err, "address_invalid") {
			t.Errorf("%q: %v", address, err)
		}
	}
}
