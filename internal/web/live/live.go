// Package live tells whoever looks at a page that what it shows has changed. A
// page holds a stream of events open (text/event-stream, WHATWG HTML 9.2), on
// which stands nothing but a version; what changed, the page asks for itself.
//
// A hub asks once a second for the versions of all that is looked at on this
// node, in one go, and wakes the streams whose version is another. Asking is
// right on both engines and on any number of nodes: a change counts when it can
// be read, whoever committed it, and nothing is lost while a node restarts or a
// connection to the database breaks. It needs no channel between nodes, and a
// node that nobody looks through asks nothing. What this very node commits makes
// it ask at once. The price is a second for what others commit, and a question
// whose length grows with what is looked at; a hub that needs long for it asks
// less often, so that it never takes more than a tenth of its time.
//
// A stream is taken from the HTTP server (stream.go), because what that keeps for
// a connection is many times what an idle stream needs. A client that does not
// read keeps nobody waiting, is given up after a few seconds, and comes back by
// itself. The package stores nothing, and knows neither orders nor pages.
package live

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Ask reads the versions of what is looked at. What is not in the answer has not
// changed.
type Ask[K comparable] func(context.Context, []K) (map[K]string, error)

// The pace of a hub.
const (
	every    = time.Second           // between two questions
	blink    = 50 * time.Millisecond // between two looks whether this node committed something
	share    = 9                     // a question that took a while is followed by so many times as long a pause
	patience = 10 * time.Second      // for a question, and for a client to take what is written
	beat     = 25 * time.Second      // between two signs of life, so that nobody on the way closes an idle connection
)

// maxStreams is how many streams a hub holds open.
const maxStreams = 20_000

// Config is what a hub stands on.
type Config[K comparable] struct {
	Ask  Ask[K]
	News func() uint64   // counts what this node committed; nil: nobody counts
	Log  *slog.Logger    // of questions that failed
	Stop <-chan struct{} // closed when everybody is let go, and the browsers come back, to another process; nil is never
}

// Hub is what is looked at through this process. It is safe for concurrent use.
type Hub[K comparable] struct {
	Config[K]
	patience time.Duration // with clients

	mu      sync.Mutex
	rooms   map[K]*room
	streams int
	asking  bool // a goroutine asks as long as somebody looks
}

// room is those who look at one thing.
type room struct {
	version string
	streams map[*stream]bool
}

// New makes a hub. It asks nothing before somebody looks.
func New[K comparable](c Config[K]) *Hub[K] {
	if c.News == nil {
		c.News = func() uint64 { return 0 }
	}
	return &Hub[K]{Config: c, patience: patience, rooms: map[K]*room{}}
}

// stopped reports whether everybody was let go.
func (h *Hub[K]) stopped() bool {
	select {
	case <-h.Stop:
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

// Serve opens a stream for somebody who looks at k, whose version was just read:
// it is told at once, and each time it is another. Serve returns before the stream
// ends: the connection is the server's no more.
func (h *Hub[K]) Serve(w http.ResponseWriter, k K, version string) {
	if !h.admit() {
		w.Header().Set("Retry-After", "5")
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	s, head, err := take(w, version, h.patience)
	if err != nil {
		h.Log.Warn("a live page was not opened", "err", err)
		h.release()
		return
	}
	h.join(k, s, version)
	go s.speak(head)
	go func() {
		s.wait()
		h.leave(k, s)
		h.release()
	}()
}

// admit finds a place for one more stream.
func (h *Hub[K]) admit() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stopped() || h.streams >= maxStreams {
		return false
	}
	h.streams++
	return true
}

func (h *Hub[K]) release() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.streams--
}

func (h *Hub[K]) join(k K, s *stream, version string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stopped() { // everybody else was let go meanwhile
		s.close()
	}
	r, open := h.rooms[k]
	if !open {
		r = &room{version: version, streams: map[*stream]bool{}}
		h.rooms[k] = r
	}
	r.streams[s] = true
	if r.version != version { // one of the two is older, and nobody knows which: both are told
		s.tell(r.version)
	}
	if !h.asking {
		h.asking = true
		go h.run()
	}
}

func (h *Hub[K]) leave(k K, s *stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.rooms[k]
	if delete(r.streams, s); len(r.streams) == 0 {
		delete(h.rooms, k)
	}
}

// run asks again and again, until nobody looks any more.
func (h *Hub[K]) run() {
	for h.looked() {
		began, news := time.Now(), h.News()
		versions, err := h.question(context.Background())
		took := time.Since(began)
		if err != nil {
			h.Log.Warn("live pages learn nothing new, will ask again", "err", err)
		}
		h.tell(versions)
		h.each(func(s *stream) { s.pulse(began) })
		if !h.pause(took, news) {
			h.each((*stream).close)
			return
		}
	}
}

func (h *Hub[K]) looked() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asking = len(h.rooms) > 0
	return h.asking
}

// pause waits for the next question, after one that took a while: a second, or
// until this node has committed something. It answers false when everybody is let go.
func (h *Hub[K]) pause(took time.Duration, news uint64) bool {
	least := max(blink, share*took)
	if !h.rest(least) {
		return false
	}
	for waited := least; waited < every && h.News() == news; waited += blink {
		if !h.rest(blink) {
			return false
		}
	}
	return true
}

func (h *Hub[K]) rest(d time.Duration) bool {
	select {
	case <-h.Stop:
		return false
	case <-time.After(d):
		return true
	}
}

// each does something to every stream.
func (h *Hub[K]) each(do func(*stream)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, r := range h.rooms {
		for s := range r.streams {
			do(s)
		}
	}
}

// Look asks once, and tells the streams of what changed.
func (h *Hub[K]) Look(ctx context.Context) error {
	versions, err := h.question(ctx)
	h.tell(versions)
	return err
}

// question asks for the versions of what is looked at.
func (h *Hub[K]) question(ctx context.Context) (map[K]string, error) {
	ctx, done := context.WithTimeout(ctx, patience)
	defer done()
	h.mu.Lock()
	keys := slices.Collect(maps.Keys(h.rooms))
	h.mu.Unlock()
	versions, err := h.Ask(ctx, keys)
	if err != nil {
		return nil, err
	}
	return versions, nil
}

// tell tells the streams of what changed.
func (h *Hub[K]) tell(versions map[K]string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for k, v := range versions {
		r, open := h.rooms[k]
		if !open || r.version == v {
			continue
		}
		r.version = v
		for s := range r.streams {
			s.tell(v)
		}
	}
}
