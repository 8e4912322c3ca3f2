package simulated

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/label"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/egress"
)

// Printer draws labels itself and calls nobody: it is the carrier of stories and
// benchmarks, in which nothing may wait for a network. It has no state; the
// number of a label is a function of its key.
type Printer struct{}

// heaviest is what it takes: what relay networks take.
const heaviest = 30_000

// Offer is every format, on every route that needs a label.
func (Printer) Offer(_ carrier.Account, r fact.Route, _ string) (carrier.Offer, bool) {
	ok := r == fact.BackByRelay || r == fact.BackByPost || r == fact.BackByPickup
	return carrier.Offer{Formats: carrier.LabelFormats, MaxGrams: heaviest, Points: true}, ok
}

// AccountFields is a name, by which nobody knows the merchant.
func (Printer) AccountFields() []carrier.AccountField {
	return []carrier.AccountField{{Name: "name", Required: true}}
}

const (
	qrPixels    = 300 // the side of a code that is shown on a screen
	dotsPerInch = 203 // of label printers
)

// Label draws a label. The error is a final Refusal when nothing can be drawn.
func (Printer) Label(_ context.Context, _ *egress.Client, c carrier.Connection, _ carrier.Account, r carrier.LabelRequest) (carrier.Issued, error) {
	number := "SIM" + strings.ToUpper(ident.Hash(r.Key)[:12])
	out := carrier.Issued{Number: number, Format: r.Format, ContentType: blob.PDF, Until: r.Until}
	s := sheet(c.Name, number, r)
	var err error
	switch r.Format {
	case carrier.PDFA4:
		out.Document, err = label.PDF([]label.Sheet{s}, label.A4, r.Ready.Start(time.UTC))
	case carrier.PDF10x15:
		out.Document, err = label.PDF([]label.Sheet{s}, label.Small, r.Ready.Start(time.UTC))
	case carrier.ZPL:
		out.ContentType = blob.ZPL
		out.Document, err = label.ZPL(s, dotsPerInch)
	default:
		out.ContentType, out.Code = blob.PNG, number
		out.Document, err = label.QRPNG(number, qrPixels)
	}
	if err != nil {
		return carrier.Issued{}, carrier.Refusal{Why: carrier.RefusedRequest, Text: err.Error(), Final: true}
	}
	return out, nil
}

// Void is heard: there is nobody to tell.
func (Printer) Void(context.Context, *egress.Client, carrier.Connection, carrier.Account, string) error {
	return nil
}

func sheet(network, number string, r carrier.LabelRequest) label.Sheet {
	return label.Sheet{
		Network: network, Title: "RETOUR", From: lines(r.From), To: lines(r.To), Number: number, Bars: number, QR: number,
		Fields: []label.Field{{Name: "Réf.", Value: r.Reference}, {Name: "Poids", Value: fmt.Sprintf("%d g", r.Grams)}, {Name: "Contenu", Value: r.Contents}},
	}
}

func lines(c carrier.Contact) (out []string) {
	for _, l := range []string{c.Name, c.Street, c.Extra, strings.TrimSpace(c.Postcode + " " + c.City), c.Country} {
		if l != "" {
			out = append(out, l)
		}
	}
	return out
}
