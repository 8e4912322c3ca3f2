package ui

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/lang"
)

// Bytes that no database keeps are refused at the door, whatever page they are for.
func TestWhatIsNoTextIsRefused(t *testing.T) {
	served := 0
	serve := func(*http.Request) (Answer, error) {
		served++
		return Answer{Page: oops(Frame{Locale: lang.French, Title: "fine"}, "fine")}, nil
	}
	d, err := NewDoor(
		House{},
		Route{Method: "GET", Path: "/x/{id}", Access: Anybody, Serve: serve},
		Route{Method: "POST", Path: "/x/{id}", Access: Anybody, Serve: serve},
	)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		law, method, path, form string
		want                    int
	}{
		{"words", "GET", "/x/é?q=%F0%9F%8D%8A", "", 200},
		{"lines", "POST", "/x/1", "text=one%0D%0Atwo", 200},
		{"a zero in the path", "GET", "/x/%00", "", 404},
		{"half a letter in the path", "GET", "/x/%C3", "", 404},
		{"a zero in the query", "GET", "/x/1?q=%00", "", 422},
		{"a zero in a name", "GET", "/x/1?%00=1", "", 422},
		{"half a letter in the query", "GET", "/x/1?q=%F0%9F", "", 422},
		{"a query that can not be read", "GET", "/x/1?q=%zz", "", 422},
		{"a zero in a form", "POST", "/x/1", "q=%00", 422},
		{"a raw zero in a form", "POST", "/x/1", "q=\x00", 422},
		{"a zero in the name of a field", "POST", "/x/1", "q=1&%00=1", 422},
		{"half a letter in a form", "POST", "/x/1", "q=%E2%82", 422},
		{"half of a surrogate pair", "POST", "/x/1", "q=%ED%A0%80", 422},
		{"a form that can not be read", "POST", "/x/1", "q=%zz", 422},
		{"a form without an end", "POST", "/x/1", "q=" + strings.Repeat("x", 1<<17), 422},
	} {
		r := httptest.NewRequest(c.method, c.path, strings.NewReader(c.form))
		r.Header.Set("Content-Type", form)
		out := httptest.NewRecorder()
		before := served
		d.ServeHTTP(out, r)
		if out.Code != c.want || (served > before) != (c.want == 200) {
			t.Errorf("%s: %d, served %v", c.law, out.Code, served > before)
		}
	}
}

// The form that a page reads is the one that was sent, also when the page reads
// it by itself; a page that takes the beginning of one is given that.
func TestAFormIsGivenOnAsItCame(t *testing.T) {
	var read string
	serve := func(r *http.Request) (Answer, error) {
		raw, err := io.ReadAll(r.Body)
		read = string(raw)
		if err != nil {
			read += " …"
		}
		return Answer{To: "/"}, nil
	}
	d, err := NewDoor(
		House{},
		Route{Method: "POST", Path: "/whole", Access: Anybody, Serve: serve},
		Route{Method: "POST", Path: "/beginning", Access: Anybody, Serve: serve, Beginning: true},
	)
	if err != nil {
		t.Fatal(err)
	}
	long := "q=" + strings.Repeat("x", 1<<17)
	for _, c := range []struct {
		law, path, kind, form string
		status                int
		want                  string
	}{
		{"a form", "/whole", form, "q=%C3%A9+1&q=2", 303, "q=%C3%A9+1&q=2"},
		{"no form", "/whole", form, "", 303, ""},
		{"one that goes on and on", "/whole", form, long, 422, ""},
		{"its beginning", "/beginning", form, long, 303, long[:1<<16] + " …"},
		{"odd escapes, for who takes what came", "/beginning", form, "q=%zz", 303, "q=%zz"},
		{"a zero, for who takes what came", "/beginning", form, "q=%00", 422, ""},
		{"a form of several parts", "/whole", "multipart/form-data; boundary=x", "--x--", 422, ""},
		{"one that says it is none", "/whole", "text/plain", "q=%00", 422, ""},
	} {
		read = ""
		r := httptest.NewRequest("POST", c.path, strings.NewReader(c.form))
		r.Header.Set("Content-Type", c.kind)
		out := httptest.NewRecorder()
		if d.ServeHTTP(out, r); out.Code != c.status || read != c.want {
			t.Errorf("%s: %d %.60q", c.law, out.Code, read)
		}
	}
}

const form = "application/x-www-form-urlencoded"
