// Package egress is the one way out to other people's HTTP servers. Addresses
// come from merchants and may lead anywhere, so each connection is looked at when
// it is made: nothing private, nothing of this machine, but the servers that the
// installation itself names. Nobody is followed elsewhere, nobody is waited for
// beyond a budget, and who fails again and again is left alone for a while.
//
// It stores nothing and knows no carrier. Letters go another way, by SMTP to the
// installation's own server.
package egress

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// The budgets of one call.
const (
	connectTime = 5 * time.Second
	callTime    = 15 * time.Second
	// MaxAnswer is how much of an answer is read, in bytes, where the call does not
	// ask for more.
	MaxAnswer = 1 << 20
)

// Errors that name what was refused. Those of the network are wrapped as they are.
var (
	ErrForbidden = errors.New("egress: the address is not one that may be called")
	ErrResting   = errors.New("egress: the other side failed too often and is left alone")
	ErrTooLarge  = errors.New("egress: the answer is larger than its budget")
)

// Options are what an installation decides.
type Options struct {
	Wall      func() civil.Instant // machine time
	Own       []netip.AddrPort     // servers of this installation that may be called though they are private: simulators
	Transport http.RoundTripper    // instead of the network: simulations and tests
}

// Client calls out. It is safe for concurrent use.
type Client struct {
	http  *http.Client
	wall  func() civil.Instant
	rests *breaker
}

// New makes the client.
func New(o Options) *Client {
	t := o.Transport
	if t == nil {
		d := &net.Dialer{Timeout: connectTime, Control: guard(o.Own)}
		t = &http.Transport{
			DialContext: d.DialContext, TLSHandshakeTimeout: connectTime, ResponseHeaderTimeout: callTime,
			MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: 64 << 10,
			TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true,
		}
	}
	return &Client{
		http: &http.Client{
			Transport: t, Timeout: callTime,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		wall: o.Wall, rests: newBreaker(),
	}
}

// Call is a request to somebody.
type Call struct {
	To     string // whose server it is: failures are counted by it
	Method string
	URL    string
	Header map[string]string
	Body   []byte
	Most   int // how much of the answer is read, in bytes; 0 is MaxAnswer
}

// Answer is what came back, whatever its status.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Do makes a call. The errors are ErrForbidden, ErrResting, ErrTooLarge, a
// context's end, and the network's. An answer of 500 or more, and none at all,
// count as failures of the other side.
func (c *Client) Do(ctx context.Context, in Call) (Answer, error) {
	if !c.rests.allows(in.To, c.wall()) {
		return Answer{}, fmt.Errorf("%s: %w", in.To, ErrResting)
	}
	a, err := c.do(ctx, in)
	if !errors.Is(err, ErrForbidden) && ctx.Err() == nil {
		c.rests.heard(in.To, err == nil && a.Status < 500, c.wall())
	}
	return a, err
}

func (c *Client) do(ctx context.Context, in Call) (a Answer, err error) {
	r, err := http.NewRequestWithContext(ctx, in.Method, in.URL, bytes.NewReader(in.Body))
	if err != nil {
		return a, fmt.Errorf("%w: %w", ErrForbidden, err)
	}
	if r.URL.Scheme != "http" && r.URL.Scheme != "https" || r.URL.User != nil {
		return a, fmt.Errorf("%w: %s", ErrForbidden, r.URL.Scheme)
	}
	for name, value := range in.Header {
		r.Header.Set(name, value)
	}
	res, err := c.http.Do(r)
	if err != nil {
		return a, err
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	a = Answer{Status: res.StatusCode, Header: res.Header}
	most := cmp.Or(in.Most, MaxAnswer)
	a.Body, err = io.ReadAll(io.LimitReader(res.Body, int64(most)+1))
	if err == nil && len(a.Body) > most {
		err = ErrTooLarge
	}
	return a, err
}

// guard looks at the address that a name has come to mean, at the moment of
// connecting: a name may mean another one later.
func guard(own []netip.AddrPort) func(network, address string, _ syscall.RawConn) error {
	return func(_, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrForbidden, err)
		}
		to = netip.AddrPortFrom(to.Addr().Unmap(), to.Port())
		if slices.Contains(own, to) || public(to.Addr()) {
			return nil
		}
		return fmt.Errorf("%w: %s", ErrForbidden, to)
	}
}

// reserved are networks that lead to nobody on the internet, beyond those that
// netip knows. Source: IANA IPv4 and IPv6 Special-Purpose Address Registries.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("100::/64"),
	netip.MustParsePrefix("2001::/23"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("::/96"), netip.MustParsePrefix("3fff::/20"), netip.MustParsePrefix("5f00::/16"),
	netip.MustParsePrefix("fec0::/10"), netip.MustParsePrefix("192.88.99.0/24"),
}

func public(a netip.Addr) bool {
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.Zone() != "" {
		return false
	}
	return !slices.ContainsFunc(reserved, func(p netip.Prefix) bool { return p.Contains(a) })
}
