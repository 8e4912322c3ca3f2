package colissimo_test

import (
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/carrier/carriertest"
	"github.com/promesse-dev/promesse/internal/carrier/colissimo"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/money"
	simulator "github.com/promesse-dev/promesse/internal/demo/carriers/colissimo"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/relay"
)

var adapter = colissimo.Adapter{Base: "https://colissimo.example"}

const counter = "08:30-12:00 14:00-18:00"

var network = []simulator.Point{
	{
		ID: "690010", Kind: "BPR", Name: "LYON TERREAUX BP", Street: "3 RUE DU GARET", Zip: "69001", City: "LYON", Latitude: 45.767, Longitude: 4.836,
		Hours: [7]string{counter, counter, counter, counter, counter, "08:30-12:00 00:00-00:00", ""},
	},
	{
		ID: "030042", Kind: "A2P", Name: "PRESSING \"L'ÉTÉ\"", Street: "9 GRANDE RUE", Zip: "69600", City: "OULLINS", Latitude: 45.714, Longitude: 4.807,
		Hours:      [7]string{"", "09:00-19:30", "09:00-19:30", "09:00-19:30", "09:00-19:30", "09:00-12:00", ""},
		ClosedFrom: civil.Date(2026, time.December, 24), ClosedUntil: civil.Date(2027, time.January, 2),
	},
}

func open() *simulator.Simulator {
	return simulator.New(simulator.Options{
		Zone: flowtest.Paris, Now: carriertest.Fixed, Key: "c0ffee-key", Contract: "123456", Password: "correct horse", Tokens: true, Points: network,
	})
}

var (
	byKey  = carrier.Account{Fields: map[string]string{"api_key": "c0ffee-key", "return_token": "yes", "account_number": "654321"}}
	byWord = carrier.Account{Fields: map[string]string{"contract_number": "123456", "password": "correct horse"}}
)

func request() carrier.LabelRequest {
	return carrier.LabelRequest{
		Key: "ret_1", Reference: "R-2026-0042", Route: fact.BackByPost, Format: carrier.PDFA4, Grams: 1204, Units: 2, Contents: "Maison",
		Ready: civil.Date(2026, time.November, 24),
		From: carrier.Contact{Email: "camille@example.org", Address: order.Address{
			Name: "Camille Étienne", Street: "12 bis rue de l'Œuvre, résidence des Tilleuls, bâtiment C", Extra: "3e étage",
			Postcode: "69001", City: "Lyon", Country: "FR", Phone: "+33612345678",
		}},
		To: carrier.Contact{Email: "retours@example.com", Address: order.Address{
			Name: "Épicerie du Canal", Street: "ZI Nord, quai 4", Postcode: "45770", City: "Saran", Country: "FR", Phone: "0238000000",
		}},
	}
}

func at(day, hour, minute int) civil.Instant {
	return civil.At(time.Date(2026, 11, day, hour, minute, 0, 0, flowtest.Paris))
}

func TestExam(t *testing.T) {
	carriertest.Sit(t, carriertest.Entrant{
		Key: colissimo.Key, Adapter: adapter, Parse: colissimo.Parse, Request: request(),
		Accounts: []carrier.Account{byKey, byWord},
		Wrong: []carrier.Account{
			{Fields: map[string]string{"api_key": "another"}},
			{Fields: map[string]string{"contract_number": "123456", "password": "wrong"}},
		},
		Private: []string{"camille@example.org", "612345678", "retours@example.com", "0238000000"},
		Near:    carrier.PointQuery{Country: "FR", Postcode: "69001", City: "Lyon", Service: relay.Send, Grams: 1200},
		Refused: []carriertest.Refused{
			{Law: "a postcode that does not fit", Change: func(r *carrier.LabelRequest) { r.From.Postcode = "6900" }, Why: carrier.RefusedAddress},
			{Law: "no street", Change: func(r *carrier.LabelRequest) { r.From.Street = "" }, Why: carrier.RefusedRequest},
		},
		Open: func() carriertest.Carrier {
			sim := open()
			return carriertest.Carrier{
				Handler: sim,
				Made: func() (out []string) {
					for _, p := range sim.Made() {
						out = append(out, p.Order+"/"+p.Ref)
					}
					return out
				},
				Scan: func(number string) []fact.Status {
					for i, code := range []string{"COMCFM", "DEPGUI", "PCHTRI", "PRELIV", "LIVCFM"} {
						sim.Scan(number, simulator.Event{Code: code, Label: "Étape " + code, At: at(20+i, 9, 30), Site: "LYON"})
					}
					return []fact.Status{fact.Pending, fact.PickedUp, fact.InTransit, fact.OutForDelivery, fact.Delivered}
				},
			}
		},
	})
}

