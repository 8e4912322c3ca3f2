package mondialrelay

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/fact"
)

// The vectors of the notes on carriers, 2.1.
func TestSecurity(t *testing.T) {
	for _, row := range []struct {
		what   string
		values []string
		want   string
	}{
		{"a search by postcode", []string{"BDXXXX11", "FR", "75011", "7"}, "D9C54F4CD40333DEF380B08FB509DB9C"},
		{"a parcel's tracking", []string{"BDXXXX11", "31245678", "FR"}, "F9F6CD34B2F0EAB663AA02372955D0C7"},
		{"a name with accents, in ISO-8859-1", []string{"BDXXXX11", "FR", "Évry-Courcouronnes", "91000"}, "10138278DF639AB23BFF9280ED669469"},
	} {
		var params []param
		for _, v := range row.values {
			params = append(params, param{"", latin1(v)})
		}
		if got := security(params, "SECRETKEY"); got != row.want {
			t.Errorf("%s: %s, want %s", row.what, got, row.want)
		}
	}
	if got := security([]param{{"", "BDXXXX11"}, {"", "FR"}, {"", "Évry-Courcouronnes"}, {"", "91000"}}, "SECRETKEY"); got != "C995C9084D202610B9112094447E034C" {
		t.Errorf("the same in UTF-8: %s", got)
	}
}

func TestSilenceAddsNothing(t *testing.T) {
	with := string(envelope("X", []param{{"Enseigne", "BDXXXX11"}, {"Ville", ""}, {"Pays", "FR"}}, "K"))
	without := string(envelope("X", []param{{"Enseigne", "BDXXXX11"}, {"Pays", "FR"}}, "K"))
	if with != without || strings.Contains(with, "Ville") {
		t.Errorf("%s\n%s", with, without)
	}
}

func TestWordings(t *testing.T) {
	for _, row := range []struct {
		label  string
		status fact.Status
		reason fact.Reason
	}{
		{"Colis en préparation chez l'expéditeur", fact.Pending, ""},
		{"Votre colis est enregistré", fact.Pending, ""},
		{"Étiquette créée", fact.Pending, ""},
		{"Prise en charge en Point Relais", fact.PickedUp, ""},
		{"Prise en charge de votre colis sur notre site logistique", fact.InTransit, ""},
		{"En cours d'acheminement", fact.InTransit, ""},
		{"Colis en route vers le Point Relais", fact.InTransit, ""},
		{"Expédié depuis le site de Lille", fact.InTransit, ""},
		{"Mise à disposition en cours", fact.OutForDelivery, ""},
		{"En cours de livraison", fact.OutForDelivery, ""},
		{"Disponible dans votre Point Relais®", fact.ReadyForPickup, ""},
		{"DISPONIBLE DANS VOTRE LOCKER", fact.ReadyForPickup, ""},
		{"Plus que 2 jours restants pour retirer votre colis", fact.ReadyForPickup, ""},
		{"Colis retiré par le destinataire", fact.Delivered, ""},
		{"Colis livré au destinataire", fact.Delivered, ""},
		{"Le colis n'a pas pu être livré au destinataire", fact.FailedAttempt, ""},
		{"Livraison impossible", fact.FailedAttempt, ""},
		{"Échec de la remise au destinataire", fact.FailedAttempt, ""},
		{"Colis non retiré par le destinataire", fact.Exception, fact.ReasonCollectionExpired},
		{"Refusé par le destinataire, retour à l'expéditeur", fact.Returning, ""},
		{"Retour en cours", fact.Returning, ""},
		{"Colis refusé", fact.Exception, fact.ReasonRefused},
		{"Colis endommagé", fact.Exception, fact.ReasonDamaged},
		{"Adresse incorrecte", fact.Exception, fact.ReasonAddress},
		{"Anomalie de traitement", fact.Exception, ""},
		{"Bonne fête des mères", fact.Unknown, ""},
		{"", fact.Unknown, ""},
	} {
		if status, reason := read(row.label); status != row.status || reason != row.reason {
			t.Errorf("%q is %s (%s), want %s (%s)", row.label, status, reason, row.status, row.reason)
		}
	}
}

