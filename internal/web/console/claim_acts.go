package console

import (
	"bytes"
	"maps"
	"net/http"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	helpdesk "github.com/promesse-dev/promesse/internal/desk"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// claimDone leads back to a claim after something was done about it, or shows why
// it was not.
func (c Config) claimDone(r *http.Request, did string, err error) (ui.Answer, error) {
	if denied(err) {
		return c.claimPage(r, typedRuling{wrong: err})
	}
	return ui.Answer{To: claimPath(ident.Claim(r.PathValue("id"))) + "?done=" + did}, err
}

// sortClaim notes what a claim is about.
func (c Config) sortClaim(r *http.Request) (ui.Answer, error) {
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		_, err := helpdesk.Sort(tx, v.Merchant, ident.Claim(r.PathValue("id")), fact.ClaimKind(r.PostFormValue("what")), ident.Parcel(r.PostFormValue("parcel")))
		return err
	})
	return c.claimDone(r, "claim_sorted", err)
}

// askEvidence notes that somebody was asked.
func (c Config) askEvidence(r *http.Request) (ui.Answer, error) {
	err := c.act(r, func(tx *flow.Tx, v visit) error {
		_, err := helpdesk.AskEvidence(tx, v.Merchant, ident.Claim(r.PathValue("id")), fact.Party(r.PostFormValue("of")), r.PostFormValue("words"))
		return err
	})
	return c.claimDone(r, "claim_asked", err)
}

// giveEvidence writes down what they know.
func (c Config) giveEvidence(r *http.Request) (ui.Answer, error) {
	photos, err := ui.Develop(r.Context(), c.darkroom, "photos", ui.Uploads(r, "photos"))
	if err == nil {
		err = c.act(r, func(tx *flow.Tx, v visit) error {
			ids, err := blob.PutPhotos(tx, v.Merchant, photos)
			if err != nil {
				return err
			}
			_, err = helpdesk.Tell(tx, v.Merchant, ident.Claim(r.PathValue("id")), helpdesk.Statement{
				By: evidenceOf(r.PostFormValue("of")), Via: fact.ViaPage, Words: r.PostFormValue("words"), Photos: ids,
			})
			return err
		})
	}
	return c.claimDone(r, "claim_evidence", err)
}

// evidenceOf is whose evidence a form brings: never the shopper's, who speak for
// themselves.
func evidenceOf(said string) fact.Party {
	if p := fact.Party(said); p != fact.ByShopper {
		return p
	}
	return ""
}

// decideClaim takes the reader's decision, as the first person or the second.
func (c Config) decideClaim(r *http.Request) (ui.Answer, error) {
	id := ident.Claim(r.PathValue("id"))
	seen, _ := wholeNumber(r.PostFormValue("seen"))
	d := helpdesk.Decision{Seen: seen, Outcome: fact.Outcome(r.PostFormValue("outcome")), Liable: fact.Party(r.PostFormValue("liable")), Words: r.PostFormValue("words")}
	units, err := unitsOf(r)
	if err != nil {
		return c.claimPage(r, typedRuling{said: d, wrong: err})
	}
	for _, line := range slices.Sorted(maps.Keys(units)) {
		d.Goods = append(d.Goods, fact.Units{Line: line, Units: units[line]})
	}
	err = c.act(r, func(tx *flow.Tx, v visit) error {
		claim, err := helpdesk.GetClaim(tx.Tx, v.Merchant, id)
		if err != nil {
			return err
		}
		d.By = v.Staff.ID
		if claim.State == helpdesk.ClaimContested || claim.State == helpdesk.ClaimClosed {
			_, err = helpdesk.Review(tx, v.Merchant, id, d)
		} else {
			_, err = helpdesk.Decide(tx, v.Merchant, id, d)
		}
		return err
	})
	if denied(err) {
		return c.claimPage(r, typedRuling{said: d, wrong: err})
	}
	return ui.Answer{To: claimPath(id) + "?done=claim_decided"}, err
}

// claimFile sends all that is known of a claim as one file, for a mediator.
func (c Config) claimFile(w http.ResponseWriter, r *http.Request) {
	var p filePage
	reference := ""
	err := c.see(r, func(tx *db.Tx, v visit) error {
		b, err := readComplaint(tx, v.Merchant, ident.Claim(r.PathValue("id")), reading(r, tx.Now))
		if err != nil {
			return err
		}
		reference = b.order.Reference
		p = b.filePage(ui.Reader(r), v)
		for i := range p.Sections {
			if err := embed(tx, v.Merchant, p.Sections[i].Blocks); err != nil {
				return err
			}
		}
		return nil
	})
	var out bytes.Buffer
	if err == nil {
		err = fileView(p).Render(r.Context(), &out)
	}
	if err != nil {
		refuseStream(w, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; img-src data:")
	w.Header().Set("Content-Disposition", `attachment; filename="`+fileName(reference)+`.html"`)
	_, _ = w.Write(out.Bytes())
}

// filePage is the file in words: the order, what was promised, and all that was
// said, asked and decided.
func (b *complaint) filePage(loc lang.Locale, v visit) filePage {
	p := filePage{Locale: loc, Title: b.T("claims.file_title", map[string]any{"Reference": b.order.Reference, "Shop": v.Shop.Name})}
	p.Facts = append(b.summary(), b.stateBlock(visit{}).Facts...)
	if b.mediator != "" {
		p.Facts = append(p.Facts, pair{b.T("mediation.mediator", nil), b.mediator})
	}
	b.past = nil // what was written of other matters is not the mediator's
	p.Sections = []fileSection{
		{b.T("claims.said", nil), plainly(b.entries())},
		{b.T("claims.in_view", nil), plainly(b.inView())},
	}
	for _, f := range b.facts {
		p.Timeline = append(p.Timeline, b.happened(f))
	}
	return p
}
