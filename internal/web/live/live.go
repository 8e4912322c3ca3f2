// Package live tells whoever looks at a page that what it shows has changed. A
// page holds a stream of events open (text/event-stream, WHATWG HTML 9.2), on
// which stands nothing but a version; what changed, the page asks for itself.
//
// A hub asks once a second for the versions of all that is looked at on this
// node, in one go, and wakes the streams whose version is another. Asking is
// right on both engines and on any number of nodes: a change counts when it can
// be read, whoever committed it, and nothing is lost while a node restarts or a
// connection to the database breaks. It needs no channel between nodes, and a
// node that nobody looks through asks nothing. The price is a second, and a
// question whose length grows with what is looked at; a hub that needs long for
// it asks less often, so that it never takes more than a tenth of its time.
//
// Each stream is one goroutine that waits. A client that does not read is given
// up after a few seconds and keeps nobody waiting: it comes back by itself. The
// package stores nothing, and knows neither orders nor pages.
package live

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Ask reads the versions of what is looked at. What is not in the answer has not
// changed.
type Ask[K comparable] func(context.Context, []K) (map[K]string, error)

// The pace of a hub.
const (
	every    = time.Second      // between two questions
	share    = 9                // a question that took a while is followed by so many times as long a pause
	patience = 10 * time.Second // for a question, and for a client to take what is written
	beat     = 25 * time.Second // between two signs of life, so that nobody on the way closes an idle connection
	retry    = 2 * time.Second  // after which a browser comes back
)

// maxStreams is how many streams a hub holds open.
const maxStreams = 20_000

// Hub is what is looked at through this process. It is safe for concurrent use.
type Hub[K comparable] struct {
	ask  Ask[K]
	log  *slog.Logger
	stop <-chan struct{}

	mu      sync.Mutex
	rooms   map[K]*room
	streams int
	asking  bool // a goroutine asks as long as somebody looks
}

// room is those who look at one thing.
type room struct {
	version string
	woken   map[chan struct{}]bool
}

// New makes a hub. It asks nothing before somebody looks. When stop is closed it
// lets everybody go, and the browsers come back, to another process; nil is never.
func New[K comparable](ask Ask[K], log *slog.Logger, stop <-chan struct{}) *Hub[K] {
	return &Hub[K]{ask: ask, log: log, stop: stop, rooms: map[K]*room{}}
}

// stopped reports whether everybody was let go.
func (h *Hub[K]) stopped() bool {
	select {
	case <-h.stop:
		return true
	default:
		return false
	}
}

// Streams is how many are open.
func (h *Hub[K]) Streams() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.streams
}

// Serve holds a stream open for somebody who looks at k, whose version was just
// read: it is told at once, and each time it is another.
func (h *Hub[K]) Serve(w http.ResponseWriter, r *http.Request, k K, version string) {
	woken, ok := h.join(k, version)
	if !ok {
		w.Header().Set("Retry-After", "5")
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	defer h.leave(k, woken)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no") // proxies that wait for more would wait for ever
	c := &client{w: w, control: http.NewResponseController(w)}
	_ = c.control.SetReadDeadline(time.Time{}) // that of a request, which is read already
	if c.tell("retry: "+strconv.FormatInt(retry.Milliseconds(), 10)+"\n") != nil || c.version(version) != nil {
		return
	}
	pulse := time.NewTicker(beat)
	defer pulse.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-h.stop:
			return
		case <-pulse.C:
			if c.tell(":\n\n") != nil {
				return
			}
		case <-woken:
			if c.version(h.version(k)) != nil {
				return
			}
		}
	}
}

func (h *Hub[K]) join(k K, version string) (woken chan struct{}, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stopped() || h.streams >= maxStreams {
		return nil, false
	}
	r, open := h.rooms[k]
	if !open {
		r = &room{version: version, woken: map[chan struct{}]bool{}}
		h.rooms[k] = r
	}
	woken = make(chan struct{}, 1)
	r.woken[woken] = true
	if r.version != version { // one of the two is older, and nobody knows which: both are told
		woken <- struct{}{}
	}
	h.streams++
	if !h.asking {
		h.asking = true
		go h.run()
	}
	return woken, true
}

func (h *Hub[K]) leave(k K, woken chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.streams--
	r := h.rooms[k]
	if delete(r.woken, woken); len(r.woken) == 0 {
		delete(h.rooms, k)
	}
}

func (h *Hub[K]) version(k K) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.rooms[k].version
}

// run asks again and again, until nobody looks any more.
func (h *Hub[K]) run() {
	for h.looked() {
		began := time.Now()
		if err := h.Look(context.Background()); err != nil {
			h.log.Warn("live pages learn nothing new, will ask again", "err", err)
		}
		select {
		case <-h.stop:
			return
		case <-time.After(max(every, share*time.Since(began))):
		}
	}
}

func (h *Hub[K]) looked() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asking = len(h.rooms) > 0 && !h.stopped()
	return h.asking
}

// Look asks once, and wakes the streams of what changed.
func (h *Hub[K]) Look(ctx context.Context) error {
	ctx, done := context.WithTimeout(ctx, patience)
	defer done()
	h.mu.Lock()
	keys := slices.Collect(maps.Keys(h.rooms))
	h.mu.Unlock()
	versions, err := h.ask(ctx, keys)
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for k, v := range versions {
		if r, open := h.rooms[k]; open && r.version != v {
			r.version = v
			r.wake()
		}
	}
	return nil
}

// wake never waits: whoever was woken and has not looked yet will see the
// version of then.
func (r *room) wake() {
	for woken := range r.woken {
		select {
		case woken <- struct{}{}:
		default:
		}
	}
}

// client is who reads a stream.
type client struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

// tell writes, and gives up on whoever does not take it.
func (c *client) tell(text string) error {
	_ = c.control.SetWriteDeadline(time.Now().Add(patience)) // not every writer can; those of the server do
	if _, err := io.WriteString(c.w, text); err != nil {
		return err
	}
	return c.control.Flush()
}

func (c *client) version(v string) error {
	data, err := json.Marshal(struct {
		Version string `json:"version"`
	}{v})
	if err != nil {
		return err
	}
	return c.tell("event: version\ndata: " + string(data) + "\n\n")
}