func TestStats(t *testing.T) {
	for _, row := range []struct {
		stat  filled
		why   carrier.Why
		final bool
	}{
		{"97", carrier.RefusedAccount, true},
		{"8", carrier.RefusedAccount, true},
		{"20", carrier.RefusedParcel, true},
		{"36", carrier.RefusedAddress, true},
		{"11", carrier.RefusedPoint, true},
		{"94", carrier.UnknownParcel, false}, // it may be known tomorrow
		{"24", carrier.UnknownParcel, true},
		{"98", carrier.RefusedRequest, true},
		{"77", carrier.RefusedRequest, true}, // a code nobody described
		{"99", carrier.Unheard, false},       // the service failed: who knows what it did
		{"", carrier.Unheard, false},
		{"oui", carrier.Unheard, false},
	} {
		if r := refusal(row.stat); r.Why != row.why || r.Final != row.final {
			t.Errorf("STAT %q: %+v", row.stat, r)
		}
	}
}

// A batch made in part: one label, one refusal, one warning. The shape is that of
// the notes on carriers, 2.2.
const batch = `<?xml version="1.0" encoding="utf-8"?>
<ShipmentCreationResponse xmlns="http://www.example.org/Response" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <ShipmentsList>
    <Shipment ShipmentNumber="31236109">
      <LabelList><Label><RawContent><LabelValues Key="MR.Expedition.CodePostal" Value="69001"/>
        <Barcodes><Barcode Type="Code128" DisplayedValue="31 23" Value="312361090101" CarrierCode="24"/></Barcodes></RawContent>
        <Output>https://www.mondialrelay.com/etiquette?n=31236109&amp;format=A4</Output></Label></LabelList>
    </Shipment>
    <Shipment><StatusList><Status code="10033" level="Error" message="Weight is missing"/></StatusList></Shipment>
    <Shipment ShipmentNumber="31236110">
      <LabelList><Label><Output> https://www.mondialrelay.com/x </Output></Label></LabelList>
      <StatusList><Status code="20000" level="Warning" message="City corrected"/></StatusList>
    </Shipment>
  </ShipmentsList>
  <StatusList><Status code="10033" level="Error" message="Weight is missing"/></StatusList>
</ShipmentCreationResponse>`

func TestABatchMadeInPart(t *testing.T) {
	got, err := shipments([]byte(batch))
	if err != nil || len(got) != 3 {
		t.Fatal(len(got), err)
	}
	if got[0].number != "31236109" || got[0].output != "https://www.mondialrelay.com/etiquette?n=31236109&format=A4" || got[0].refused != nil {
		t.Errorf("the first: %+v", got[0])
	}
	if r := got[1].refused; r == nil || r.Why != carrier.RefusedParcel || !r.Final || r.Text != "Weight is missing" {
		t.Errorf("the second: %+v", got[1])
	}
	if got[2].number != "31236110" || got[2].output != "https://www.mondialrelay.com/x" || got[2].refused != nil {
		t.Errorf("the third, with a warning: %+v", got[2])
	}
	for _, row := range []struct{ law, raw, code string }{
		{"a critical error: nothing was done", strings.Replace(batch, `<Status code="10033" level="Error" message="Weight is missing"/></StatusList>
</Ship`, `<Status code="10001" level="Critical Error" message="Login"/></StatusList></Ship`, 1), "10001"},
		{"an answer to something else", `<Other xmlns="http://www.example.org/Response"/>`, "no XML"},
		{"nothing in it", `<ShipmentCreationResponse xmlns="http://www.example.org/Response"/>`, "no shipment"},
	} {
		_, err := shipments([]byte(row.raw))
		if r := carrier.RefusalOf(err); err == nil || r.Code != row.code {
			t.Errorf("%s: %v", row.law, err)
		}
	}
}

func TestAddressesAreInCapitals(t *testing.T) {
	for _, row := range []struct{ in, one, two string }{
		{"12 rue des Lilas", "12 RUE DES LILAS", ""},
		{"12 bis rue de l'Œuvre, résidence des Tilleuls, bâtiment C", "12 BIS RUE DE L'OEUVRE,", "RESIDENCE DES TILLEULS, BATIMENT"},
		{"Straße (Hinterhof) №7", "STRASSE HINTERHOF NO7", ""},
		{strings.Repeat("x", 40), strings.Repeat("X", 32), strings.Repeat("X", 8)},
		{"漢字", "", ""},
	} {
		if one, two := split(row.in); one != row.one || two != row.two {
			t.Errorf("%q became %q and %q", row.in, one, two)
		}
	}
}

