package mondialrelay_test

import (
	"maps"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/carrier/carriertest"
	"github.com/promesse-dev/promesse/internal/carrier/mondialrelay"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/money"
	simulator "github.com/promesse-dev/promesse/internal/demo/carriers/mondialrelay"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/relay"
)

const base = "https://mondialrelay.example"

var adapter = mondialrelay.At(mondialrelay.Hosts{SOAP: base + "/Web_Services.asmx", Site: base, API: base + "/api/shipment"})

var shop = [4]string{"0900", "1230", "1400", "1900"}

var network = []simulator.Point{
	{
		Number: "066974", Name: "TABAC DES PENTES", Street: "4 RUE DES CAPUCINS", Postcode: "69001", City: "LYON", Country: "FR",
		Latitude: 45.7697, Longitude: 4.8352, Hours: [7][4]string{{}, shop, shop, shop, shop, {"0930", "1300"}, {}},
		ClosedFrom: civil.Date(2026, time.December, 24), ClosedUntil: civil.Date(2027, time.January, 2),
	},
	{
		Number: "021345", Name: "LOCKER GARE DE VAISE", Street: "PLACE DE PARIS", Postcode: "69009", City: "LYON", Country: "FR", Locker: true,
		Latitude: 45.7805, Longitude: 4.8045,
		Hours: [7][4]string{{"0001", "2359"}, {"0001", "2359"}, {"0001", "2359"}, {"0001", "2359"}, {"0001", "2359"}, {"0001", "2359"}, {"0001", "2359"}},
	},
	{
		Number: "000042", Name: "ÉPICERIE & FILS <3", Street: "1 PLACE D'ARMES", Postcode: "29200", City: "BREST", Country: "FR",
		Latitude: 48.3904, Longitude: -4.4861, Hours: [7][4]string{shop, shop, shop, shop, shop, shop, {}},
	},
}

func open() *simulator.Simulator {
	return simulator.New(simulator.Options{
		Zone: flowtest.Paris, Now: carriertest.Fixed, Base: base, Brand: "BDTEST13", Key: "PrivateK",
		Login: "BDTEST@business-api.mondialrelay.com", Password: "correct horse", Customer: "BDTEST13", Points: network,
	})
}

var (
	older = carrier.Account{Fields: map[string]string{"brand": "BDTEST13", "key": "PrivateK"}}
	newer = carrier.Account{Fields: map[string]string{
		"brand": "BDTEST13", "key": "PrivateK", "login": "BDTEST@business-api.mondialrelay.com", "password": "correct horse", "customer_id": "BDTEST13",
	}}
)

func request() carrier.LabelRequest {
	return carrier.LabelRequest{
		Key: "ret_1", Reference: "R-2026-0042", Route: fact.BackByRelay, Format: carrier.PDFA4, Grams: 1200, Units: 2, Contents: "Maison",
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
		Key: mondialrelay.Key, Adapter: adapter, Parse: mondialrelay.Parse, Request: request(),
		Accounts: []carrier.Account{older, newer},
		Wrong: []carrier.Account{
			{Fields: map[string]string{"brand": "BDTEST13", "key": "another"}},
			{Fields: map[string]string{"brand": "BDTEST13", "key": "PrivateK", "login": "x", "password": "wrong", "customer_id": "BDTEST13"}},
		},
		Private: []string{"camille@example.org", "612345678", "retours@example.com", "0238000000"},
		Near:    carrier.PointQuery{Country: "FR", Postcode: "69001", City: "Lyon", Service: relay.Send, Grams: 1200},
		Refused: []carriertest.Refused{
			{Law: "a relay there is not", Change: func(r *carrier.LabelRequest) { r.Point = "999999" }},
		},
		Open: func() carriertest.Carrier {
			sim := open()
			return carriertest.Carrier{
				Handler: sim,
				Made: func() (out []string) {
					for _, s := range sim.Made() {
						out = append(out, s.File+"/"+s.Customer)
					}
					return out
				},
				Scan: func(number string) []fact.Status {
					for i, label := range []string{
						"Colis en préparation chez l'expéditeur", "Prise en charge en Point Relais", "Prise en charge sur notre site logistique de Lyon",
						"Colis en cours de livraison", "Colis livré au destinataire",
					} {
						sim.Scan(number, simulator.Event{Label: label, At: at(20+i, 9, 30), Where: "LYON"})
					}
					return []fact.Status{fact.Pending, fact.PickedUp, fact.InTransit, fact.OutForDelivery, fact.Delivered}
				},
			}
		},
	})
}

