package colissimo

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/egress"
)

// maxEvents of one parcel.
const maxEvents = carrier.MaxEvents

// anywhere is what stands where the service wants a caller's address and the
// account names none: never a shopper's.
const anywhere = "127.0.0.1"

type trackRequest struct {
	Number   string `json:"parcelNumber"`
	IP       string `json:"ip"`
	Lang     string `json:"lang"`
	APIKey   string `json:"apiKey,omitempty"`
	Login    string `json:"login,omitempty"`
	Password string `json:"password,omitempty"`
}

// Track is carrier.Tracker.
func (ad Adapter) Track(ctx context.Context, out *egress.Client, c carrier.Connection, a carrier.Account, number string) ([]byte, error) {
	number = carrier.FoldNumber(number)
	if !parcelNumber.MatchString(number) {
		return nil, carrier.Refusal{Why: carrier.UnknownParcel, Code: "number", Final: true}
	}
	q := trackRequest{Number: number, IP: anywhere, Lang: "fr_FR", APIKey: a.Field(apiKey)}
	if q.APIKey == "" {
		q.Login, q.Password = a.Field(contract), a.Field(password)
	}
	if ip := a.Field(caller); ip != "" {
		q.IP = ip
	}
	answer, err := ad.post(ctx, out, c, a, pathTrack, q)
	if err != nil {
		return nil, err
	}
	var got timeline
	if err := json.Unmarshal(answer.Body, &got); err != nil {
		return nil, carrier.Unread("no JSON", err)
	}
	code, text := got.status()
	switch {
	case answer.Status != http.StatusOK || code == "":
		return nil, carrier.Unread("HTTP "+strconv.Itoa(answer.Status), nil)
	case code != "0":
		return nil, carrier.Refusal{Why: carrier.UnknownParcel, Code: line(code, 20), Text: carrier.Said(text)}
	case len(got.Parcel.Events) == 0:
		return nil, carrier.Refusal{Why: carrier.UnknownParcel, Code: "no event"} // announced, perhaps
	case carrier.FoldNumber(got.Parcel.Number) != number:
		return nil, carrier.Unread("answer about another parcel", nil)
	}
	return answer.Body, nil
}

// timeline is what the service knows of a parcel.
type timeline struct {
	Status []struct {
		Code loose  `json:"code"`
		Text string `json:"message"`
	} `json:"status"`
	Parcel struct {
		Number string `json:"parcelNumber"`
		Events events `json:"event"`
	} `json:"parcel"`
}

func (t timeline) status() (code, text string) {
	if len(t.Status) == 0 {
		return "", ""
	}
	return string(t.Status[0].Code), t.Status[0].Text
}

// events is a list of them, or the one there is.
type events []json.RawMessage

// UnmarshalJSON takes both.
func (e *events) UnmarshalJSON(b []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(b), []byte("{")) {
		*e = events{bytes.Clone(b)}
		return nil
	}
	return json.Unmarshal(b, (*[]json.RawMessage)(e))
}

type event struct {
	Code  string `json:"code"`
	Date  string `json:"date"`
	Label string `json:"labelLong"`
	Short string `json:"labelShort"`
	Site  string `json:"siteName"`
}

// Parse is the carrier.Parser of what Track gave. The faults are body_too_large,
// invalid_utf8, invalid_json, field_required, too_many_events, object_expected and
// instant_invalid.
func Parse(raw []byte, zone *time.Location) ([]carrier.Report, error) {
	if len(raw) > carrier.MostAnswer {
		return nil, fault.New(fault.TooLarge, "body_too_large", "", "limit", carrier.MostAnswer)
	}
	if !utf8.Valid(raw) {
		return nil, fault.New(fault.Invalid, "invalid_utf8", "body")
	}
	var got timeline
	if err := json.Unmarshal(raw, &got); err != nil {
		return nil, fault.New(fault.Invalid, "invalid_json", "").Because(err)
	}
	number := carrier.FoldNumber(got.Parcel.Number)
	switch {
	case !parcelNumber.MatchString(number):
		return nil, fault.New(fault.Invalid, "field_required", "parcel.parcelNumber")
	case len(got.Parcel.Events) > maxEvents:
		return nil, fault.New(fault.TooLarge, "too_many_events", "parcel.event", "count", len(got.Parcel.Events), "limit", maxEvents)
	}
	return reports(number, got.Parcel.Events, zone)
}

func reports(number string, list events, zone *time.Location) ([]carrier.Report, error) {
	var out []carrier.Report
	var faults fault.List
	for _, raw := range list {
		var e event
		if err := json.Unmarshal(raw, &e); err != nil || string(raw) == "null" {
			faults.Add(fault.Invalid, "object_expected", "parcel.event")
			continue
		}
		m, ok := clock(e.Date, zone)
		switch code, label := line(e.Code, 64), line(e.Label, 500); {
		case code == "":
			faults.Add(fault.Invalid, "field_required", "parcel.event.code")
		case !ok:
			faults.Add(fault.Invalid, "instant_invalid", "parcel.event.date", "value", line(e.Date, 40))
		default:
			meant := meaningOf(code)
			out = append(out, carrier.Report{
				Number: number, Code: code, Label: label, Status: meant.status, Reason: meant.reason, Place: meant.place, Source: fact.FromCarrier,
				At: m.At, Precision: m.Precision, Span: m.Span, Where: line(e.Site, 200),
			})
		}
	}
	return out, faults.Err()
}

// clock reads an instant with an offset, or without one by the clocks of France.
func clock(text string, zone *time.Location) (carrier.Moment, bool) {
	for _, f := range []struct {
		layout string
		knows  fact.Precision
		offset bool
	}{
		{time.RFC3339, fact.Exact, true},
		{"2006-01-02T15:04:05Z0700", fact.Exact, true},
		{"2006-01-02T15:04:05", fact.Exact, false},
		{"2006-01-02 15:04:05", fact.Exact, false},
		{"02/01/2006 15:04", fact.Minute, false},
		{"2006-01-02", fact.ADay, false},
		{"02/01/2006", fact.ADay, false},
	} {
		t, err := time.ParseInLocation(f.layout, text, zone)
		if err == nil && t.Year() >= 1990 && t.Year() <= 2100 {
			return carrier.Clocked(t, f.knows, f.offset), true
		}
	}
	return carrier.Moment{}, false
}
