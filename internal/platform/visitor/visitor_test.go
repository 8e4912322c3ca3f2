package visitor

import (
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

func TestTheLimiterForgets(t *testing.T) {
	l := NewLimiter(func() civil.Instant { return 0 }, 2, time.Minute)
	for i := range maxAddresses + 10 {
		l.Take(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}))
	}
	if n := len(l.full); n > maxAddresses {
		t.Errorf("%d addresses remembered", n)
	}
}

func TestTriesComeBackOneByOne(t *testing.T) {
	var now civil.Instant
	l := NewLimiter(func() civil.Instant { return now }, 2, time.Minute)
	from := netip.MustParseAddr("192.0.2.1")
	for _, step := range []struct {
		law  string
		pass time.Duration
		ok   bool
		wait time.Duration
	}{
		{"the first", 0, true, 0},
		{"the second", 0, true, 0},
		{"one too many", 0, false, time.Minute},
		{"too early", 59 * time.Second, false, time.Second},
		{"a minute later", time.Second, true, 0},
		{"and no more", 0, false, time.Minute},
	} {
		now = now.Add(step.pass)
		if wait, ok := l.Take(from); ok != step.ok || wait != step.wait {
			t.Errorf("%s: %v, %s", step.law, ok, wait)
		}
	}
	if _, ok := l.Take(netip.MustParseAddr("192.0.2.2")); !ok {
		t.Error("another address pays for the first one's tries")
	}
}

// The demo's one-click doors open to whoever sits at the machine, and to nobody
// whom a proxy, a tunnel or a foreign name brought there.
func TestWhoSitsAtThisMachine(t *testing.T) {
	for _, c := range []struct {
		law, remote, host string
		headers           []string
		want              bool
	}{
		{"by address", "127.0.0.1:4711", "127.0.0.1:8080", nil, true},
		{"by name", "127.0.0.1:4711", "localhost:8080", nil, true},
		{"by name without a port", "127.0.0.1:4711", "localhost", nil, true},
		{"by IPv6", "[::1]:4711", "[::1]:8080", nil, true},
		{"from the network", "192.0.2.1:4711", "127.0.0.1:8080", nil, false},
		{"a foreign name that resolves here", "127.0.0.1:4711", "evil.example:8080", nil, false},
		{"a name that begins like ours", "127.0.0.1:4711", "localhost.evil.example", nil, false},
		{"an address that begins like ours", "127.0.0.1:4711", "127.0.0.1.evil.example:8080", nil, false},
		{"through a proxy on this machine", "127.0.0.1:4711", "localhost:8080", []string{"X-Forwarded-For", "192.0.2.1"}, false},
		{"through a proxy that says so otherwise", "127.0.0.1:4711", "localhost:8080", []string{"Forwarded", "for=192.0.2.1"}, false},
		{"without a name", "127.0.0.1:4711", "", nil, false},
	} {
		r := httptest.NewRequest("POST", "/x", nil)
		r.RemoteAddr, r.Host = c.remote, c.host
		for i := 0; i+1 < len(c.headers); i += 2 {
			r.Header.Set(c.headers[i], c.headers[i+1])
		}
		if got := Local(r); got != c.want {
			t.Errorf("%s: %v, want %v", c.law, got, c.want)
		}
	}
}
