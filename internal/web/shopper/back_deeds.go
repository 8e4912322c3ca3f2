package shopper

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/photo"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// askLabel has a label made in a format.
func (s *site) askLabel(r *http.Request) (ui.Answer, error) {
	format := carrier.LabelFormat(typed(r, "format", maxShort))
	return s.act(r, func(tx *flow.Tx, b sendback) error {
		_, err := returns.AskLabel(tx, b.shop.ID, b.back.ID, format)
		return err
	})
}

// cancelBack takes the return back, before its deposit.
func (s *site) cancelBack(r *http.Request) (ui.Answer, error) {
	return s.act(r, func(tx *flow.Tx, b sendback) error {
		_, err := returns.Cancel(tx, b.shop.ID, b.back.ID, fact.ByShopper)
		return err
	})
}

// chooseWay chooses how the goods of a withdrawal come back.
func (s *site) chooseWay(r *http.Request) (ui.Answer, error) {
	w := backWish{way: typed(r, "way", maxShort), covers: typedCovers(r), pickup: typed(r, "pickup", maxShort)}
	return s.act(r, func(tx *flow.Tx, b sendback) error {
		in := returns.Choice{Cover: w.cover(b.order.Currency), Pickup: w.fetched()}
		in.Route, in.Point = w.route()
		_, err := s.back.office.Choose(tx, b.shop.ID, b.back.ID, in)
		return err
	})
}

// fetchAgain chooses another day for a parcel that nobody came for.
func (s *site) fetchAgain(r *http.Request) (ui.Answer, error) {
	day := backWish{pickup: typed(r, "pickup", maxShort)}.fetched()
	return s.act(r, func(tx *flow.Tx, b sendback) error {
		_, err := returns.FetchAgain(tx, b.shop.ID, b.back.ID, day)
		return err
	})
}

// missMoney says that a refund has not come.
func (s *site) missMoney(r *http.Request) (ui.Answer, error) {
	id := ident.Refund(typed(r, "refund", maxShort))
	return s.act(r, func(tx *flow.Tx, b sendback) error {
		if !slices.ContainsFunc(b.refunds, func(x payment.Refund) bool { return x.ID == id }) {
			return fault.New(fault.NotFound, "not_found", "refund")
		}
		_, err := payment.Missed(tx, b.shop.ID, id)
		return err
	})
}

// contest says that what was decided is not accepted, in words and photos.
func (s *site) contest(r *http.Request) (ui.Answer, error) {
	b, err := s.sendback(r)
	if err != nil {
		return ui.Answer{}, err
	}
	if !b.trusted {
		return s.linkAlone(b), nil
	}
	files := ui.Uploads(r, "photos")
	var photos []photo.Photo
	if len(files) > 0 {
		if photos, err = s.back.develop(r.Context(), b.link, "photos", files); err != nil {
			return s.done(r, b, err)
		}
	}
	words := typed(r, "words", maxComment)
	err = s.flow.One(r.Context(), flow.ByShopper(b.order.Shopper), b.shop.ID, func(tx *flow.Tx) error {
		ids, err := blob.PutPhotos(tx, b.shop.ID, photos)
		if err != nil {
			return err
		}
		_, err = returns.Contest(tx, b.shop.ID, b.back.ID, returns.Statement{By: fact.ByShopper, Words: words, Photos: ids})
		return err
	})
	return s.done(r, b, err)
}

// label sends the label of a return.
func (s *site) label(w http.ResponseWriter, r *http.Request) {
	s.document(w, r, func(b sendback) (ident.Blob, string) {
		for _, l := range b.labels {
			ready := l.State == returns.LabelReady || l.State == returns.LabelUsed
			if string(l.ID) == r.PathValue("label") && ready && l.Document != "" {
				return l.Document, "retour-" + b.order.Reference
			}
		}
		return "", ""
	})
}

// photo sends a photo that the return's page shows.
func (s *site) photo(w http.ResponseWriter, r *http.Request) {
	s.document(w, r, func(b sendback) (ident.Blob, string) {
		id := ident.Blob(r.PathValue("photo"))
		if !slices.Contains(b.shown(), id) {
			return "", ""
		}
		return id, "photo"
	})
}

// shown are the photos that the page shows.
func (b sendback) shown() (all []ident.Blob) {
	for _, i := range b.items {
		all = append(all, i.Photos...)
	}
	for _, d := range b.decisions {
		for _, why := range d.Reasons {
			if d.State == returns.Final {
				all = append(all, why.Photos...)
			}
		}
	}
	for _, d := range b.disputes {
		for _, said := range d.Said {
			all = append(all, said.Photos...)
		}
	}
	return all
}

// extensions are those of the files that are handed out.
var extensions = map[string]string{blob.PDF: ".pdf", blob.PNG: ".png", blob.JPEG: ".jpg"}

// document sends a document of a return: which one, and its name, is for pick to
// say. Nothing but what we make ourselves is ever kept, so it may be shown.
func (s *site) document(w http.ResponseWriter, r *http.Request, pick func(sendback) (ident.Blob, string)) {
	b, err := s.sendback(r)
	if err != nil {
		refuse(w, err)
		return
	}
	id, name := pick(b)
	s.handOut(w, r, b.shop.ID, id, name)
}

// handOut sends a document of a shop; an empty id is none.
func (s *site) handOut(w http.ResponseWriter, r *http.Request, m ident.Merchant, id ident.Blob, name string) {
	var doc blob.Blob
	err := s.flow.Read(r.Context(), func(tx *db.Tx) (err error) {
		if id == "" {
			return fault.New(fault.NotFound, "not_found", "")
		}
		doc, err = blob.Get(tx, m, id)
		return err
	})
	if err != nil {
		refuse(w, err)
		return
	}
	w.Header().Set("Content-Type", doc.ContentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(doc.Body)))
	w.Header().Set("Content-Disposition", `inline; filename="`+plainName(name)+extensions[doc.ContentType]+`"`)
	_, _ = w.Write(doc.Body)
}

// plainName is a text as the name of a file may be.
func plainName(text string) string {
	plain := []rune(text)
	for i, c := range plain {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-') {
			plain[i] = '-'
		}
	}
	return string(plain)
}
