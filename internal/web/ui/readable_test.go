package ui

import (
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
	} {
		r := httptest.NewRequest(c.method, c.path, strings.NewReader(c.form))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		out := httptest.NewRecorder()
		before := served
		d.ServeHTTP(out, r)
		if out.Code != c.want || (served > before) != (c.want == 200) {
			t.Errorf("%s: %d, served %v", c.law, out.Code, served > before)
		}
	}
}
