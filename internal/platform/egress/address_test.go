package egress

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"
)

// forms are the ways in which somebody may write an IPv4 address.
func forms(a netip.Addr) []string {
	b := a.As4()
	n := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	return []string{
		a.String(),
		a.String() + ".",
		fmt.Sprintf("[::ffff:%s]", a),
		fmt.Sprintf("[::ffff:%x:%x]", n>>16, n&0xffff),
		fmt.Sprintf("[::%s]", a),
		fmt.Sprintf("[64:ff9b::%s]", a),
		fmt.Sprintf("[2002:%x:%x::1]", n>>16, n&0xffff),
		fmt.Sprintf("%d", n),
		fmt.Sprintf("0x%08x", n),
		fmt.Sprintf("0%o", n),
		fmt.Sprintf("0%o.0%o.0%o.0%o", b[0], b[1], b[2], b[3]),
		fmt.Sprintf("0x%x.0x%x.0x%x.0x%x", b[0], b[1], b[2], b[3]),
		fmt.Sprintf("%d.%d", b[0], n&0xffffff),
		strings.ReplaceAll(a.String(), ".", "。"),
		strings.ReplaceAll(a.String(), ".", "%2e"),
	}
}

// targets are addresses that must never be called, some 300 of them.
func targets() (out []string) {
	for _, special := range []string{
		"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.254", "100.64.0.1", "100.127.255.254", "127.0.0.1", "127.1.2.3", "169.254.169.254",
		"172.16.0.1", "172.31.255.254", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.51.100.7", "203.0.113.9",
		"224.0.0.1", "240.0.0.1", "255.255.255.255",
	} {
		for _, f := range forms(netip.MustParseAddr(special)) {
			out = append(out, "https://"+f+"/hook")
		}
	}
	for _, special := range []string{
		"::", "::1", "fe80::1", "fe80::1%25eth0", "fc00::1", "fd12:3456::1", "ff02::1", "fec0::1", "100::1", "2001::1", "2001:db8::1",
		"2002:a00:1::", "3fff::1", "5f00::1", "64:ff9b::a00:1", "64:ff9b:1::1", "::ffff:0:0", "::ffff:7f00:1",
	} {
		out = append(out, "https://["+special+"]/hook")
	}
	return append(out,
		"", "/hook", "hook", "://", "https://", "https:///hook", "https:hook", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/",
		"http://example.com/", "http://127.0.0.1:9999/", "https://user@example.com/", "https://user:word@example.com/", "https://example.com@127.0.0.1/",
		"https://example.com:0/", "https://example.com:65536/", "https://example.com:https/", "https://localhost/", "https://LOCALHOST./",
		"https://printer/", "https://db.local/", "https://a.localhost/", "https://metadata.google.internal/", "https://intranet.corp/",
		"https://-a.example/", "https://a-.example/", "https://a..example/", "https://exa mple.com/", "https://ex\u00e4mple.com/", "https://example.com/#x",
		"https://"+strings.Repeat("a", 64)+".example/", "https://example.com/"+strings.Repeat("a", maxAddress), "https://a_b.example/",
	)
}

func TestAnAddressThatLeadsHomeIsRefusedWhenItIsTyped(t *testing.T) {
	all := targets()
	if len(all) < 300 {
		t.Errorf("only %d targets", len(all))
	}
	for _, u := range all {
		if err := Check(u, nil); !errors.Is(err, ErrForbidden) {
			t.Errorf("%q: %v", u, err)
		}
	}
	own := []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:8080")}
	for _, u := range []string{
		"https://shop.example/hooks", "https://shop.example:8443/hooks?of=promesse", "https://93.184.216.34/", "https://[2606:4700::1111]/",
		"https://xn--exmple-cua.com/", "http://127.0.0.1:8080/hooks",
	} {
		if err := Check(u, own); err != nil {
			t.Errorf("%q: %v", u, err)
		}
	}
}

// Those of them that are addresses are refused at the moment of connecting too,
// whatever Check said before: a name may have come to mean one of them.
func TestNoSpecialAddressIsConnectedTo(t *testing.T) {
	look, seen := guard(nil), 0
	for _, u := range targets() {
		host := strings.TrimSuffix(strings.TrimPrefix(u, "https://"), "/hook")
		a, err := netip.ParseAddr(strings.Trim(strings.ReplaceAll(host, "%25", "%"), "[]"))
		if err != nil {
			continue
		}
		seen++
		if err := look("tcp", netip.AddrPortFrom(a, 443).String(), nil); !errors.Is(err, ErrForbidden) {
			t.Errorf("%s: %v", a, err)
		}
	}
	if seen < 100 {
		t.Errorf("only %d addresses", seen)
	}
}

func TestALibraryGoesTheSameWay(t *testing.T) {
	to := &carrier{status: http.StatusTeapot, body: "short and stout"}
	asked := ""
	c := New(Options{Wall: still, Transport: to}).Library(func(r *http.Request) string { asked = r.URL.Host; return "them" })
	r, err := http.NewRequestWithContext(context.Background(), "POST", "https://example.com/", strings.NewReader("body"))
	if err != nil {
		t.Fatal(err)
	}
	res, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil || string(body) != to.body || res.StatusCode != http.StatusTeapot || asked != "example.com" {
		t.Errorf("%d %q, %v, counted for %q", res.StatusCode, body, err, asked)
	}
	to.err = io.ErrUnexpectedEOF
	for range patience {
		if _, err := c.Do(r); err == nil {
			t.Fatal("no error")
		}
	}
	calls := to.calls
	if _, err := c.Do(r); !errors.Is(err, ErrResting) || to.calls != calls {
		t.Errorf("after %d failures: %v", patience, err)
	}
}
