package shopper

import (
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/remedy"
)

// repair adds what was given for each promise in force that was not kept, or
// where that stands.
func (d *lived) repair(h *headline) {
	for _, c := range []promise.Commitment{d.delivery, d.whole} {
		if c.State != fact.Broken {
			continue
		}
		given, text := d.repairOf(c)
		if given != "" {
			h.Repaired = append(h.Repaired, given)
		}
		if text != "" && !slices.Contains(h.Texts, text) {
			h.Texts = append(h.Texts, text)
		}
	}
}

// repairOf is what was given for a broken promise, or where that stands.
func (d *lived) repairOf(c promise.Commitment) (given, text string) {
	args := map[string]any{"Shop": d.brand.Shown}
	for _, r := range d.remedies {
		if r.Commitment != c.ID {
			continue
		}
		switch r.State {
		case remedy.Granted:
			return d.granted(r), ""
		case remedy.Waiting:
			return "", d.T("order_page.repair_waiting", nil)
		case remedy.Refused:
			return "", d.refused(c, r, args)
		}
	}
	return "", ""
}

func (d *lived) granted(r remedy.Remedy) string {
	args := map[string]any{"Shop": d.brand.Shown, "Amount": remedy.Total(r.Grants)}
	for _, g := range r.Grants {
		if g.Kind != remedy.Delivery {
			return d.T("order_page.repaired", args)
		}
	}
	return d.T("order_page.repaired_delivery", args)
}

// refused says why nothing is given: it was given for another promise already,
// or the shop's rules give nothing for this.
func (d *lived) refused(c promise.Commitment, r remedy.Remedy, args map[string]any) string {
	switch {
	case r.Reason == remedy.CapReached:
		return d.T("tracking_page.repaired_once", args)
	case c.Owed == fact.Complete:
		return d.T("tracking_page.refused_units", args)
	case c.Last.Reason == promise.Early:
		return d.T("tracking_page.refused_early", args)
	default:
		return d.T("order_page.repair_refused", args)
	}
}

// lack is what was declared missing or damaged, by whom, in one sentence each.
func (d *lived) lack() string {
	var all []string
	for _, s := range d.shortages {
		all = append(all, d.short(s))
	}
	return strings.Join(all, " ")
}

// short is one declaration: "Vous nous avez signalé : 2 × Huile d'olive (abîmé)."
func (d *lived) short(s orders.Shortage) string {
	args := map[string]any{"Shop": d.brand.Shown, "Articles": d.articles(s)}
	switch {
	case s.By == fact.ByMerchant && s.Damaged:
		return d.T("tracking_page.shop_damaged", args)
	case s.By == fact.ByMerchant:
		return d.T("tracking_page.shop_missing", args)
	case s.Damaged:
		return d.T("tracking_page.you_damaged", args)
	default:
		return d.T("tracking_page.you_missing", args)
	}
}

func (d *lived) articles(s orders.Shortage) string {
	units := map[ident.Line]int{}
	for _, l := range s.Lines {
		units[l.Line] += l.Units
	}
	return strings.Join(d.list(units), ", ")
}

// list is units of lines as people write them, in the order of the order.
func (d *lived) list(units map[ident.Line]int) (out []string) {
	for _, l := range d.lines {
		if n := units[l.ID]; n > 0 {
			out = append(out, d.T("order_page.article", map[string]any{"Units": n, "Name": l.Name}))
		}
	}
	return out
}
