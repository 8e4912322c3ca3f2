package demo

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/platform/db/dbtest"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// watched is a world at 3,600 seconds a second over a machine's clock that
// stands still until it is moved.
func watched(t *testing.T, url string) (w *World, wall *civil.Instant) {
	t.Helper()
	now := monday(t)
	clock := flow.NewClock(now, 0, func() civil.Instant { return now })
	w = openWorld(t, url, newTill(t, clock.Now), clock, 1)
	w.pace.asked = 3600
	if err := w.recall(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.keepPace()
	return w, &now
}

// step is a person opening a page.
func step(w *World, path string, header ...string) {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w.Watch(http.NotFoundHandler()).ServeHTTP(httptest.NewRecorder(), r)
}

func TestTheWorldRunsAtThePaceOfWhoeverIsThere(t *testing.T) {
	w, wall := watched(t, memory())
	speed := func(name string, want float64) {
		t.Helper()
		w.keepPace()
		if got := w.flow.Clock().Speed(); got != want {
			t.Errorf("%s: the world runs at %g, want %g", name, got, want)
		}
	}
	speed("nobody is there", 3600)
	step(w, "/boutique/epicerie-bellecour/")
	speed("somebody walks into a shop", 1)
	*wall = wall.Add(59 * time.Second)
	speed("59 seconds later", 1)
	*wall = wall.Add(time.Second)
	speed("a minute later", 3600)
	if err := w.Pause(t.Context()); err != nil {
		t.Fatal(err)
	}
	speed("paused", 0)
	step(w, "/p/somebody")
	speed("paused, and somebody there", 0)
	if err := w.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	speed("resumed, and somebody there", 1)
	*wall = wall.Add(time.Minute)
	if got := w.pace.ease(*wall, true); got != 1800 {
		t.Errorf("slowed down to %g", got)
	}
	speed("the machine lags", 1800)
	w.pace.ease(wall.Add(breath), false)
	speed("the machine has caught its breath", 3600)
	w.pace.asked = 0.5
	step(w, "/console/")
	speed("a world slower than people stays so", 0.5)
}

func TestWhoIsAPerson(t *testing.T) {
	w, _ := watched(t, memory())
	for _, c := range []struct {
		name, path string
		header     []string
		person     bool
	}{
		{"a shop", "/boutique/epicerie-bellecour/panier", nil, true},
		{"an order's page, in a browser", "/p/link", []string{"Sec-Fetch-Mode", "navigate"}, true},
		{"the console", "/console/orders", nil, true},
		{"the first page, from which one watches", "/", nil, false},
		{"the buttons on it", "/monde/matin", nil, false},
		{"a machine that calls the API", "/api/v1/quotes", nil, false},
		{"a probe", "/healthz", nil, false},
		{"an open page that listens", "/p/link/live", []string{"Accept", "text/event-stream"}, false},
		{"an open page that asks for its news", "/p/link", []string{"Sec-Fetch-Mode", "cors"}, false},
		{"one of the world's own shoppers", "/p/link", []string{mark, w.mark}, false},
		{"somebody who pretends to be one", "/p/link", []string{mark, "guess"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.pace.seen = 0
			step(w, c.path, c.header...)
			if got := w.pace.seen != 0; got != c.person {
				t.Errorf("taken for a person: %v", got)
			}
		})
	}
}

func TestAPauseSurvivesARestart(t *testing.T) {
	url := dbtest.FileURL(t)
	w, _ := watched(t, url)
	if err := w.Pause(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := w.flow.DB().Close(); err != nil {
		t.Fatal(err)
	}
	w, _ = watched(t, url)
	if got := w.flow.Clock().Speed(); got != 0 {
		t.Errorf("the world woke up at speed %g", got)
	}
}

// lives has a world live while somebody waits for it.
func lives(t *testing.T, w *World, wait func(context.Context) error) {
	t.Helper()
	there := make(chan error, 1)
	go func() { there <- wait(t.Context()) }()
	for {
		w.beat(t.Context(), slog.New(slog.DiscardHandler))
		select {
		case err := <-there:
			if err != nil {
				t.Fatal(err)
			}
			return
		default:
		}
	}
}

func TestTheButtonsMoveTheWorldAndLeaveItAsItWas(t *testing.T) {
	w, _ := watched(t, memory())
	if err := w.Pause(t.Context()); err != nil {
		t.Fatal(err)
	}
	clock := w.flow.Clock()
	lives(t, w, w.NextMorning)
	if got := clock.Now().In(paris).Format("2006-01-02 15:04"); got != "2026-03-02 07:00" {
		t.Errorf("from six on Monday, the next morning is at %s", got)
	}
	lives(t, w, w.NextMorning)
	if got := clock.Now().In(paris).Format("2006-01-02 15:04"); got != "2026-03-03 07:00" {
		t.Errorf("the one after is at %s", got)
	}
	before := clock.Now()
	lives(t, w, w.NextEvent)
	if passed := clock.Now().Sub(before); passed <= 0 || passed > 6*time.Hour {
		t.Errorf("the next event is %s away", passed)
	}
	if clock.Speed() != 0 {
		t.Errorf("a paused world runs at %g after a button", clock.Speed())
	}
}
