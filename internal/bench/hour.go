package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// week is what a shop needs to go on with its week: the keys of its own server
// and of its carrier, and the hour to come.
type week struct {
	shop, carrier string
	lastHour      sale
}

// What happens in the last hour.
const (
	orderers    = 16  // side by side
	scanBatch   = 100 // parcels that the carrier reports in a call
	hourScanned = 12  // of the week: its parcels are picked up now
)

// live is the last hour of the week, at the doors of a running service: people
// order without a date and look at their order's page, the carrier picks up what
// was packed. A service that has worked is what comes to rest, not a new one.
func (w week) live(ctx context.Context, base string) error {
	err := sideBySide(orderers, func(worker int) error {
		for i := worker; i < w.lastHour.n; i += orderers {
			if err := w.order(ctx, base, w.lastHour.first+i); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	scanned := hourOf(hourScanned, 0)
	for i := scanned.first; i < scanned.first+scanned.n; i += scanBatch {
		if err := w.scan(ctx, base, i, min(scanBatch, scanned.first+scanned.n-i)); err != nil {
			return err
		}
	}
	return nil
}

// order buys something and opens the order's page.
func (w week) order(ctx context.Context, base string, i int) error {
	euros := func(cents int) any { return map[string]any{"minor": cents, "currency": "EUR"} }
	name := fmt.Sprintf("B-%d", i)
	var placed struct{ Page string }
	err := call{base + "/api/v1/orders", w.shop, name}.post(ctx, map[string]any{
		"reference": name, "delivery_fee": euros(590),
		"shopper": map[string]any{"email": fmt.Sprintf("bench%d@example.test", i%customers), "name": "Bench", "locale": "fr"},
		"lines":   []any{map[string]any{"sku": "bench", "name": "Bench", "units": 1, "unit_price": euros(2000)}},
		"ship_to": map[string]any{"name": "Bench", "street": "1 rue", "postcode": "69002", "city": "Lyon", "country": "FR"},
	}, &placed)
	if err != nil {
		return err
	}
	return call{to: placed.Page}.get(ctx)
}

// scan reports that parcels were picked up.
func (w week) scan(ctx context.Context, base string, first, n int) error {
	events := make([]map[string]any, n)
	for i := range events {
		events[i] = map[string]any{"tracking_number": numberOf(first + i), "status": "picked_up", "occurred_at": time.Now().UTC()}
	}
	var got struct{ Accepted int }
	err := call{base + "/api/v1/events", w.carrier, ""}.post(ctx, map[string]any{"events": events}, &got)
	if err == nil && got.Accepted != n {
		err = fmt.Errorf("%d of %d scans were accepted", got.Accepted, n)
	}
	return err
}

// call is one request; key and once, its Idempotency-Key, may be empty.
type call struct{ to, key, once string }

func (c call) get(ctx context.Context) error { return c.do(ctx, http.MethodGet, nil, nil) }

func (c call) post(ctx context.Context, body, answer any) error {
	return c.do(ctx, http.MethodPost, body, answer)
}

func (c call) do(ctx context.Context, method string, body, answer any) error {
	var text bytes.Buffer
	if err := json.NewEncoder(&text).Encode(body); err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, method, c.to, &text)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+c.key)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", c.once)
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = a.Body.Close() }()
	got, err := io.ReadAll(a.Body)
	switch {
	case err != nil:
		return err
	case a.StatusCode >= http.StatusBadRequest:
		return fmt.Errorf("%s %s: %s %s", method, c.to, a.Status, got)
	case answer == nil:
		return nil
	}
	return json.Unmarshal(got, answer)
}
