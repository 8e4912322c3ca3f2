package carrier

import (
	"fmt"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/label"
	"github.com/promesse-dev/promesse/internal/platform/blob"
)

const (
	qrPixels    = 300 // the side of a code that is shown on a screen
	dotsPerInch = 203 // of label printers
)

// Drawn is a label that is drawn here, for a carrier that has no service to ask:
// its number begins with letters of the carrier's, and is a function of the key.
// The error is a final Refusal when nothing can be drawn.
func Drawn(c Connection, letters string, r LabelRequest) (Issued, error) {
	number := letters + strings.ToUpper(ident.Hash(r.Key)[:12])
	out := Issued{Number: number, Format: r.Format, ContentType: blob.PDF, Until: r.Until}
	s := sheet(c.Name, number, r)
	var err error
	switch r.Format {
	case PDFA4:
		out.Document, err = label.PDF([]label.Sheet{s}, label.A4, r.Ready.Start(time.UTC))
	case PDF10x15:
		out.Document, err = label.PDF([]label.Sheet{s}, label.Small, r.Ready.Start(time.UTC))
	case ZPL:
		out.ContentType = blob.ZPL
		out.Document, err = label.ZPL(s, dotsPerInch)
	default:
		out.ContentType, out.Code = blob.PNG, number
		out.Document, err = label.QRPNG(number, qrPixels)
	}
	if err != nil {
		return Issued{}, Refusal{Why: RefusedRequest, Text: err.Error(), Final: true}
	}
	return out, nil
}

func sheet(network, number string, r LabelRequest) label.Sheet {
	s := label.Sheet{
		Network: network, Title: "RETOUR", From: r.From.lines(), To: r.To.lines(), Number: number, Bars: number, QR: number,
		Fields: []label.Field{{Name: "Réf.", Value: r.Reference}, {Name: "Poids", Value: fmt.Sprintf("%d g", r.Grams)}, {Name: "Contenu", Value: r.Contents}},
	}
	if r.Insured.Minor > 0 {
		s.Fields = append(s.Fields, label.Field{Name: "Assuré", Value: r.Insured.Decimal() + " " + string(r.Insured.Currency)})
	}
	return s
}

func (c Contact) lines() (out []string) {
	for _, l := range []string{c.Name, c.Street, c.Extra, strings.TrimSpace(c.Postcode + " " + c.City), c.Country} {
		if l != "" {
			out = append(out, l)
		}
	}
	return out
}
