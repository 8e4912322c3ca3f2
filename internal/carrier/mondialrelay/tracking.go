package mondialrelay

import (
	"bytes"
	"context"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/egress"
)

const (
	tracing   = "WSI2_TracingColisDetaille"
	asked     = "Expedition: "
	maxEvents = 200 // of one parcel; a list is said to hold ten
)

// Track is carrier.Tracker. The service's answer does not name the parcel, so
// the number asked for is written above it.
func (ad Adapter) Track(ctx context.Context, out *egress.Client, c carrier.Connection, a carrier.Account, number string) ([]byte, error) {
	if number = carrier.FoldNumber(number); !figures(number, 8) {
		return nil, carrier.Refusal{Why: carrier.UnknownParcel, Code: "number", Final: true}
	}
	raw, err := ad.ask(ctx, out, c, a, tracing, []param{
		{"Enseigne", a.Field(brand)}, {"Expedition", number}, {"Langue", "FR"},
	})
	if err != nil {
		return nil, err
	}
	got, err := result[traced](raw, tracing)
	switch {
	case err != nil:
		return nil, err
	case !got.known():
		return nil, refusal(got.STAT)
	}
	return append([]byte(asked+number+"\n\n"), raw...), nil
}

// traced is what the service knows of a parcel.
type traced struct {
	STAT filled
	List []struct {
		Label filled `xml:"Libelle"`
		Date  filled `xml:"Date"`
		Hour  filled `xml:"Heure"`
		Where filled `xml:"Emplacement"`
		Relay filled `xml:"Relais_Num"`
	} `xml:"Tracing>ret_WSI2_sub_TracingColisDetaille"`
}

// known reports whether the answer is about a parcel: 80 recorded, 81 in process,
// 82 delivered, 83 anomaly.
func (t traced) known() bool {
	return t.STAT == "80" || t.STAT == "81" || t.STAT == "82" || t.STAT == "83"
}

// Parse is the carrier.Parser of what Track gave. The faults are body_too_large,
// invalid_xml, field_required at the number or at an event's instant,
// too_many_events, and instant_invalid.
func Parse(raw []byte, zone *time.Location) ([]carrier.Report, error) {
	if len(raw) > carrier.MostAnswer {
		return nil, fault.New(fault.TooLarge, "body_too_large", "", "limit", carrier.MostAnswer)
	}
	head, body, _ := bytes.Cut(raw, []byte("\n\n"))
	number, said := strings.CutPrefix(string(head), asked)
	if !said || !figures(number, 8) {
		return nil, fault.New(fault.Invalid, "field_required", "Expedition")
	}
	got, err := result[traced](body, tracing)
	switch {
	case err != nil:
		return nil, fault.New(fault.Invalid, "invalid_xml", "body").Because(err)
	case !got.known():
		return nil, fault.New(fault.Invalid, "unknown_status", "STAT", "status", string(got.STAT))
	case len(got.List) > maxEvents:
		return nil, fault.New(fault.TooLarge, "too_many_events", "Tracing", "count", len(got.List), "limit", maxEvents)
	}
	return reports(number, got, zone)
}

func reports(number string, got traced, zone *time.Location) ([]carrier.Report, error) {
	var out []carrier.Report
	var faults fault.List
	for _, e := range got.List {
		if e.Label == "" && e.Date == "" {
			continue // the list is of a fixed length, filled up with nothing
		}
		m, ok := clock(string(e.Date), string(e.Hour), zone)
		if !ok {
			faults.Add(fault.Invalid, "instant_invalid", "Tracing.Date", "value", carrier.Said(string(e.Date+" "+e.Hour)))
			continue
		}
		label := cut(carrier.Said(string(e.Label)), 500)
		status, reason := read(label)
		out = append(out, carrier.Report{
			Number: number, Label: label, Status: status, Reason: reason, Place: placeOf(status, label), Source: fact.FromCarrier,
			At: m.At, Precision: m.Precision, Span: m.Span, Where: cut(carrier.Said(string(e.Where)), 200),
		})
	}
	return out, faults.Err()
}

func cut(s string, limit int) string {
	if runes := []rune(s); len(runes) > limit {
		return string(runes[:limit-1]) + "…"
	}
	return s
}

// clock reads a day, "24/11/26" or "24/11/2026", and a time of day, "16:31", by
// the clocks of France. Without a time it is known to the day.
func clock(day, hour string, zone *time.Location) (carrier.Moment, bool) {
	for _, f := range []struct {
		layout string
		knows  fact.Precision
	}{
		{"02/01/06 15:04", fact.Minute},
		{"02/01/2006 15:04", fact.Minute},
		{"02/01/06 15:04:05", fact.Exact},
		{"02/01/2006 15:04:05", fact.Exact},
		{"02/01/06", fact.ADay},
		{"02/01/2006", fact.ADay},
	} {
		t, err := time.ParseInLocation(f.layout, strings.TrimSpace(day+" "+hour), zone)
		if err == nil && t.Year() >= 1990 && t.Year() <= 2100 {
			return carrier.Clocked(t, f.knows, false), true
		}
	}
	return carrier.Moment{}, false
}
