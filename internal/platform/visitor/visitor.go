// Package visitor is who asks at a door, as far as the network tells: the
// address a request comes from, seen through the proxies that we trust, and how
// often that address may try something.
//
// It stores nothing beyond the process and knows no route. What it counts is
// noise kept down in one process; a limit that must hold over all of them stands
// in a room's table.
package visitor

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Address is where a request comes from, the zero one when it can not be read.
// remote is the other end of the connection. A proxy that we trust says in
// X-Forwarded-For whom it speaks for: that list is read from its end, where the
// nearest proxy wrote, to the first address that is no proxy of ours. Whatever
// stands before it, anybody can have written.
func Address(remote string, forwarded []string, proxies []netip.Prefix) netip.Addr {
	from := addressOf(remote)
	for _, hop := range slices.Backward(hops(forwarded)) {
		if !slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(from) }) {
			break
		}
		next := addressOf(strings.TrimSpace(hop))
		if !next.IsValid() {
			break
		}
		from = next
	}
	return from
}

// Of is Address of a request.
func Of(r *http.Request, proxies []netip.Prefix) netip.Addr {
	return Address(r.RemoteAddr, r.Header.Values("X-Forwarded-For"), proxies)
}

// Local reports whether a request was made on this machine by somebody who sits
// at it: from loopback, under a name of loopback (a foreign name that resolves
// here is another site's doing), and through no proxy.
func Local(r *http.Request) bool {
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via"} {
		if r.Header.Get(name) != "" {
			return false
		}
	}
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = strings.Trim(r.Host, "[]")
	}
	named := host == "localhost" || addressOf(host).IsLoopback()
	return named && addressOf(r.RemoteAddr).IsLoopback()
}

// hops is X-Forwarded-For, which may stand in several headers.
func hops(headers []string) (all []string) {
	for _, h := range headers {
		all = append(all, strings.Split(h, ",")...)
	}
	return all
}

// addressOf reads an address, with or without a port; the zero one is none.
func addressOf(text string) netip.Addr {
	if with, err := netip.ParseAddrPort(text); err == nil {
		return with.Addr().Unmap().WithZone("")
	}
	alone, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Addr{}
	}
	return alone.Unmap().WithZone("")
}
