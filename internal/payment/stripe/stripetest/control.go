package stripetest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/platform/egress"
)

// order is what a test tells a provider that runs in another process.
type order struct {
	Modes []Mode `json:"modes,omitempty"`
	Hook  string `json:"hook,omitempty"`
	Wall  int64  `json:"wall,omitempty"` // microseconds: the provider's clock from now on
	Down  *bool  `json:"down,omitempty"`
}

// Remote is a provider in another process.
type Remote struct {
	URL string
	out *egress.Client
}

// Reach makes a Remote of an address.
func Reach(address string) (Remote, error) {
	u, err := url.Parse(address)
	if err != nil {
		return Remote{}, err
	}
	to, err := netip.ParseAddrPort(u.Host)
	if err != nil {
		return Remote{}, err
	}
	// A wall that always moves on: failures of a provider under test rest nobody.
	var wall civil.Instant
	return Remote{address, egress.New(egress.Options{
		Own: []netip.AddrPort{to}, Wall: func() civil.Instant { wall = wall.Add(time.Hour); return wall },
	})}, nil
}

// Next says how the next calls go.
func (r Remote) Next(modes ...Mode) error { return r.tell(order{Modes: modes}) }

// Hook says where events go from now on.
func (r Remote) Hook(address string) error { return r.tell(order{Hook: address}) }

// Clock sets the provider's clock.
func (r Remote) Clock(now civil.Instant) error { return r.tell(order{Wall: int64(now)}) }

// Down makes every request fail, or none any more.
func (r Remote) Down(down bool) error { return r.tell(order{Down: &down}) }

func (r Remote) tell(o order) error {
	body, err := json.Marshal(o)
	if err != nil {
		return err
	}
	a, err := r.out.Do(context.Background(), egress.Call{To: "provider", Method: http.MethodPost, URL: r.URL + "/_test/order", Body: body})
	if err == nil && a.Status != http.StatusNoContent {
		err = fmt.Errorf("stripetest: %d: %s", a.Status, bytes.TrimSpace(a.Body))
	}
	return err
}

// Refunds is what was executed, the oldest first.
func (r Remote) Refunds() (all []Refund, err error) {
	a, err := r.out.Do(context.Background(), egress.Call{To: "provider", Method: http.MethodGet, URL: r.URL + "/_test/refunds"})
	if err != nil {
		return nil, err
	}
	return all, json.Unmarshal(a.Body, &all)
}

// control answers what a Remote asks.
func (s *Server) control(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		body, err := json.Marshal(s.Refunds())
		if err != nil {
			panic(err)
		}
		write(w, http.StatusOK, body)
		return
	}
	var o order
	if err := json.NewDecoder(r.Body).Decode(&o); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.Next(o.Modes...)
	if o.Hook != "" {
		s.Hook(o.Hook)
	}
	if o.Down != nil {
		s.Down(*o.Down)
	}
	if o.Wall != 0 {
		at := civil.Instant(o.Wall).Time()
		s.mu.Lock()
		s.now = func() time.Time { return at }
		s.mu.Unlock()
	}
	w.WriteHeader(http.StatusNoContent)
}
