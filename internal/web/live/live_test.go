package live

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// world is versions that change when a test says so, and a server that streams them.
type world struct {
	t       *testing.T
	hub     *Hub[string]
	url     string
	stop    chan struct{}
	left    chan string // who went away, or was given up
	mu      sync.Mutex
	version map[string]string
	asked   [][]string
	fails   error
}

// open is a world whose hub asks when the test says so.
func open(t *testing.T) *world {
	w := running(t)
	w.hub.asking = true
	return w
}

func running(t *testing.T) *world {
	w := &world{t: t, stop: make(chan struct{}), left: make(chan string, 1000), version: map[string]string{"a": "1", "b": "1"}}
	w.hub = New(w.ask, slog.New(slog.DiscardHandler), w.stop)
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		k := r.URL.Query().Get("k")
		w.hub.Serve(out, r, k, w.now(k))
		w.left <- k
	}))
	w.url = server.URL
	t.Cleanup(server.Close)
	t.Cleanup(w.letGo)
	return w
}

// letGo ends all streams, once.
func (w *world) letGo() {
	if !w.hub.stopped() {
		close(w.stop)
	}
}

func (w *world) ask(_ context.Context, of []string) (map[string]string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, of)
	out := map[string]string{}
	for _, k := range of {
		out[k] = w.version[k]
	}
	return out, w.fails
}

func (w *world) now(k string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.version[k]
}

// becomes changes a version, and has the hub ask.
func (w *world) becomes(k, version string) {
	w.t.Helper()
	w.mu.Lock()
	w.version[k] = version
	w.mu.Unlock()
	if err := w.hub.Look(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// looker is somebody who looks at a page.
type looker struct {
	t     *testing.T
	lines *bufio.Scanner
	body  io.Closer
}

func (w *world) looks(k string) looker {
	w.t.Helper()
	r, err := http.Get(w.url + "/?k=" + k)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = r.Body.Close() })
	if r.StatusCode != 200 || r.Header.Get("Content-Type") != "text/event-stream" || r.Header.Get("Cache-Control") != "no-store" {
		w.t.Fatalf("%d %v", r.StatusCode, r.Header)
	}
	return looker{w.t, bufio.NewScanner(r.Body), r.Body}
}

// hears is the next version.
func (l looker) hears(want string) {
	l.t.Helper()
	for l.lines.Scan() {
		if data, ok := strings.CutPrefix(l.lines.Text(), "data: "); ok {
			if data != fmt.Sprintf(`{"version":%q}`, want) {
				l.t.Errorf("heard %s, want version %s", data, want)
			}
			return
		}
	}
	l.t.Errorf("the stream ended before version %s: %v", want, l.lines.Err())
}

func TestWhoLooksHearsTheVersionAndEachNewOne(t *testing.T) {
	w := open(t)
	first, second, elsewhere := w.looks("a"), w.looks("a"), w.looks("b")
	for _, l := range []looker{first, second, elsewhere} {
		l.hears("1")
	}
	w.becomes("a", "2")
	first.hears("2")
	second.hears("2")
	w.becomes("a", "2") // nothing new
	w.becomes("b", "5")
	elsewhere.hears("5")
	w.becomes("a", "3")
	first.hears("3")
	second.hears("3")
	w.looks("a").hears("3")
}

func TestAQuestionNamesWhatIsLookedAtAndNothingElse(t *testing.T) {
	w := open(t)
	a := w.looks("a")
	a.hears("1")
	w.becomes("b", "2")
	w.mu.Lock()
	for _, of := range w.asked {
		if len(of) != 1 || of[0] != "a" {
			t.Errorf("asked for %q", of)
		}
	}
	w.mu.Unlock()
	_ = a.body.Close()
	if who := <-w.left; who != "a" || w.hub.Streams() != 0 {
		t.Errorf("%q left, %d streams", who, w.hub.Streams())
	}
}

func TestAQuestionThatFailsIsAskedAgain(t *testing.T) {
	w := open(t)
	a := w.looks("a")
	a.hears("1")
	w.mu.Lock()
	w.fails = errors.New("database away")
	w.mu.Unlock()
	if err := w.hub.Look(t.Context()); err == nil {
		t.Error("no error")
	}
	w.mu.Lock()
	w.fails = nil
	w.mu.Unlock()
	w.becomes("a", "2")
	a.hears("2")
}

// A client that reads nothing holds nobody up: the others hear everything.
func TestAStalledClientKeepsNobodyWaiting(t *testing.T) {
	w := open(t)
	stalled, err := net.Dial("tcp", strings.TrimPrefix(w.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stalled.Close() }()
	if _, err := fmt.Fprintf(stalled, "GET /?k=a HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	a := w.looks("a")
	a.hears("1")
	for i := range 2000 {
		v := fmt.Sprint("v", i)
		w.becomes("a", v)
		a.hears(v)
	}
}

func TestAHubThatStopsLetsEverybodyGo(t *testing.T) {
	w := open(t)
	for range 3 {
		w.looks("a").hears("1")
	}
	w.letGo()
	for range 3 {
		<-w.left
	}
	r, err := http.Get(w.url + "/?k=a")
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Body.Close()
	if r.StatusCode != 503 || r.Header.Get("Retry-After") == "" {
		t.Errorf("%d %v", r.StatusCode, r.Header)
	}
}

// Whoever read an older version than the room knows is told the newer one too.
func TestWhoReadAnOlderVersionIsTold(t *testing.T) {
	w := open(t)
	w.looks("a").hears("1")
	w.becomes("a", "2")
	w.mu.Lock()
	w.version["a"] = "1" // as a reader saw it before that
	w.mu.Unlock()
	late := w.looks("a")
	late.hears("1")
	late.hears("2")
}

func TestAHubAsksByItselfAsLongAsSomebodyLooks(t *testing.T) {
	w := running(t)
	a := w.looks("a")
	a.hears("1")
	w.mu.Lock()
	w.version["a"] = "2"
	w.mu.Unlock()
	a.hears("2")
	w.mu.Lock()
	w.version["a"] = "3"
	w.mu.Unlock()
	a.hears("3")
}
