// Package speed is the door at which pages tell how fast they showed, and the
// module by which they do. Whoever looks at a page tells a time once, by
// navigator.sendBeacon; the door counts it and forgets who told it. The answer is
// always empty: nobody reads it.
//
// Anybody can say anything here, so it takes only what a page of ours can say, of
// a shop that exists, a kilobyte at most, and so many times an address: figures
// can be spoilt by whoever takes the trouble, and nothing but figures can.
//
// It stores nothing beyond the process: the room speed does.
package speed

import (
	"context"
	_ "embed"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/visitor"
	"github.com/promesse-dev/promesse/internal/speed"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// Config is what the door stands on.
type Config struct {
	Flow    *flow.Flow
	Tally   *speed.Tally
	Base    string // address of the installation
	Proxies []netip.Prefix
	Log     *slog.Logger // nil discards
}

// An address may tell so many visits at once, then one more each while.
const (
	burst  = 60
	refill = time.Second
)

// site is the door, with what it knows between requests.
type site struct {
	Config
	limit *visitor.Limiter
	mu    sync.Mutex
	known map[ident.Merchant]bool // shops that exist: only those are remembered
}

// New opens the door.
func New(c Config) (*ui.Door, error) {
	s := &site{Config: c, limit: visitor.NewLimiter(c.Flow.Clock().Wall, burst, refill), known: map[ident.Merchant]bool{}}
	return ui.NewDoor(ui.House{Base: c.Base, Log: c.Log, Passing: c.Flow.DB().Passing},
		ui.Route{Method: http.MethodPost, Path: "/vitesse", Access: ui.Anybody, Summary: "How long a page took to show", Stream: s.tell},
		ui.Route{Method: http.MethodGet, Path: "/assets/vitesse.js", Access: ui.Anybody, Summary: "The module by which pages tell how fast they showed", Stream: module.Serve},
	)
}

// maxBody is how many bytes a visit has at most: four times what pages send.
const maxBody = 1 << 10

// tell counts a visit. What it does not take it answers with a bare status.
func (s *site) tell(w http.ResponseWriter, r *http.Request) {
	v, status := visitOf(r)
	if status == 0 {
		status = s.count(r, v)
	}
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
}

// visitOf reads a visit: four fields, each once, nothing else. A status other
// than zero is why it is none.
func visitOf(r *http.Request) (v speed.Visit, status int) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil || len(body) > maxBody {
		return v, http.StatusRequestEntityTooLarge
	}
	form, err := url.ParseQuery(string(body))
	if err != nil || len(form) != 4 {
		return v, http.StatusBadRequest
	}
	one := func(name string) string {
		if len(form[name]) != 1 {
			return ""
		}
		return form[name][0]
	}
	ms, err := strconv.ParseUint(one("ms"), 10, 16)
	if err != nil {
		return v, http.StatusBadRequest
	}
	return speed.Visit{
		Merchant: ident.Merchant(one("shop")), Page: speed.Page(one("page")), Width: speed.Width(one("width")),
		Took: time.Duration(ms) * time.Millisecond,
	}, 0
}

// count counts a visit of a shop that exists, and answers the status.
func (s *site) count(r *http.Request, v speed.Visit) int {
	if _, ok := s.limit.Take(visitor.Of(r, s.Proxies)); !ok {
		return http.StatusTooManyRequests
	}
	ok, err := s.exists(r.Context(), v.Merchant)
	switch {
	case err != nil:
		return http.StatusServiceUnavailable
	case !ok || !s.Tally.Count(v, s.Flow.Clock().Wall()):
		return http.StatusBadRequest
	}
	return http.StatusNoContent
}

// exists reports whether there is such a shop.
func (s *site) exists(ctx context.Context, m ident.Merchant) (bool, error) {
	s.mu.Lock()
	known := s.known[m]
	s.mu.Unlock()
	if known || m == "" {
		return known, nil
	}
	err := s.Flow.Read(ctx, func(tx *db.Tx) error {
		_, err := merchant.Get(tx, m)
		return err
	})
	if fault.KindOf(err) == fault.NotFound {
		return false, nil
	}
	if err == nil {
		s.mu.Lock()
		s.known[m] = true
		s.mu.Unlock()
	}
	return err == nil, err
}

//go:embed speed.js
var moduleText []byte

// module is the script by which pages tell.
var module = ui.NewModule(moduleText)

// Measure has a page tell how fast it showed. root is the way from the page to
// the installation's root, such as "../", or its path, "/". Of no shop nothing is told.
func Measure(f *ui.Frame, root string, m ident.Merchant, p speed.Page) {
	if m == "" {
		return
	}
	f.Speed = string(p) + " " + string(m)
	f.Scripts = append(f.Scripts, root+"assets/vitesse.js"+module.Query())
}
