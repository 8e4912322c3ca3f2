package promise

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/core/vault"
)

// tokenPurpose parts the signatures of quotes from all others of the installation.
const tokenPurpose = "quote"

// tokenVersion is written into each token; one of another version is not read.
const tokenVersion = 1

// Promised is what a quote's token says: the option as it was shown, which is
// what will be owed. Anybody may read it, nobody can change it.
type Promised struct {
	Quote    ident.Quote    `json:"q"`
	Merchant ident.Merchant `json:"m"`

	Service    ident.Service    `json:"s"`
	Stock      ident.StockPoint `json:"o"`
	Collect    bool             `json:"c,omitempty"`  // to be collected at a point
	Point      ident.Point      `json:"pt,omitempty"` // at this one; empty: it is chosen with the order
	Slot       bool             `json:"sl,omitempty"` // handed over inside both ends of the window
	From       civil.Instant    `json:"f"`
	Until      civil.Instant    `json:"u"` // exclusive
	Zone       string           `json:"z"`
	HandoverBy civil.Instant    `json:"h"`
	Grace      time.Duration    `json:"g,omitempty"` // nanoseconds
	Confidence float64          `json:"p,omitempty"`
	Basis      Basis            `json:"b"`
	Price      money.Amount     `json:"e"`

	Country  string `json:"k"`  // of the destination, as geo.NewPlace writes it
	Postcode string `json:"pc"` // likewise
	Basket   string `json:"bh"` // BasketHash

	Shown  string      `json:"t"` // the words at checkout
	Locale lang.Locale `json:"l"`

	Expires civil.Instant `json:"x"`
}

// Sign makes the token of an option.
func Sign(v *vault.Vault, p Promised) (string, error) {
	payload, err := json.Marshal(struct {
		Version int `json:"v"`
		Promised
	}{tokenVersion, p})
	if err != nil {
		return "", fmt.Errorf("sign quote %s: %w", p.Quote, err)
	}
	return v.Sign(tokenPurpose, payload), nil
}

// Open reads a token that Sign made. The faults are token_invalid and token_altered.
func Open(v *vault.Vault, token string) (Promised, error) {
	payload, err := v.Open(tokenPurpose, token)
	if err != nil {
		return Promised{}, err
	}
	var p struct {
		Version int `json:"v"`
		Promised
	}
	if err := json.Unmarshal(payload, &p); err != nil || p.Version != tokenVersion {
		return Promised{}, fault.New(fault.Invalid, "token_invalid", "token").Because(err)
	}
	return p.Promised, nil
}

// A token lives half an hour, or until its order-before instant when that comes
// later, but never longer than a day: stock and timetables change.
const (
	shortLife = 30 * time.Minute
	longLife  = 24 * time.Hour
)

// Life is until when, exclusive, a quote made now may be ordered with.
func Life(now, orderBefore civil.Instant) civil.Instant {
	return min(max(now.Add(shortLife), orderBefore), now.Add(longLife))
}

// Asked is what an order asks for, to be held against the token it brings.
type Asked struct {
	Merchant ident.Merchant
	Country  string // of the destination, as geo.NewPlace writes it
	Postcode string
	Basket   string // BasketHash of its lines
	Point    ident.Point
}

// Check reports whether an order may be placed with a token now. The faults are
// token_mismatch, which names what differs, and token_expired. That a token serves
// once is Commit's to see.
func Check(p Promised, asked Asked, now civil.Instant) error {
	for _, f := range []struct{ what, promised, asked string }{
		{"merchant", string(p.Merchant), string(asked.Merchant)},
		{"country", p.Country, asked.Country},
		{"postcode", p.Postcode, asked.Postcode},
		{"basket", p.Basket, asked.Basket},
	} {
		if f.promised != f.asked {
			return fault.New(fault.Conflict, "token_mismatch", "token", "what", f.what)
		}
	}
	if p.Point != "" && p.Point != asked.Point {
		return fault.New(fault.Conflict, "token_mismatch", "token", "what", "point")
	}
	if now >= p.Expires {
		return fault.New(fault.Conflict, "token_expired", "token", "expired", p.Expires.String())
	}
	return nil
}

// Item is a kind of goods in a basket.
type Item struct {
	SKU   string
	Units int
	Grams int // of one unit
}

// BasketHash names a basket by its contents, whatever the order of its lines
// and however the units of one article are spread over them.
func BasketHash(items []Item) string {
	type article struct {
		sku   string
		grams int
	}
	units := map[article]int{}
	for _, i := range items {
		units[article{i.SKU, i.Grams}] += i.Units
	}
	sorted := make([]Item, 0, len(units))
	for a, n := range units {
		sorted = append(sorted, Item{SKU: a.sku, Units: n, Grams: a.grams})
	}
	slices.SortFunc(sorted, func(a, b Item) int {
		return cmp.Or(cmp.Compare(a.SKU, b.SKU), cmp.Compare(a.Grams, b.Grams))
	})
	h := sha256.New()
	for _, i := range sorted {
		_, _ = fmt.Fprintf(h, "%q %d %d\n", i.SKU, i.Units, i.Grams)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
