package colissimo

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/egress"
)

func TestNoCodeMeansTwoThings(t *testing.T) {
	seen := map[string]fact.Status{}
	for _, m := range dictionary {
		for code := range strings.FieldsSeq(m.codes) {
			if was, twice := seen[code]; twice {
				t.Errorf("%s is %s and %s", code, was, m.status)
			}
			seen[code] = m.status
			if len(code) != 6 && code != "AEC" {
				t.Errorf("%q is no code", code)
			}
		}
	}
	if len(seen) < 230 {
		t.Errorf("only %d codes", len(seen))
	}
}

// A row from each line of the notes on carriers, 1.2.
func TestCodes(t *testing.T) {
	for code, want := range map[string]meaning{
		"COMCFM": {status: fact.Pending}, "DEPREL": {status: fact.PickedUp}, "AEC": {status: fact.InTransit}, "PCHTRI": {status: fact.InTransit},
		"AARCFM": {status: fact.ArrivedLocal}, "LIVREL": {status: fact.OutForDelivery}, "QDICFM": {status: fact.OutForDelivery},
		"RDVCR1": {status: fact.Appointment}, "AARBPR": {status: fact.ReadyForPickup}, "RENAPR": {status: fact.ReadyForPickup},
		"LIVAVI": {status: fact.FailedAttempt}, "RENARV": {status: fact.FailedAttempt, reason: fact.ReasonAbsent},
		"RENACP": {status: fact.FailedAttempt, reason: fact.ReasonAccess}, "RENFCO": {status: fact.FailedAttempt, reason: fact.ReasonClosed},
		"AARREX": {status: fact.Redirected}, "RENCAD": {status: fact.Exception, reason: fact.ReasonAddress},
		"AARDOU": {status: fact.Customs}, "DOURES": {status: fact.CustomsHeld},
		"AARTER": {status: fact.Exception, reason: fact.ReasonMisrouted}, "REFCDS": {status: fact.Exception, reason: fact.ReasonDamaged},
		"REFALI": {status: fact.Returning}, "SOLDDR": {status: fact.Exception},
		"LIVBAL": {status: fact.Delivered, place: fact.Mailbox}, "LIVVOI": {status: fact.Delivered, place: fact.Neighbour},
		"RENOUV": {status: fact.Returning, reason: fact.ReasonRefused}, "RENDID": {status: fact.Returning, reason: fact.ReasonCollectionExpired},
		"LIVREO": {status: fact.Returned}, "EMLCFM": {status: fact.Pending}, "DSCOUV": {status: fact.Unknown},
		"livcfm": {status: fact.Delivered}, "ZZZZZZ": {status: fact.Unknown}, "": {status: fact.Unknown},
	} {
		if got := meaningOf(code); got != want {
			t.Errorf("%s is %+v, want %+v", code, got, want)
		}
	}
}

func TestWeightsAreRoundedUp(t *testing.T) {
	for grams, want := range map[int]string{1: "0.01", 10: "0.01", 11: "0.02", 999: "1.00", 1000: "1.00", 1001: "1.01", 1204: "1.21", 30_000: "30.00"} {
		if got := kilos(grams); got != want {
			t.Errorf("%d g is %s, want %s", grams, got, want)
		}
	}
}

const (
	said     = `{"messages":[{"id":"0","type":"INFOS","messageContent":"OK"}],"labelV2Response":{"parcelNumber":"8R00000000001"}}`
	inParts  = "--b o:u\r\nContent-ID: <jsonInfos>\r\n\r\n" + said + "\r\n--b o:u\r\nContent-ID: <label>\r\n\r\n%PDF-1.3 a--b\n%%EOF\r\n--b o:u--\r\n"
	withMark = `multipart/related; boundary="b o:u"`
)

