package locator

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

func TestNewMap(t *testing.T) {
	for _, row := range []struct {
		law     string
		address string
		further []string
		origins []string
		style   string
	}{
		{"none is none", "", nil, nil, `""`},
		{"a style", "https://maps.example/style.json", nil, []string{"https://maps.example"}, `"https://maps.example/style.json"`},
		{
			"a style that leads elsewhere", "https://maps.example/style.json",
			[]string{"https://tiles.example:8443/fonts", "https://maps.example"},
			[]string{"https://maps.example", "https://tiles.example:8443"},
			`"https://maps.example/style.json"`,
		},
		{"pictures", "https://maps.example/{z}/{x}/{y}.png", nil, []string{"https://maps.example"}, `"tiles":["https://maps.example/{z}/{x}/{y}.png"]`},
	} {
		m, err := NewMap(row.address, "© who draws it", row.further)
		if err != nil || !slices.Equal(m.Origins, row.origins) || m.There() != (row.address != "") {
			t.Errorf("%s: %+v, %v", row.law, m, err)
		}
		if style, err := m.style(); err != nil || !strings.Contains(style, row.style) {
			t.Errorf("%s: the style is %s, %v", row.law, style, err)
		}
	}
	for _, wrong := range []string{"maps.example/style.json", "ftp://maps.example/", "https:///style.json", "https://a;script-src *", "javascript:alert(1)", "https://maps.example'/", "https://*.example/"} {
		if m, err := NewMap(wrong, "", nil); err == nil {
			t.Errorf("%q is taken: %+v", wrong, m)
		}
	}
}

func TestTheMapIsBelowTheListWhereThereIsOne(t *testing.T) {
	w := open(t)
	w.feed(w.point("A", 350, week, nil))
	without := w.get("/relais?q=69002")
	if len(without.All("#carte")) > 0 || strings.Contains(without.Header.Get("Content-Security-Policy"), "maps.example") {
		t.Error("there is a map where no source is named")
	}
	m, err := NewMap("https://maps.example/style.json", "© who draws it", nil)
	if err != nil {
		t.Fatal(err)
	}
	d, err := New(Config{Flow: w.Flow, Index: &relay.Index{}, Map: m, Base: "https://suivi.example"})
	if err != nil {
		t.Fatal(err)
	}
	a := webtest.Get(t, d, "/relais?q=69002")
	if list, chart := strings.Index(a.Body, `class="points"`), strings.Index(a.Body, `id="carte"`); list < 0 || chart < list {
		t.Errorf("the list is at %d, the map at %d", list, chart)
	}
	if got := a.Attributes(".point", "data-at"); len(got) == 0 || !strings.HasPrefix(got[0], "45.75") {
		t.Errorf("the points are at %q", got)
	}
	policy := a.Header.Get("Content-Security-Policy")
	for _, part := range []string{"script-src 'self';", "connect-src 'self' https://maps.example;", "worker-src 'self';", "img-src 'self' data: blob: https://maps.example;"} {
		if !strings.Contains(policy, part) {
			t.Errorf("the policy %q does not hold %q", policy, part)
		}
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("the policy is %q", policy)
	}
	if start := webtest.Get(t, d, "/relais"); len(start.All("#carte")) > 0 || strings.Contains(start.Header.Get("Content-Security-Policy"), "maps.example") {
		t.Error("there is a map where there is no point to draw")
	}
}

func TestTheMapsModulesAreServed(t *testing.T) {
	w := open(t)
	d := w.door()
	for path, want := range map[string]string{librePath: "MapLibre GL JS", workerPath: "MapLibre GL JS", mapPath: "from '" + librePath + "'", licencePath: "Redistribution"} {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		out := httptest.NewRecorder()
		d.ServeHTTP(out, r)
		body, err := io.ReadAll(out.Body)
		if err != nil || out.Code != http.StatusOK || !strings.Contains(string(body), want) {
			t.Errorf("%s: %d, %d bytes, %v", path, out.Code, len(body), err)
		}
		if path == workerPath && !strings.Contains(out.Header().Get("Content-Security-Policy"), "connect-src 'self'") {
			t.Errorf("the worker's policy is %q", out.Header().Get("Content-Security-Policy"))
		}
	}
}
