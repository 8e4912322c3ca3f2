package carrier_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/platform/egress"
)

// fixed answers every call alike.
type fixed struct {
	status int
	header http.Header
	body   string
	err    error
}

func (f fixed) RoundTrip(r *http.Request) (*http.Response, error) {
	if f.err != nil {
		return nil, f.err
	}
	return &http.Response{StatusCode: f.status, Header: f.header, Body: io.NopCloser(strings.NewReader(f.body)), Request: r}, nil
}

func TestWhatAnExchangeMeets(t *testing.T) {
	wait := func(s string) http.Header { return http.Header{"Retry-After": {s}} }
	for _, row := range []struct {
		law   string
		there fixed
		url   string
		why   carrier.Why // empty: the answer is given
		wait  time.Duration
		final bool
	}{
		{"an answer", fixed{status: 200, body: "x"}, "https://carrier.example/", "", 0, false},
		{"a refusal with words", fixed{status: 400, body: "x"}, "https://carrier.example/", "", 0, false},
		{"asked too often", fixed{status: 429, header: wait("120")}, "https://carrier.example/", carrier.Busy, 2 * time.Minute, false},
		{"asked too often, for ever", fixed{status: 429, header: wait("99999999")}, "https://carrier.example/", carrier.Busy, time.Hour, false},
		{"asked too often, until a date", fixed{status: 429, header: wait("Wed, 21 Oct 2026 07:28:00 GMT")}, "https://carrier.example/", carrier.Busy, 0, false},
		{"asked too often, and no word", fixed{status: 429}, "https://carrier.example/", carrier.Busy, 0, false},
		{"down", fixed{status: 503}, "https://carrier.example/", carrier.Unheard, 0, false},
		{"too slow", fixed{status: 408}, "https://carrier.example/", carrier.Unheard, 0, false},
		{"cut off", fixed{err: errors.New("connection reset")}, "https://carrier.example/", carrier.Unheard, 0, false},
		{"without end", fixed{status: 200, body: strings.Repeat("x", 101)}, "https://carrier.example/", carrier.Unheard, 0, false},
		{"an address that is none", fixed{status: 200}, "file:///etc/passwd", carrier.RefusedRequest, 0, true},
	} {
		out := egress.New(egress.Options{Wall: func() civil.Instant { return 1 }, Transport: row.there})
		_, err := carrier.Exchange(t.Context(), out, egress.Call{To: "x", Method: "GET", URL: row.url, Most: 100})
		if row.why == "" {
			if err != nil {
				t.Errorf("%s: %v", row.law, err)
			}
			continue
		}
		if r := carrier.RefusalOf(err); err == nil || r.Why != row.why || r.Wait != row.wait || r.Final != row.final {
			t.Errorf("%s: %+v", row.law, err)
		}
	}
	out := egress.New(egress.Options{Wall: func() civil.Instant { return 1 }, Transport: fixed{status: 500}})
	for range 5 {
		_, _ = carrier.Exchange(t.Context(), out, egress.Call{To: "x", Method: "GET", URL: "https://carrier.example/"})
	}
	_, err := carrier.Exchange(t.Context(), out, egress.Call{To: "x", Method: "GET", URL: "https://carrier.example/"})
	if r := carrier.RefusalOf(err); r.Why != carrier.Busy || r.Unknown() {
		t.Errorf("one that failed five times is left alone: %v", err)
	}
}

func TestHalfADocumentIsNone(t *testing.T) {
	for text, whole := range map[string]bool{
		"%PDF-1.3\n…\n%%EOF\n": true, "%PDF-1.3\n…": false, "x%PDF-1.3 %%EOF": false, "": false, "%PDF-1.3 %%EOF" + strings.Repeat(" ", 2000): false,
	} {
		if carrier.WholePDF([]byte(text)) != whole {
			t.Errorf("PDF %.20q: %v", text, !whole)
		}
	}
	for text, whole := range map[string]bool{"^XA^FS^XZ\n": true, "^XA^FS": false, "": false, "^XZ^XA": false} {
		if carrier.WholeZPL([]byte(text)) != whole {
			t.Errorf("ZPL %q: %v", text, !whole)
		}
	}
}