func TestWhatTheCarrierIsTold(t *testing.T) {
	sim := open()
	wire := &carriertest.Wire{To: sim}
	out := wire.Client(carriertest.Fixed)
	r := request()
	r.Insured = money.Of(120_00, money.EUR)
	l, err := adapter.Label(t.Context(), out, carrier.Connection{ID: "con_1"}, byKey, r)
	if err != nil {
		t.Fatal(err)
	}
	p := sim.Made()[0]
	if p.Number != l.Number || p.Kilos != "1.21" || p.Insured != 120_00 || p.Order != "R-2026-0042" || l.Number[:2] != "8R" {
		t.Errorf("%+v", p)
	}
	want := "Camille Étienne|3e étage|12 bis rue de l'Œuvre, résidence|des Tilleuls, bâtiment C|69001 Lyon"
	if got := strings.Join(p.Sender, "|"); got != want {
		t.Errorf("from %q, want %q", got, want)
	}
	sent := wire.Sent()[0]
	if sent.Header.Get("Apikey") != "c0ffee-key" || strings.Contains(string(sent.Body), "c0ffee") || !strings.Contains(string(sent.Body), `{"key":"ACCOUNT_NUMBER","value":"654321"}`) {
		t.Errorf("%s with %s", sent.Header, sent.Body)
	}
	if strings.Contains(string(sent.Body), `""`) {
		t.Errorf("an empty field: %s", sent.Body)
	}
}

func TestLimitsOfAReturn(t *testing.T) {
	o, ok := adapter.Offer(byKey, fact.BackByPost, "FR")
	if !ok {
		t.Fatal("no offer")
	}
	r := request()
	for _, row := range []struct {
		law   string
		grams int
		cents int64
		money money.Currency
		field string
	}{
		{"30.000 kg is taken", 30_000, 0, money.EUR, ""},
		{"30.001 kg is not", 30_001, 0, money.EUR, "grams"},
		{"cover of 5,000 EUR", 1000, 5_000_00, money.EUR, ""},
		{"a cent more", 1000, 5_000_01, money.EUR, "insured"},
		{"in another currency", 1000, 100, "GBP", "insured"},
		{"less than nothing", 1000, -1, money.EUR, "insured"},
	} {
		r.Grams, r.Insured = row.grams, money.Of(row.cents, row.money)
		err := o.Takes(r, "Colissimo")
		if (err == nil) != (row.field == "") || err != nil && fault.All(err)[0].Field != row.field {
			t.Errorf("%s: %v", row.law, err)
		}
	}
	for _, country := range []string{"DE", "BE", ""} {
		if _, ok := adapter.Offer(byKey, fact.BackByPost, country); ok {
			t.Errorf("an offer from %q", country)
		}
	}
	if _, ok := adapter.Offer(byKey, fact.BackByPickup, "FR"); ok {
		t.Error("an offer to fetch at home")
	}
	if o, _ := adapter.Offer(byWord, fact.BackByPost, "FR"); len(o.Formats) != 3 {
		t.Errorf("an account without the option of tokens offers %v", o.Formats)
	}
}

func TestPlacesAreReadAsTheyAre(t *testing.T) {
	wire := &carriertest.Wire{To: open()}
	out, c := wire.Client(carriertest.Fixed), carrier.Connection{ID: "con_1"}
	got, err := adapter.Points(t.Context(), out, c, byKey, carrier.PointQuery{Country: "FR", Postcode: "69001", On: civil.Date(2026, 11, 24)})
	if err != nil || len(got) != 2 {
		t.Fatal(len(got), err)
	}
	post, shop := got[0], got[1]
	if post.Kind != relay.PostOffice || post.Code != "690010" || post.At.Lat != 45.767 || post.Limits.MaxGrams != 30_000 {
		t.Errorf("%+v", post)
	}
	if want := "Mo-Fr 08:30-12:00,14:00-18:00; Sa 08:30-12:00"; post.Hours.String() != want {
		t.Errorf("hours %q, want %q", post.Hours, want)
	}
	if want := "Tu-Fr 09:00-19:30; Sa 09:00-12:00; 2026-12-24..2027-01-02 off"; shop.Kind != relay.Shop || shop.Hours.String() != want {
		t.Errorf("%+v with hours %q", shop, shop.Hours)
	}
	if !strings.Contains(string(wire.Sent()[0].Body), `"shippingDate":"24/11/2026"`) {
		t.Errorf("%s", wire.Sent()[0].Body)
	}
	heavy, err := adapter.Points(t.Context(), out, c, byKey, carrier.PointQuery{Country: "FR", Postcode: "69001", Grams: 20_001})
	if err != nil || len(heavy) != 1 || heavy[0].Kind != relay.PostOffice {
		t.Errorf("above 20 kg: %+v, %v", heavy, err)
	}
	_, err = adapter.Points(t.Context(), out, c, byKey, carrier.PointQuery{Country: "FR", Postcode: "690"})
	if r := carrier.RefusalOf(err); !r.Final || r.Text != "Le code postal est invalide" {
		t.Errorf("no postcode: %v", err)
	}
}
