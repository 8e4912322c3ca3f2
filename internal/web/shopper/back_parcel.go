package shopper

import (
	"encoding/base64"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/label"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/returns"
)

// labelledRoutes are those for which a carrier makes a label.
var labelledRoutes = []fact.Route{fact.BackByRelay, fact.BackByPost, fact.BackByPickup}

// handling is how the parcel is made ready: label, code, packing, where to.
func (b sendback) handling(p *backPage) {
	r := b.back
	if r.State != returns.Accepted && r.State != returns.Ready || r.Route == fact.BackNotNeeded || r.Route == fact.BackRecalled {
		return
	}
	if b.locator != "" && r.Route != fact.BackByPickup {
		p.Locator = b.locator
	}
	if b.point.ID != "" {
		p.Point = b.point.Name + ", " + b.point.Address()
	}
	p.Packing = b.packing()
	b.labelling(p)
	if r.Code != "" {
		p.show(r.Code, b.T("back.code_store", nil))
	}
}

func (b sendback) labelling(p *backPage) {
	if !slices.Contains(labelledRoutes, b.back.Route) {
		return
	}
	there := map[carrier.LabelFormat]bool{}
	for _, l := range b.labels {
		if l.State == returns.LabelVoid {
			continue
		}
		there[l.Format] = true
		b.labelled(p, l)
	}
	for _, f := range []carrier.LabelFormat{carrier.QR, carrier.PDFA4, carrier.PDF10x15} {
		if !there[f] {
			p.Formats = append(p.Formats, pick{Value: string(f), Words: b.format(f)})
		}
	}
}

func (b sendback) labelled(p *backPage, l returns.Label) {
	row := labelRow{Words: b.format(l.Format)}
	switch l.State {
	case returns.LabelAsked:
		row.State, p.Refresh = b.T("back.label_asked", nil), true
	case returns.LabelFailed:
		row.State = b.T("back.label_failed", map[string]any{"Text": l.Refusal})
	default:
		row.State = b.T("back.label_number", map[string]any{"Number": l.Number})
		if l.Until != 0 {
			row.State = b.T("back.label_until", map[string]any{"Number": l.Number, "Due": b.Due(l.Until)})
		}
		if l.Document != "" {
			row.Path = b.here("/etiquette/" + string(l.ID))
		}
		if l.Code != "" {
			p.show(l.Code, b.T("back.code_counter", nil))
		}
	}
	p.Labels = append(p.Labels, row)
}

func (b sendback) format(f carrier.LabelFormat) string {
	return b.worded(map[string]string{
		string(carrier.QR): "back.format_qr", string(carrier.PDFA4): "back.format_a4", string(carrier.PDF10x15): "back.format_10x15",
	}, string(f), "")
}

// show puts a code on the page, as a picture and as text. One that no picture can
// hold stays text.
func (p *backPage) show(code, says string) {
	p.Code, p.CodeSays = code, says
	if svg, err := label.QRSVG(code); err == nil {
		p.QR = "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(svg)
	}
}

// proved is the proof of the deposit.
func (b sendback) proved(p *backPage) {
	if b.proof.ID == "" {
		return
	}
	add := func(what, value string) {
		if value != "" {
			p.Proof = append(p.Proof, pair{what, value})
		}
	}
	add(b.T("back.proof_number", nil), b.proof.Number)
	add(b.T("back.proof_when", nil), b.When(b.proof.At, fact.Minute))
	add(b.T("back.proof_where", nil), b.proof.Place)
	add(b.T("back.proof_hash", nil), b.proof.Hash[:min(16, len(b.proof.Hash))])
}

// heavy and far are from when on a parcel needs more than a plain box.
const (
	heavy = 10_000 // grams
	huge  = 1_000  // millimetres of the longest side
)

// packing is what to do before the box is closed, from what goes into it.
func (b sendback) packing() (all []string) {
	var goods, parts []string
	grams, longest, fragile, empty, reusable := 0, 0, false, true, false
	for _, l := range b.lines {
		reusable = reusable || l.Traits.Deposited()
		for _, i := range b.items {
			if i.Line != l.ID {
				continue
			}
			empty = empty && l.Traits.Deposited()
			goods = append(goods, b.T("order_page.article", map[string]any{"Units": i.Units, "Name": l.Name}))
			for _, part := range l.Traits.Parts {
				parts = append(parts, b.T("back.pack_part", map[string]any{"Part": part, "Name": l.Name}))
			}
			grams += l.Grams * i.Units
			longest = max(longest, l.Traits.Length, l.Traits.Width, l.Traits.Height)
			fragile = fragile || slices.Contains(l.Traits.Handling, "fragile")
		}
	}
	if empty {
		return []string{b.T("back.pack_empty", nil), b.T("back.pack_label", nil)}
	}
	all = append(all, b.T("back.pack_goods", map[string]any{"Articles": strings.Join(goods, ", ")}))
	if len(parts) == 0 {
		parts = []string{b.T("back.pack_parts", nil)}
	}
	box := b.T("back.pack_box", nil)
	if reusable {
		box = b.T("back.pack_reuse", nil)
	}
	all = append(append(all, parts...), box)
	if longest > 0 {
		all = append(all, b.T("back.pack_size", map[string]any{"Size": lang.Decimal(b.Locale, float64(longest)/10+4, 0)}))
	}
	if fragile {
		all = append(all, b.T("back.pack_fragile", nil))
	}
	if grams >= heavy {
		all = append(all, b.T("back.pack_heavy", map[string]any{"Weight": b.kilos(grams)}))
	}
	if longest >= huge {
		all = append(all, b.T("back.pack_long", nil))
	}
	return append(all, b.T("back.pack_close", nil))
}
