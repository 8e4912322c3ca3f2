package egress

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// began is when these tests take place.
var began = civil.At(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))

func still() civil.Instant { return began }

func TestOnlyPublicAddressesAreCalled(t *testing.T) {
	own := []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:8080")}
	check := guard(own)
	for _, row := range []struct {
		address string
		allowed bool
	}{
		{"93.184.216.34:443", true},
		{"[2606:4700::1111]:443", true},
		{"127.0.0.1:8080", true}, // a simulator of this installation
		{"[::ffff:127.0.0.1]:8080", true},
		{"127.0.0.1:5432", false},
		{"[::1]:8080", false},
		{"[::ffff:10.0.0.1]:443", false},
		{"10.1.2.3:80", false},
		{"172.16.0.1:80", false},
		{"192.168.1.1:80", false},
		{"169.254.169.254:80", false}, // the metadata of clouds
		{"100.64.1.1:80", false},
		{"0.0.0.0:80", false},
		{"0.1.2.3:80", false},
		{"224.0.0.1:80", false},
		{"255.255.255.255:80", false},
		{"240.0.0.1:80", false},
		{"[fe80::1]:80", false},
		{"[fc00::1]:80", false},
		{"[ff02::1]:80", false},
		{"[64:ff9b::a00:1]:80", false}, // 10.0.0.1 behind a translator
		{"[2002:a00:1::]:80", false},
		{"not an address", false},
	} {
		err := check("tcp", row.address, nil)
		if (err == nil) != row.allowed || err != nil && !errors.Is(err, ErrForbidden) {
			t.Errorf("%s: %v", row.address, err)
		}
	}
}

// A name that leads to this machine is refused when the connection is made, by
// the real dialer.
func TestANameMayNotLeadHome(t *testing.T) {
	called := false
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }))
	defer s.Close()
	u, _ := url.Parse(s.URL)
	_, err := New(Options{Wall: still}).Do(context.Background(), Call{To: "x", Method: "GET", URL: "http://localhost:" + u.Port() + "/"})
	if !errors.Is(err, ErrForbidden) || called {
		t.Errorf("got %v, called %v", err, called)
	}
	allowed := New(Options{Wall: still, Own: []netip.AddrPort{netip.MustParseAddrPort(u.Host)}})
	if a, err := allowed.Do(context.Background(), Call{To: "x", Method: "GET", URL: s.URL}); err != nil || a.Status != 200 || !called {
		t.Errorf("a server of our own: %v, %v", a, err)
	}
}

func TestOddAddressesAreRefused(t *testing.T) {
	c := New(Options{Wall: still})
	for _, u := range []string{"", "ftp://example.com/", "file:///etc/passwd", "http://user:word@example.com/", "://", "http://exa mple/"} {
		if _, err := c.Do(context.Background(), Call{To: "x", Method: "GET", URL: u}); !errors.Is(err, ErrForbidden) {
			t.Errorf("%q: %v", u, err)
		}
	}
}

// carrier answers as told.
type carrier struct {
	status int
	err    error
	body   string
	calls  int
}

func (c *carrier) RoundTrip(r *http.Request) (*http.Response, error) {
	if c.calls++; c.err != nil {
		return nil, c.err
	}
	h := http.Header{"Location": {"http://elsewhere.example/"}}
	return &http.Response{StatusCode: c.status, Header: h, Body: io.NopCloser(strings.NewReader(c.body)), Request: r}, nil
}

func TestNobodyIsFollowedElsewhere(t *testing.T) {
	to := &carrier{status: http.StatusFound}
	a, err := New(Options{Wall: still, Transport: to}).Do(context.Background(), Call{To: "x", Method: "GET", URL: "https://example.com/"})
	if err != nil || a.Status != http.StatusFound || to.calls != 1 {
		t.Errorf("%v, %v, %d calls", a, err, to.calls)
	}
}

func TestAnAnswerHasABudget(t *testing.T) {
	to := &carrier{status: 200, body: strings.Repeat("a", MaxAnswer+1)}
	c := New(Options{Wall: still, Transport: to})
	if _, err := c.Do(context.Background(), Call{To: "x", Method: "GET", URL: "https://example.com/"}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v", err)
	}
	to.body = to.body[1:]
	if a, err := c.Do(context.Background(), Call{To: "x", Method: "GET", URL: "https://example.com/"}); err != nil || len(a.Body) != MaxAnswer {
		t.Errorf("%d bytes, %v", len(a.Body), err)
	}
}

// Who fails five times is left alone for a minute; then one call tries, and when
// it fails the rest is twice as long. Others are called meanwhile.
func TestWhoFailsIsLeftAlone(t *testing.T) {
	now := began
	to := &carrier{status: 503}
	c := New(Options{Wall: func() civil.Instant { return now }, Transport: to})
	call := func(who string) error {
		_, err := c.Do(context.Background(), Call{To: who, Method: "GET", URL: "https://example.com/"})
		return err
	}
	for range patience {
		if err := call("slow"); err != nil {
			t.Fatal(err)
		}
	}
	if err := call("slow"); !errors.Is(err, ErrResting) || to.calls != patience {
		t.Errorf("after %d failures: %v, %d calls", patience, err, to.calls)
	}
	if err := call("other"); err != nil {
		t.Errorf("somebody else: %v", err)
	}
	now = now.Add(shortRest)
	if err := call("slow"); err != nil {
		t.Errorf("after the rest: %v", err)
	}
	now = now.Add(shortRest)
	if err := call("slow"); !errors.Is(err, ErrResting) {
		t.Errorf("a minute after the sixth failure: %v", err)
	}
	now = now.Add(shortRest)
	to.status = 200
	if err := call("slow"); err != nil {
		t.Errorf("two minutes after: %v", err)
	}
	if err := call("slow"); err != nil {
		t.Errorf("and it works again: %v", err)
	}
}