// A document is fetched from the carrier and nobody else.
func TestWhereADocumentMayLie(t *testing.T) {
	d := desk{ad: New()}
	for _, row := range []struct{ ref, want string }{
		{"/ww2/PDF/StickerMaker2.aspx?expedition=1", "https://www.mondialrelay.com/ww2/PDF/StickerMaker2.aspx?expedition=1"},
		{"https://connect.mondialrelay.com/x", "https://connect.mondialrelay.com/x"},
		{"https://evil.example/mondialrelay.com", ""},
		{"https://evilmondialrelay.com/x", ""},
		{"http://connect.mondialrelay.com/x", ""},
		{"//evil.example/x", ""},
		{"javascript:alert(1)", ""},
		{"https://user:word@evil.example/", ""},
		{"%zz", ""},
	} {
		if got, err := d.address(row.ref); got != row.want || (err == nil) != (row.want != "") {
			t.Errorf("%s: %q, %v", row.ref, got, err)
		}
	}
}

func TestClocksOfFrance(t *testing.T) {
	paris, err := civil.Zone("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ day, hour, from, until string }{
		{"24/11/26", "16:31", "2026-11-24T15:31:00Z", "2026-11-24T15:32:00Z"},
		{"24/11/2026", "16:31", "2026-11-24T15:31:00Z", "2026-11-24T15:32:00Z"},
		{"01/07/26", "", "2026-06-30T22:00:00Z", "2026-07-01T22:00:00Z"},
		{"25/10/26", "02:30", "2026-10-25T00:30:00Z", "2026-10-25T01:31:00Z"}, // either showing
		{"31/02/26", "10:00", "", ""},
		{"24/11/26", "25:00", "", ""},
		{"", "10:00", "", ""},
		{"24/11/0026", "10:00", "", ""},
	} {
		m, ok := clock(row.day, row.hour, paris)
		if ok != (row.from != "") || ok && (m.Span.From.String() != row.from || m.Span.Until.String() != row.until) {
			t.Errorf("%s %s: %v, %v to %v", row.day, row.hour, ok, m.Span.From, m.Span.Until)
		}
	}
}

func answer(events string) []byte {
	return []byte(asked + "31236109\n\n" + `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>` +
		`<WSI2_TracingColisDetailleResponse xmlns="http://www.mondialrelay.fr/webservice/"><WSI2_TracingColisDetailleResult><STAT>81</STAT><Tracing>` +
		events + `</Tracing></WSI2_TracingColisDetailleResult></WSI2_TracingColisDetailleResponse></soap:Body></soap:Envelope>`)
}

const event = `<ret_WSI2_sub_TracingColisDetaille><Libelle>En cours d'acheminement </Libelle><Date>24/11/26</Date><Heure>16:31</Heure><Emplacement>LYON</Emplacement></ret_WSI2_sub_TracingColisDetaille>`

func TestOneBadEventCostsItself(t *testing.T) {
	got, err := Parse(answer(event+strings.Replace(event, "24/11/26", "99/99/99", 1)+event), time.UTC)
	if len(got) != 2 || !fault.Is(err, "instant_invalid") || got[0].Number != "31236109" || got[0].Where != "LYON" {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := Parse(answer(strings.Repeat(event, maxEvents+1)), time.UTC); !fault.Is(err, "too_many_events") {
		t.Errorf("too many: %v", err)
	}
	if _, err := Parse(make([]byte, carrier.MostAnswer+1), time.UTC); !fault.Is(err, "body_too_large") {
		t.Errorf("too large: %v", err)
	}
	if got, err := Parse(answer(""), time.UTC); len(got) != 0 || err != nil {
		t.Errorf("nothing yet: %v, %v", got, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(answer(event))
	f.Add(answer(""))
	f.Add([]byte(asked + "31236109\n\n<?xml version='1.0' encoding='iso-8859-1'?><a>\xe9</a>"))
	f.Add([]byte("<"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		reports, err := Parse(raw, time.UTC)
		if err != nil && len(fault.All(err)) == 0 {
			t.Fatalf("an error that is no fault: %v", err)
		}
		for _, r := range reports {
			if !utf8.ValidString(r.Label+r.Where) || strings.Contains(r.Label+r.Where, "\x00") || r.At < r.Span.From || r.At >= r.Span.Until {
				t.Fatalf("%+v", r)
			}
		}
	})
}

func FuzzShipments(f *testing.F) {
	f.Add([]byte(batch))
	f.Add([]byte("<ShipmentCreationResponse>"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if _, err := shipments(raw); err != nil && !errors.As(err, new(carrier.Refusal)) {
			t.Fatalf("an error that is no refusal: %v", err)
		}
	})
}
