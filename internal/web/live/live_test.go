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
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// world is versions that change when a test says so, and a server that streams them.
type world struct {
	t       *testing.T
	hub     *Hub[string]
	url     string
	stop    chan struct{}
	mu      sync.Mutex
	news    atomic.Uint64
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
	w := &world{t: t, stop: make(chan struct{}), version: map[string]string{"a": "1", "b": "1"}}
	w.hub = New(Config[string]{Ask: w.ask, News: w.news.Load, Log: slog.New(slog.DiscardHandler), Stop: w.stop})
	server := httptest.NewServer(w)
	w.url = server.URL
	t.Cleanup(server.Close)
	t.Cleanup(w.letGo)
	return w
}

// ServeHTTP streams the versions of what is asked for.
func (w *world) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	k := r.URL.Query().Get("k")
	w.hub.Serve(out, k, w.now(k))
}

// letGo ends all streams, once. A hub that asks by itself does so too; here the
// test does its part.
func (w *world) letGo() {
	if !w.hub.stopped() {
		close(w.stop)
	}
	w.hub.each((*stream).close)
}

// empties waits until nobody looks any more.
func (w *world) empties() {
	for w.hub.Streams() > 0 {
		runtime.Gosched()
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
	w.empties()
	w.becomes("b", "3")
	w.mu.Lock()
	defer w.mu.Unlock()
	if last := w.asked[len(w.asked)-1]; len(last) != 0 || len(w.hub.rooms) != 0 {
		t.Errorf("nobody looks, and asked for %q", last)
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

// A client that reads nothing holds nobody up: the others hear everything. It is
// given up, and then nobody writes to it any more.
func TestAStalledClientKeepsNobodyWaiting(t *testing.T) {
	w := open(t)
	stalled, here := net.Pipe() // which holds nothing: what is written waits for its reader
	s := &stream{conn: here, patience: 50 * time.Millisecond, version: "1", told: "1"}
	if !w.hub.admit() {
		t.Fatal("no place")
	}
	w.hub.join("a", s, "1")
	gone := make(chan struct{})
	go func() {
		s.wait()
		w.hub.leave("a", s)
		w.hub.release()
		close(gone)
	}()
	a := w.looks("a")
	a.hears("1")
	for i := range 2000 {
		v := fmt.Sprint("v", i)
		w.becomes("a", v)
		a.hears(v)
	}
	<-gone
	if n := w.hub.Streams(); n != 1 {
		t.Errorf("%d streams", n)
	}
	if n, err := stalled.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("it was not cut off: %d bytes, %v", n, err)
	}
	w.becomes("a", "last")
	a.hears("last")
}

// Of versions that follow one another faster than a client reads, the last one
// is told.
func TestASlowClientHearsTheLastVersion(t *testing.T) {
	slow, here := net.Pipe()
	s := &stream{conn: here, patience: time.Minute, version: "0", told: "0"}
	for i := range 100 {
		s.tell(fmt.Sprint(i + 1))
	}
	l := looker{t, bufio.NewScanner(slow), slow}
	heard := ""
	for heard != `{"version":"100"}` && l.lines.Scan() {
		heard, _ = strings.CutPrefix(l.lines.Text(), "data: ")
	}
	if heard != `{"version":"100"}` {
		t.Errorf("the last one heard is %s", heard)
	}
}

func TestAnIdleStreamGivesASignOfLife(t *testing.T) {
	there, here := net.Pipe()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	s := &stream{conn: here, patience: time.Minute, spoke: now}
	s.pulse(now.Add(beat - time.Second))
	if s.writing {
		t.Error("too soon")
	}
	s.pulse(now.Add(beat))
	got := make([]byte, 3)
	if _, err := io.ReadFull(there, got); err != nil || string(got) != ":\n\n" {
		t.Errorf("%q %v", got, err)
	}
}

// What a client says is not kept, however long it goes on.
func TestAClientThatTalksIsHeardByNobody(t *testing.T) {
	w := open(t)
	c, err := net.Dial("tcp", strings.TrimPrefix(w.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprintf(c, "GET /?k=a HTTP/1.1\r\nHost: x\r\n\r\n%s", strings.Repeat("GET / HTTP/1.1\r\n", 10_000)); err != nil {
		t.Fatal(err)
	}
	l := looker{t, bufio.NewScanner(c), c}
	l.hears("1")
	w.becomes("a", "2")
	l.hears("2")
	_ = c.Close()
	w.empties()
}

func TestAHubThatStopsLetsEverybodyGo(t *testing.T) {
	w := running(t)
	for range 3 {
		w.looks("a").hears("1")
	}
	close(w.stop)
	w.empties()
	r, err := http.Get(w.url + "/?k=a")
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Body.Close()
	if r.StatusCode != 503 || r.Header.Get("Retry-After") == "" {
		t.Errorf("%d %v", r.StatusCode, r.Header)
	}
}

// Where a connection can not be had, nothing is promised.
func TestWithoutAConnectionThereIsNoStream(t *testing.T) {
	w := open(t)
	out := httptest.NewRecorder()
	w.hub.Serve(out, "a", "1")
	if out.Code != http.StatusNotImplemented || w.hub.Streams() != 0 {
		t.Errorf("%d, %d streams", out.Code, w.hub.Streams())
	}
}

// What this node commits is asked for at once, not when the second is over.
func TestAHubAsksSoonerWhenThisNodeCommitted(t *testing.T) {
	w := open(t)
	for _, c := range []struct {
		law  string
		news uint64 // counted when the last question was asked
		soon bool
	}{{"nothing was committed", 0, false}, {"something was", 1, true}} {
		began := time.Now()
		if !w.hub.pause(0, c.news) {
			t.Error("let go")
		}
		if soon := time.Since(began) < every; soon != c.soon {
			t.Errorf("%s: asked after %s", c.law, time.Since(began))
		}
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
