package order

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

// Traits are what an article is like, as far as the shop says: what decides how
// it may come back. The zero Traits says nothing.
type Traits struct {
	Category string   `json:"category,omitempty"` // the shop's own word
	Handling []string `json:"handling,omitempty"` // open list: bulky, dangerous, hygiene, perishable, personalised, fragile, …
	Size     string   `json:"size,omitempty"`     // as the shopper chose it: "M", "42"
	Supplier string   `json:"supplier,omitempty"` // the shop's own word for who made or delivered it; no person's name
	Length   int      `json:"length,omitempty"`   // of one unit as it is packed, in millimetres
	Width    int      `json:"width,omitempty"`    // likewise
	Height   int      `json:"height,omitempty"`   // likewise
	Parts    []string `json:"parts,omitempty"`    // what belongs to it, as the shop names it: the charger, the remote control
	// Excluded is why nobody may withdraw from the purchase of it, a case of Code de
	// la consommation, article L221-28: "L221-28 3°". It counts only because it was
	// said before the purchase: a shop that did not say so leaves it empty.
	Excluded string `json:"excluded,omitempty"`
}

const (
	maxHandling    = 20
	maxParts       = 30
	maxMillimetres = 100_000
)

// Deposit is the handling of reusable packaging, the price of which is a deposit.
const Deposit = "deposit"

// Deposited reports whether the article is packaging that comes back for its deposit.
func (t Traits) Deposited() bool { return slices.Contains(t.Handling, Deposit) }

// Empty reports whether nothing is said.
func (t Traits) Empty() bool {
	return t.Category == "" && t.Size == "" && t.Supplier == "" && len(t.Handling) == 0 && t.Length == 0 && t.Width == 0 && t.Height == 0 && len(t.Parts) == 0 && t.Excluded == ""
}

func (c *check) traits(path string, t Traits) {
	c.text(path+"category", t.Category, maxText)
	c.text(path+"size", t.Size, maxText)
	c.text(path+"supplier", t.Supplier, maxText)
	c.text(path+"excluded", t.Excluded, maxText)
	if len(t.Handling) > maxHandling {
		c.faults.Add(fault.Invalid, "list_too_long", path+"handling", "limit", maxHandling)
		return
	}
	if len(t.Parts) > maxParts {
		c.faults.Add(fault.Invalid, "list_too_long", path+"parts", "limit", maxParts)
		return
	}
	for i, p := range t.Parts {
		c.required(fmt.Sprintf("%sparts[%d]", path, i), p, maxText)
	}
	for i, h := range t.Handling {
		c.required(fmt.Sprintf("%shandling[%d]", path, i), h, maxPhone)
	}
	for _, side := range []struct {
		name string
		mm   int
	}{{"length", t.Length}, {"width", t.Width}, {"height", t.Height}} {
		if side.mm < 0 || side.mm > maxMillimetres {
			c.faults.Add(fault.Invalid, "number_out_of_range", path+side.name, "value", side.mm, "min", 0, "max", maxMillimetres)
		}
	}
}

// column is how traits are stored: nothing for those that say nothing.
func (t Traits) column() (string, error) {
	if t.Empty() {
		return "", nil
	}
	b, err := json.Marshal(t)
	return string(b), err
}

func readTraits(column string) (t Traits, err error) {
	if column != "" {
		err = json.Unmarshal([]byte(column), &t)
	}
	return t, err
}
