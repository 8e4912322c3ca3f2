package ui

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func printed(t *testing.T, sentence string) *Printed {
	t.Helper()
	p, err := Print(t.Context(), oops(Frame{Locale: "fr", Title: "Titre"}, sentence))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func sendTo(t *testing.T, p *Printed, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	d, err := NewDoor(House{}, Route{Method: "GET", Path: "/x", Access: Anybody, Serve: func(*http.Request) (Answer, error) {
		return Answer{Printed: p}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/x", nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	out := httptest.NewRecorder()
	d.ServeHTTP(out, r)
	return out
}

func TestAPrintedPageIsSentAsItsReaderTakesIt(t *testing.T) {
	p := printed(t, strings.Repeat("Une phrase. ", 100))
	for accept, packed := range map[string]bool{
		"": false, "gzip": true, "br, gzip;q=0.5, *": true, "GZIP": true, "gzip;q=0": false, "gzip; q=0.000": false, "deflate, br": false, "xgzip": false,
	} {
		out := sendTo(t, p, "Accept-Encoding", accept)
		body := out.Body.String()
		if got := out.Header().Get("Content-Encoding") == "gzip"; got != packed {
			t.Errorf("%q: packed %v", accept, got)
			continue
		}
		if packed {
			if len(body) > 3000 {
				t.Errorf("%q: %d bytes", accept, len(body))
			}
			z, err := gzip.NewReader(out.Body)
			if err != nil {
				t.Fatal(err)
			}
			all, err := io.ReadAll(z)
			if err != nil {
				t.Fatal(err)
			}
			body = string(all)
		}
		if out.Code != 200 || !strings.Contains(body, "<h1>Titre</h1>") || !strings.HasSuffix(body, "</html>") {
			t.Errorf("%q: %d %s", accept, out.Code, body)
		}
		if csp := out.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "style-src 'sha256-") {
			t.Errorf("%q: the policy is %s", accept, csp)
		}
	}
}

func TestAReaderWithTheSameCopyIsToldSo(t *testing.T) {
	p, other := printed(t, "Une phrase."), printed(t, "Une autre.")
	tag := sendTo(t, p).Header().Get("ETag")
	if tag == "" || tag == sendTo(t, other).Header().Get("ETag") || tag != sendTo(t, printed(t, "Une phrase.")).Header().Get("ETag") {
		t.Fatalf("the tag %q does not tell pages apart", tag)
	}
	same := sendTo(t, p, "If-None-Match", tag)
	if same.Code != http.StatusNotModified || same.Body.Len() != 0 || same.Header().Get("ETag") != tag {
		t.Errorf("%d, %d bytes, %q", same.Code, same.Body.Len(), same.Header().Get("ETag"))
	}
	if changed := sendTo(t, other, "If-None-Match", tag); changed.Code != 200 || changed.Body.Len() == 0 {
		t.Errorf("%d, %d bytes", changed.Code, changed.Body.Len())
	}
}