// What is asked, character by character: fields in order, nothing private.
func TestPointsAreReadAsTheyAre(t *testing.T) {
	wire := &carriertest.Wire{To: open()}
	got, err := adapter.Points(t.Context(), wire.Client(carriertest.Fixed), carrier.Connection{ID: "con_1"}, older,
		carrier.PointQuery{Country: "FR", Postcode: "69001", Service: relay.Send, Limit: 5})
	if err != nil || len(got) != 2 {
		t.Fatal(len(got), err)
	}
	tabac, locker := got[0], got[1]
	if tabac.Code != "066974" || tabac.Name != "TABAC DES PENTES" || tabac.Kind != relay.Shop || tabac.At.Lat != 45.7697 || tabac.Street != "4 RUE DES CAPUCINS" {
		t.Errorf("%+v", tabac)
	}
	if want := "Tu-Fr 09:00-12:30,14:00-19:00; Sa 09:30-13:00; 2026-12-24..2027-01-02 off"; tabac.Hours.String() != want {
		t.Errorf("hours %q, want %q", tabac.Hours, want)
	}
	if locker.Kind != relay.Locker || locker.Offers(relay.Print) || locker.Hours.String() != "Mo-Su 00:00-24:00" {
		t.Errorf("%+v with hours %q", locker, locker.Hours)
	}
	brest, err := adapter.Points(t.Context(), wire.Client(carriertest.Fixed), carrier.Connection{ID: "con_1"}, older,
		carrier.PointQuery{Country: "FR", Postcode: "29200"})
	if err != nil || len(brest) != 1 || brest[0].At.Lon != -4.4861 || brest[0].Code != "000042" || brest[0].Name != "ÉPICERIE & FILS <3" {
		t.Errorf("%+v, %v", brest, err)
	}
}

func TestALabelOnARelayOfTheShoppersChoice(t *testing.T) {
	for _, account := range []carrier.Account{older, newer} {
		sim := open()
		wire := &carriertest.Wire{To: sim}
		r := request()
		r.Point = "066974"
		l, err := adapter.Label(t.Context(), wire.Client(carriertest.Fixed), carrier.Connection{ID: "con_1"}, account, r)
		if err != nil || sim.Made()[0].Point != "066974" || sim.Made()[0].Number != l.Number || sim.Made()[0].Grams != "1200" {
			t.Errorf("%+v: %v", sim.Made(), err)
		}
		if want := "R-2026-0042"; sim.Made()[0].File != want {
			t.Errorf("the reference is %q", sim.Made()[0].File)
		}
		if from := sim.Made()[0].Sender; from[0] != "CAMILLE ETIENNE" {
			t.Errorf("from %q", from)
		}
	}
}

// A cover is bought by the least level of the merchant's contract that is enough,
// and none is offered where the account names no level.
func TestACoverIsALevelOfTheContract(t *testing.T) {
	for _, account := range []carrier.Account{older, newer} {
		with := carrier.Account{Fields: maps.Clone(account.Fields)}
		with.Fields["insurance"] = "1=50,3=250,2=125"
		offer, _ := adapter.Offer(with, fact.BackByRelay, "FR")
		if none, _ := adapter.Offer(account, fact.BackByRelay, "FR"); none.MaxInsured.Minor != 0 || offer.MaxInsured != money.Of(250_00, money.EUR) {
			t.Errorf("offered %v, and without levels %v", offer.MaxInsured, none.MaxInsured)
		}
		for _, row := range []struct {
			cents int64
			level string
		}{{0, ""}, {50_00, "1"}, {50_01, "2"}, {250_00, "3"}} {
			sim := open()
			r := request()
			r.Insured = money.Of(row.cents, money.EUR)
			_, err := adapter.Label(t.Context(), (&carriertest.Wire{To: sim}).Client(carriertest.Fixed), carrier.Connection{ID: "con_1"}, with, r)
			if err != nil || sim.Made()[0].Insurance != row.level {
				t.Errorf("%d cents: level %q, %v", row.cents, sim.Made()[0].Insurance, err)
			}
		}
	}
}
