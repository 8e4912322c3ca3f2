package shop

import (
	"encoding/json"
	"strings"
)

// blocks is the module of the platform that makes the elements promesse-delivery
// and promesse-tracking.
const blocks = "/embed/v1.js"

// datesBlock is what the delivery block is told.
type datesBlock struct {
	Key       string
	Countries string // the first is the one chosen
	Postcode  string
	Basket    string // JSON
}

// datesBlock shows the dates of a basket; nil where the shop's pages have no key.
// What is typed there stays there.
func (v *visit) datesBlock(b basket) (*datesBlock, error) {
	key := v.PageKey(v.shop.Slug)
	if key == "" {
		return nil, nil
	}
	lines, err := json.Marshal(b.lines(v.shop, v.locale))
	if err != nil {
		return nil, err
	}
	d := &datesBlock{Key: key, Basket: string(lines)}
	codes := []string{v.to.Country}
	for _, c := range v.countries(v.to.Country) {
		if !c.Here {
			codes = append(codes, c.Code)
		}
	}
	d.Countries = strings.Join(codes, " ")
	if v.to.fine() {
		d.Postcode = v.to.Postcode
	}
	return d, nil
}