func TestPartsOfAnAnswer(t *testing.T) {
	for _, row := range []struct{ law, kind, body, label string }{
		{"the boundary in the header", withMark, inParts, "%PDF-1.3 a--b\n%%EOF"},
		{"the boundary on the first line", "multipart/mixed", inParts, "%PDF-1.3 a--b\n%%EOF"},
		{"no type at all", "", inParts, "%PDF-1.3 a--b\n%%EOF"},
		{"an empty line before it", "multipart/mixed", "\r\n" + inParts, "%PDF-1.3 a--b\n%%EOF"},
		{"JSON alone", "application/json", said, ""},
	} {
		a := egress.Answer{Status: 200, Header: http.Header{"Content-Type": {row.kind}}, Body: []byte(row.body)}
		parts, err := partsOf(a)
		if err != nil || string(parts[partJSON]) != said || string(parts[partLabel]) != row.label {
			t.Errorf("%s: %q, %v", row.law, parts, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	for _, row := range []struct {
		law, body string
		status    int
		why       carrier.Why
		final     bool
	}{
		{"the sender's postcode", `{"messages":[{"id":"30108","type":"ERROR","messageContent":"CP"}]}`, 400, carrier.RefusedAddress, true},
		{"credentials", `{"messages":[{"id":30000,"type":"ERROR","messageContent":"non"}]}`, 400, carrier.RefusedAccount, true},
		{"an id nobody described", `{"messages":[{"id":"30221","type":"ERROR","messageContent":"x"}]}`, 200, carrier.RefusedRequest, true},
		{"the gateway's way", `{"errorCode":"X1","errorLabel":"non"}`, 400, carrier.RefusedRequest, true},
		{"the gateway's other way", `{"error":"Bad Request","message":"non"}`, 400, carrier.RefusedRequest, true},
		{"400 without a word", `{}`, 400, carrier.Unheard, false},
		{"200 without a word", `{}`, 200, carrier.Unheard, false},
		{"a page", `<html>`, 200, carrier.Unheard, false},
	} {
		_, err := read(map[string][]byte{partJSON: []byte(row.body)}, row.status)
		if r := carrier.RefusalOf(err); err == nil || r.Why != row.why || r.Final != row.final {
			t.Errorf("%s: %+v", row.law, err)
		}
	}
}

func track(events string) []byte {
	return fmt.Appendf(nil, `{"status":[{"code":"0","message":"OK"}],"parcel":{"parcelNumber":"8R40000000001","event":%s}}`, events)
}

const delivered = `{"code":"LIVCFM","date":"2026-11-24T16:31:00.000+01:00","labelLong":"Votre colis est livré","siteName":"LYON"}`

func TestEventsInAnyForm(t *testing.T) {
	paris, err := civil.Zone("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ law, date, at string }{
		{"an offset with a colon", "2026-11-24T16:31:00.000+01:00", "2026-11-24T15:31:00Z"},
		{"without one", "2026-11-24T16:31:00+0100", "2026-11-24T15:31:00Z"},
		{"no offset: France's clocks", "2026-07-01T10:00:00", "2026-07-01T08:00:00Z"},
		{"a day", "24/11/2026", "2026-11-23T23:00:00Z"},
	} {
		for _, list := range []string{strings.Replace(delivered, "2026-11-24T16:31:00.000+01:00", row.date, 1), "[" + strings.Replace(delivered, "2026-11-24T16:31:00.000+01:00", row.date, 1) + "]"} {
			got, err := Parse(track(list), paris)
			if err != nil || len(got) != 1 || got[0].At.String() != row.at || got[0].Status != fact.Delivered || got[0].Label != "Votre colis est livré" {
				t.Errorf("%s: %+v, %v", row.law, got, err)
			}
		}
	}
}

func TestOneBadEventCostsItself(t *testing.T) {
	for _, bad := range []string{`null`, `"x"`, `[]`, `{}`, `{"code":"LIVCFM"}`, `{"code":"LIVCFM","date":"demain"}`, `{"code":7,"date":"2026-11-24"}`, `{"date":"2026-11-24"}`} {
		got, err := Parse(track("["+delivered+","+bad+","+delivered+"]"), time.UTC)
		if len(got) != 2 || len(fault.All(err)) != 1 {
			t.Errorf("%s: %d reports, %v", bad, len(got), err)
		}
	}
	many := "[" + strings.TrimSuffix(strings.Repeat(delivered+",", maxEvents+1), ",") + "]"
	for code, raw := range map[string][]byte{
		"too_many_events": track(many), "body_too_large": make([]byte, carrier.MostAnswer+1), "invalid_utf8": []byte("\xff"),
		"invalid_json": []byte("{"), "field_required": []byte(`{}`),
	} {
		if got, err := Parse(raw, time.UTC); len(got) != 0 || !fault.Is(err, code) {
			t.Errorf("%s: %d reports, %v", code, len(got), err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{delivered, "[" + delivered + "," + delivered + "]", `[null]`, `[]`, `null`} {
		f.Add(track(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		reports, err := Parse(raw, time.UTC)
		if err != nil && len(fault.All(err)) == 0 {
			t.Fatalf("an error that is no fault: %v", err)
		}
		for _, r := range reports {
			if !utf8.ValidString(r.Label+r.Where+r.Code) || strings.Contains(r.Label+r.Where+r.Code, "\x00") || r.At < r.Span.From || r.At >= r.Span.Until || r.Code == "" {
				t.Fatalf("%+v", r)
			}
		}
	})
}

func FuzzAnswer(f *testing.F) {
	f.Add(withMark, []byte(inParts))
	f.Add("", []byte(inParts))
	f.Add("application/json", []byte(said))
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		a := egress.Answer{Status: 200, Header: http.Header{"Content-Type": {kind}}, Body: body}
		parts, err := partsOf(a)
		if err != nil {
			return
		}
		d, err := read(parts, 200)
		if err != nil {
			return
		}
		if l, err := d.Label.issued(carrier.PDFA4, parts[partLabel]); err == nil && (l.Number == "" || !carrier.WholePDF(l.Document)) {
			t.Fatalf("half a label: %+v", l)
		}
	})
}
