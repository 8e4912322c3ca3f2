package counter

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/counter"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// onPaper are the formats that a counter's printer takes, the best first.
var onPaper = []carrier.LabelFormat{carrier.PDF10x15, carrier.PDFA4}

// stuck is the label that is on the parcel, or will be: the one that was scanned,
// or, when the shopper showed a code instead, the one that is printed here.
func stuck(labels []returns.Label, shown ident.Label) (l returns.Label) {
	for _, known := range labels {
		if known.ID == shown {
			l = known
		}
	}
	if l.Format != carrier.QR {
		return l
	}
	if p, ok := paper(labels); ok {
		return p
	}
	return l
}

// paper is the label of a return that can be printed.
func paper(labels []returns.Label) (returns.Label, bool) {
	for _, format := range onPaper {
		at := slices.IndexFunc(labels, func(l returns.Label) bool {
			return l.Format == format && l.Document != "" && (l.State == returns.LabelReady || l.State == returns.LabelUsed)
		})
		if at >= 0 {
			return labels[at], true
		}
	}
	return returns.Label{}, false
}

// document is the label to print for a scan: one on paper, or the one shown where
// its carrier gives a page with the code.
func document(tx *db.Tx, c counter.Scan, labels []returns.Label) (blob.Blob, bool, error) {
	id := stuck(labels, c.Label).Document
	if p, ok := paper(labels); ok {
		id = p.Document
	}
	if id == "" {
		return blob.Blob{}, false, nil
	}
	doc, err := blob.Get(tx, c.Owner, id)
	return doc, err == nil && doc.ContentType == blob.PDF, err
}

// printed is where the label of a return stands that came without one.
func printed(tx *db.Tx, read ui.Reading, c counter.Scan, b returns.Return, labels []returns.Label) (p printing, err error) {
	if b.Route != fact.BackByRelay {
		return p, nil // a store needs none
	}
	if _, p.Ready, err = document(tx, c, labels); err != nil || p.Ready {
		return p, err
	}
	p.Offer = b.State == returns.Accepted || b.State == returns.Ready
	for _, l := range labels {
		if l.Format != onPaper[0] {
			continue
		}
		p.Made = l.State == returns.LabelAsked
		if l.State == returns.LabelFailed {
			p.Failed = read.T("counter.label_failed", map[string]any{"Text": l.Refusal})
		}
		p.Offer = false
	}
	return p, nil
}

// askLabel has the label made of a return that was scanned.
func (s *site) askLabel(r *http.Request) (ui.Answer, error) {
	v, c, err := s.known(r)
	if err != nil {
		return ui.Answer{}, err
	}
	if c.Outcome == counter.AskDeposit {
		err = s.Flow.Write(r.Context(), v.Shift.By(), v.lanes(c.Owner), func(tx *flow.Tx) error {
			_, err := returns.AskLabel(tx, c.Owner, c.Return, onPaper[0])
			return err
		})
	}
	return ui.Answer{To: scanPath(c.ID)}, err
}

// label sends the label of the return that was scanned.
func (s *site) label(w http.ResponseWriter, r *http.Request) {
	_, c, err := s.known(r)
	var doc blob.Blob
	if err == nil {
		err = s.Flow.Read(r.Context(), func(tx *db.Tx) error {
			labels, err := returns.Labels(tx, c.Owner, []ident.Return{c.Return})
			if err != nil {
				return err
			}
			d, ready, err := document(tx, c, labels[c.Return])
			if err == nil && (!ready || c.Outcome != counter.AskDeposit && c.Outcome != counter.Deposited) {
				err = fault.New(fault.NotFound, "not_found", "")
			}
			doc = d
			return err
		})
	}
	if err != nil {
		status := http.StatusInternalServerError
		if fault.KindOf(err) == fault.NotFound {
			status = http.StatusNotFound
		} else {
			s.Log.Error("label not sent", "err", err)
		}
		http.Error(w, http.StatusText(status), status)
		return
	}
	w.Header().Set("Content-Type", doc.ContentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(doc.Body)))
	w.Header().Set("Content-Disposition", `inline; filename="etiquette.pdf"`)
	_, _ = w.Write(doc.Body)
}

// proofOf is a proof of deposit in words.
func proofOf(read ui.Reading, p returns.Proof) (all []pair) {
	for _, row := range []pair{
		{read.T("counter.proof_number", nil), p.Number},
		{read.T("counter.proof_when", nil), read.When(p.At, fact.Minute)},
		{read.T("counter.proof_where", nil), p.Place},
		{read.T("counter.proof_clerk", nil), p.Clerk},
		{read.T("counter.proof_seal", nil), p.Hash[:min(16, len(p.Hash))]},
	} {
		if row.Value != "" {
			all = append(all, row)
		}
	}
	return all
}

// paperPage is a proof as it is printed.
type paperPage struct {
	ui.Frame
	Shop  string // whose return it is
	Rows  []pair
	Back  string
	Zone  string
	Later string // what follows
}

// proof shows the proof of a deposit made at this counter.
func (s *site) proof(r *http.Request) (ui.Answer, error) {
	v, c, err := s.known(r)
	if err != nil {
		return ui.Answer{}, err
	}
	if c.Outcome != counter.Deposited && c.Outcome != counter.Again {
		return ui.Answer{To: scanPath(c.ID)}, nil
	}
	p := paperPage{Frame: frame(r, v, lang.T(ui.Reader(r), "counter.proof_title", nil)), Back: scanPath(c.ID)}
	p.Scripts = kit.Scripts()
	err = s.Flow.Read(r.Context(), func(tx *db.Tx) error {
		read := v.reading(r, tx.Now)
		shop, err := merchant.Get(tx, c.Owner)
		if err != nil {
			return err
		}
		proofs, err := returns.Proofs(tx, c.Owner, []ident.Return{c.Return})
		p.Shop, p.Rows, p.Later = shop.Name, proofOf(read, proofs[c.Return]), read.T("counter.proof_later", nil)
		return err
	})
	return ui.Answer{Page: paperView(p)}, err
}
