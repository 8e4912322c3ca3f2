package limit

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// Server is the limit of pages and of live pages, in a process of its own.
type Server struct {
	DB   string              // of the product, "sqlite:PATH"
	Page []byte              // one of the product; empty: no pages are served
	Hash func(string) string // of a link, as the product stores it
}

// Serve serves on a listener until the context ends:
//
//	GET  /            nothing: it is there
//	GET  /floor       the page, as it stands
//	GET  /p/{token}   a page of which every part is made anew
//	GET  /live        a stream that waits
//	POST /broadcast   the body goes to every stream
func (s Server) Serve(ctx context.Context, l net.Listener) error {
	mux, streams := http.NewServeMux(), newStreams()
	mux.HandleFunc("GET /{$}", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /live", streams.serve)
	mux.HandleFunc("POST /broadcast", streams.broadcast)
	if len(s.Page) > 0 {
		pages, err := OpenPages(ctx, s.DB, s.Page)
		if err != nil {
			return err
		}
		defer func() { _ = pages.Close() }()
		mux.HandleFunc("GET /floor", pages.Floor)
		mux.HandleFunc("GET /p/{token}", pages.Parts(s.Hash))
	}
	server := &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	done := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer done()
	err := server.Serve(l)
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// streams are the clients that wait for a broadcast: the plainest way to write
// server-sent events with net/http, one goroutine each.
type streams struct {
	mu    sync.Mutex
	woken map[chan []byte]bool
}

func newStreams() *streams { return &streams{woken: map[chan []byte]bool{}} }

func (s *streams) serve(w http.ResponseWriter, r *http.Request) {
	woken := make(chan []byte, 1)
	s.mu.Lock()
	s.woken[woken] = true
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.woken, woken)
		s.mu.Unlock()
	}()
	w.Header().Set("Content-Type", "text/event-stream")
	c := http.NewResponseController(w)
	_, _ = io.WriteString(w, "retry: 2000\nevent: version\ndata: {\"version\":\"abcdefghijkl\"}\n\n")
	for c.Flush() == nil {
		select {
		case text := <-woken:
			_, _ = w.Write(text)
		case <-r.Context().Done():
			return
		}
	}
}

func (s *streams) broadcast(_ http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for woken := range s.woken {
		select {
		case woken <- text:
		default:
		}
	}
}
