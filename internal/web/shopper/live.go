package shopper

import (
	"context"
	_ "embed"
	"net/http"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/tracking"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// order shows an order, printed.
func (s *site) order(r *http.Request) (ui.Answer, error) {
	link, err := token(r)
	if err != nil {
		return ui.Answer{}, err
	}
	return s.prints.get(r.Context(), link, wanted(r))
}

// live streams the versions of an order's page.
func (s *site) live(w http.ResponseWriter, r *http.Request) {
	var of tracking.Whole
	var now stamp
	err := s.read(r, func(tx *db.Tx, link ident.Link) (err error) {
		if of, err = whose(tx, link); err != nil {
			return err
		}
		all, err := stamps(tx, []tracking.Whole{of})
		now = all[of]
		return err
	})
	if err != nil {
		refuse(w, err)
		return
	}
	w.Header().Set("Access-Control-Allow-Origin", "*") // the tracking block stands on the shop's own site
	s.hub.Serve(w, of, now.String())
}

// read runs fn on a snapshot, with the link of a request.
func (s *site) read(r *http.Request, fn func(*db.Tx, ident.Link) error) error {
	link, err := token(r)
	if err != nil {
		return err
	}
	return s.flow.Read(r.Context(), func(tx *db.Tx) error { return fn(tx, link) })
}

// refuse answers a program that asked for what is no page.
func refuse(w http.ResponseWriter, err error) {
	status := http.StatusServiceUnavailable
	if fault.KindOf(err) == fault.NotFound {
		status = http.StatusNotFound
	}
	http.Error(w, http.StatusText(status), status)
}

// few is how many orders are asked for in one go: with their shops a little less
// than a power of two, up to which the database is asked.
const few = 250

// versions reads the versions of the pages that are looked at.
func (s *site) versions(ctx context.Context, of []tracking.Whole) (map[tracking.Whole]string, error) {
	out := make(map[tracking.Whole]string, len(of))
	for part := range slices.Chunk(of, few) {
		err := s.flow.Read(ctx, func(tx *db.Tx) error {
			all, err := stamps(tx, part)
			for o, v := range all {
				out[o] = v.String()
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

//go:embed live.js
var moduleText []byte

// module is the script that keeps the page current.
var module = ui.NewModule(moduleText)
