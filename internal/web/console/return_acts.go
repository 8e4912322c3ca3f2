package console

import (
	"net/http"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// onReturn runs an act on a return, and shows the return again: with what was
// done, or with why it was refused.
func (c Config) onReturn(r *http.Request, name string, do func(*flow.Tx, visit, ident.Return) error) (ui.Answer, error) {
	id := ident.Return(r.PathValue("id"))
	err := c.act(r, func(tx *flow.Tx, v visit) error { return do(tx, v, id) })
	if denied(err) {
		return c.sendbackPage(r, misdone(ui.Reader(r), err))
	}
	return ui.Answer{To: returnPath(id) + "?done=" + name}, err
}

// approveReturn lets a held return pass; one that has passed already stays as it is.
func (c Config) approveReturn(r *http.Request) (ui.Answer, error) {
	reason := r.PostFormValue("reason")
	return c.onReturn(r, "approved", func(tx *flow.Tx, v visit, id ident.Return) error {
		b, err := returns.Get(tx.Tx, v.Merchant, id)
		if err != nil || b.State == returns.Accepted || b.State == returns.Ready {
			return err
		}
		_, err = returns.Approve(tx, v.Merchant, id, reason)
		return err
	})
}

// declineReturn says no to a held return. Said twice by one person it is said once.
func (c Config) declineReturn(r *http.Request) (ui.Answer, error) {
	why := returns.Because{Code: r.PostFormValue("code"), Note: strings.TrimSpace(r.PostFormValue("note"))}
	return c.onReturn(r, "declined", func(tx *flow.Tx, v visit, id ident.Return) error {
		of, err := returns.Decisions(tx.Tx, v.Merchant, []ident.Return{id})
		if err != nil {
			return err
		}
		for _, d := range of[id] {
			if d.Outcome == fact.Refused && d.By == tx.By() && d.Sequence == 1 {
				return nil
			}
		}
		if why.Note == "" {
			return fault.New(fault.Invalid, "field_required", "note")
		}
		_, err = returns.Decline(tx, v.Merchant, id, []returns.Because{why})
		return err
	})
}

func (c Config) cancelReturn(r *http.Request) (ui.Answer, error) {
	return c.onReturn(r, "return_cancelled", func(tx *flow.Tx, v visit, id ident.Return) error {
		_, err := returns.Cancel(tx, v.Merchant, id, fact.ByMerchant)
		return err
	})
}

func (c Config) loseReturn(r *http.Request) (ui.Answer, error) {
	return c.onReturn(r, "lost", func(tx *flow.Tx, v visit, id ident.Return) error {
		_, err := returns.Lose(tx, v.Merchant, id)
		return err
	})
}

// protestReturn notes the letter that was sent to a carrier.
func (c Config) protestReturn(r *http.Request) (ui.Answer, error) {
	reference := r.PostFormValue("reference")
	return c.onReturn(r, "protested", func(tx *flow.Tx, v visit, id ident.Return) error {
		_, err := returns.Protested(tx, v.Merchant, id, reference)
		return err
	})
}

func (c Config) answerStock(r *http.Request) (ui.Answer, error) {
	there := r.PostFormValue("there")
	return c.onReturn(r, "stock", func(tx *flow.Tx, v visit, id ident.Return) error {
		if there != "yes" && there != "no" {
			return fault.New(fault.Invalid, "unknown_value", "there", "value", there)
		}
		_, err := returns.AnswerStock(tx, v.Merchant, id, there == "yes")
		return err
	})
}

// returnPhoto sends a photo that a return's page shows, and no other.
func (c Config) returnPhoto(w http.ResponseWriter, r *http.Request) {
	id := ident.Blob(r.PathValue("photo"))
	var doc blob.Blob
	err := c.readBack(r, func(tx *db.Tx, v visit, b *sentback) (err error) {
		for _, shown := range b.shownPhotos() {
			if shown == id {
				doc, err = blob.Get(tx, v.Merchant, id)
				return err
			}
		}
		return fault.New(fault.NotFound, "not_found", "document")
	})
	sendPhoto(w, doc, err)
}

// sendPhoto sends a photo that a page shows, or says that there is none.
func sendPhoto(w http.ResponseWriter, doc blob.Blob, err error) {
	if err != nil || !strings.HasPrefix(doc.ContentType, "image/") {
		refuseStream(w, err)
		return
	}
	w.Header().Set("Content-Type", doc.ContentType)
	w.Header().Set("Content-Security-Policy", "default-src 'none'")
	_, _ = w.Write(doc.Body)
}

// refuseStream answers for what is no page: a program reads it.
func refuseStream(w http.ResponseWriter, err error) {
	status := http.StatusNotFound
	if err != nil && fault.KindOf(err) != fault.NotFound {
		status = http.StatusServiceUnavailable
	}
	http.Error(w, http.StatusText(status), status)
}

// notThere reports whether an error says that something does not exist.
func notThere(err error) bool { return fault.KindOf(err) == fault.NotFound }
