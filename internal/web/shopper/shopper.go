// Package shopper is the pages of whoever bought: the order, behind a link that
// nobody else has, and the confirmation of an e-mail address.
//
// The order's page answers one question, "will it come when you said?": the
// promise as a sentence in the shopper's language and the destination's zone,
// kept, at risk or broken said plainly, what was repaired, how old the news are,
// then what happened. It only reads; the link gives nothing else. A link that
// opens nothing answers like any address that does not exist.
//
// It stores nothing and sends nothing. What it says is decided in the rooms; here
// it is put into words, by functions of values (headline.go, timeline.go).
package shopper

import (
	"log/slog"
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// Config is what the pages stand on.
type Config struct {
	Flow *flow.Flow
	Base string       // address of the installation
	Log  *slog.Logger // nil discards
}

// New opens the door.
func New(c Config) (*ui.Door, error) {
	return ui.NewDoor(ui.House{Base: c.Base, Log: c.Log, Passing: c.Flow.DB().Passing}, routes(c.Flow)...)
}

// routes is every path, who may use it, and its handler.
func routes(f *flow.Flow) []ui.Route {
	return []ui.Route{
		{Method: http.MethodGet, Path: "/p/{token}", Access: ui.ByLink, Summary: "The order's page", Serve: orderPage(f)},
		{Method: http.MethodGet, Path: "/lien/{token}", Access: ui.ByLink, Summary: "What confirming an address means", Serve: askConsent(f)},
		{Method: http.MethodPost, Path: "/lien/{token}", Access: ui.ByLink, Summary: "Confirm an address, and consent", Serve: confirm(f)},
	}
}

// maxToken is more than any link has.
const maxToken = 64

// token is the secret in the path of a request.
func token(r *http.Request) (ident.Link, error) {
	t := r.PathValue("token")
	if len(t) > maxToken {
		return "", fault.New(fault.NotFound, "not_found", "")
	}
	return ident.Link(t), nil
}

// orderPage reads an order in one snapshot and shows it.
func orderPage(f *flow.Flow) func(*http.Request) (ui.Answer, error) {
	return func(r *http.Request) (a ui.Answer, err error) {
		link, err := token(r)
		if err != nil {
			return a, err
		}
		err = f.Read(r.Context(), func(tx *db.Tx) error {
			d, err := readOrder(tx, link)
			a.Page = order(d.page())
			return err
		})
		return a, err
	}
}
