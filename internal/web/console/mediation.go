package console

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// filePage is all that is known of a return, for somebody outside the shop: one
// document that needs nothing but itself.
type filePage struct {
	Locale   lang.Locale
	Title    string
	Facts    []pair
	Sections []fileSection
	Timeline []moment
}

// fileSection is one part of it.
type fileSection struct {
	Title  string
	Blocks []block
}

// mediationFile sends all that is known of a return as one file.
func (c Config) mediationFile(w http.ResponseWriter, r *http.Request) {
	var p filePage
	reference := ""
	err := c.readBack(r, func(tx *db.Tx, v visit, b *sentback) error {
		f, err := returns.MediationFile(tx, v.Merchant, b.back.ID)
		if err != nil {
			return err
		}
		reference = b.order.Reference
		p = b.filePage(ui.Reader(r), v, f)
		for i := range p.Sections {
			if err := embed(tx, v.Merchant, p.Sections[i].Blocks); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		refuseStream(w, err)
		return
	}
	var out bytes.Buffer
	if err := fileView(p).Render(r.Context(), &out); err != nil {
		refuseStream(w, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; img-src data:")
	w.Header().Set("Content-Disposition", `attachment; filename="`+fileName(reference)+`.html"`)
	_, _ = w.Write(out.Bytes())
}

// fileName is a reference as far as a file can be named by it.
func fileName(reference string) string {
	return "mediation-" + strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '-' {
			return c
		}
		return '_'
	}, reference)
}

// filePage is the file in words, without what only the shop's people are to know:
// their doubts, and what they may do.
func (b *sentback) filePage(loc lang.Locale, v visit, f returns.File) filePage {
	p := filePage{Locale: loc, Title: b.T("mediation.title", map[string]any{"Reference": b.order.Reference, "Shop": v.Shop.Name})}
	p.Facts = append(b.head(visit{}).Facts, pair{b.T("mediation.outstanding", nil), lang.Amount(loc, f.Outstanding)})
	if f.Mediator != "" {
		p.Facts = append(p.Facts, pair{b.T("mediation.mediator", nil), f.Mediator})
	}
	add := func(key string, all []block) {
		if len(all) > 0 {
			p.Sections = append(p.Sections, fileSection{b.T(key, nil), plainly(all)})
		}
	}
	add("returns_desk.goods", b.goodsBack())
	add("returns_desk.way", slices.Concat(b.protests(visit{}), b.way()))
	add("returns_desk.findings", b.findings())
	add("returns_desk.rulings", b.decisions(visit{}))
	for _, d := range f.Disputes {
		add("dispute_desk.said", append([]block{b.quarrel(d)}, b.sayings(d)...))
	}
	add("returns_desk.money", b.money(visit{}))
	if f.Withdrawal != nil {
		add("withdrawal_desk.statement", []block{statementBlock(b.Reading, *f.Withdrawal)})
	}
	p.Timeline = b.story()
	return p
}

// plainly are blocks without anything to do.
func plainly(all []block) []block {
	for i := range all {
		all[i].Deeds, all[i].Links, all[i].Path = nil, nil, ""
	}
	return all
}

// embed puts the photos of blocks into them.
func embed(tx *db.Tx, m ident.Merchant, all []block) error {
	for _, b := range all {
		for i, p := range b.Photos {
			doc, err := blob.Get(tx, m, ident.Blob(p.Path[strings.LastIndexByte(p.Path, '/')+1:]))
			if absent(err) != nil {
				return err
			}
			b.Photos[i].Path = ""
			if err == nil && strings.HasPrefix(doc.ContentType, "image/") {
				b.Photos[i].Path = "data:" + doc.ContentType + ";base64," + base64.StdEncoding.EncodeToString(doc.Body)
			}
		}
	}
	return nil
}
