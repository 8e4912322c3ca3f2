package app

import (
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheBaseIsAnAddressOthersCanReach(t *testing.T) {
	for text, want := range map[string]string{
		"https://suivi.example":       "https://suivi.example",
		"https://suivi.example/":      "https://suivi.example",
		"http://127.0.0.1:8080":       "http://127.0.0.1:8080",
		"https://shop.example/suivi/": "https://shop.example/suivi",
		"http://:8080":                "",
		"http://0.0.0.0:8080":         "",
		"http://[::]:8080":            "",
		"suivi.example":               "",
		"localhost:8080":              "",
		"ftp://suivi.example":         "",
		"https://":                    "",
		"https://a b":                 "",
		"":                            "",
	} {
		u, err := baseURL(text)
		switch {
		case want == "" && (err == nil || !strings.Contains(err.Error(), "--base-url https://")):
			t.Errorf("%q: %v, %v", text, u, err)
		case want != "" && (err != nil || u.String() != want):
			t.Errorf("%q: %v, %v, want %s", text, u, err, want)
		}
	}
}

func TestTrustedProxiesAreAddressesOrNetworks(t *testing.T) {
	got, err := proxySettings{[]string{"10.0.0.0/8", "192.0.2.1", "fd00::/8"}}.proxies()
	want := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("fd00::/8")}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	for _, bad := range []string{"proxy.example", "10.0.0.0/33", ""} {
		if _, err := (proxySettings{[]string{bad}}).proxies(); err == nil || !strings.Contains(err.Error(), "such as 10.0.0.0/8") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// Whoever sends or reads one byte an hour gives the connection back.
func TestEveryPartOfAConnectionHasALimit(t *testing.T) {
	s := reflect.ValueOf(server(http.NotFoundHandler(), slog.New(slog.DiscardHandler))).Elem()
	for _, limit := range []string{"ReadHeaderTimeout", "ReadTimeout", "WriteTimeout", "IdleTimeout", "MaxHeaderBytes"} {
		if s.FieldByName(limit).Int() <= 0 {
			t.Errorf("%s is not set", limit)
		}
	}
}

func TestAListenerOnAllAddressesIsReachedOnThisMachine(t *testing.T) {
	for _, c := range []struct {
		asked string
		at    net.TCPAddr
		want  string
	}{
		{":8080", net.TCPAddr{IP: net.IPv4zero, Port: 8080}, "localhost:8080"},
		{"[::]:8080", net.TCPAddr{IP: net.IPv6unspecified, Port: 8080}, "localhost:8080"},
		{"127.0.0.1:8080", net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}, "127.0.0.1:8080"},
		{"localhost:0", net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}, "localhost:8080"},
	} {
		if got := reachable(c.asked, &c.at); got != c.want {
			t.Errorf("%v: %s, want %s", c.at, got, c.want)
		}
	}
}
