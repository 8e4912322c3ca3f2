package api

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// caller is the address a request comes from, the zero one when it can not be
// read. A proxy that we trust says in X-Forwarded-For whom it speaks for: that
// list is read from its end, where the nearest proxy wrote, to the first address
// that is no proxy of ours. Whatever stands before it, anybody can have written.
func (a *API) caller(ctx huma.Context) netip.Addr {
	from := addressOf(ctx.RemoteAddr())
	for _, hop := range slices.Backward(forwarded(ctx)) {
		if !a.trusts(from) {
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

// forwarded is X-Forwarded-For, which may stand in several headers.
func forwarded(ctx huma.Context) (hops []string) {
	ctx.EachHeader(func(name, value string) {
		if name == "X-Forwarded-For" {
			hops = append(hops, strings.Split(value, ",")...)
		}
	})
	return hops
}

func (a *API) trusts(from netip.Addr) bool {
	return slices.ContainsFunc(a.proxies, func(p netip.Prefix) bool { return p.Contains(from) })
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
