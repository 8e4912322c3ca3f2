package api

import (
	"net/netip"
	"sync"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// How many wrong keys an address may try: at once, and then one each refill.
// A key has 256 random bits, so this is about noise, not about guessing.
const (
	burst        = 20
	refill       = 3 * time.Second
	maxAddresses = 10_000 // remembered at once
)

// limiter counts wrong keys per address, in this process only. Right keys are
// never slowed down. It is safe for concurrent use.
type limiter struct {
	now  func() civil.Instant // machine time
	mu   sync.Mutex
	full map[netip.Prefix]civil.Instant // when the address will have all its tries again
}

func newLimiter(now func() civil.Instant) *limiter {
	return &limiter{now: now, full: map[netip.Prefix]civil.Instant{}}
}

// take spends a try of the address. Without one left it says how long to wait.
func (l *limiter) take(from netip.Addr) (wait time.Duration, ok bool) {
	address, now := network(from), l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.full) >= maxAddresses {
		l.forget(now)
	}
	next := max(l.full[address], now).Add(refill)
	if wait := next.Sub(now) - burst*refill; wait > 0 {
		return wait, false
	}
	l.full[address] = next
	return 0, true
}

// forget drops the addresses that have all their tries again; when there are
// too many others, all of them: a flood must not fill the memory.
func (l *limiter) forget(now civil.Instant) {
	for a, full := range l.full {
		if full <= now {
			delete(l.full, a)
		}
	}
	if len(l.full) >= maxAddresses {
		clear(l.full)
	}
}

// network is what one caller holds of addresses: one of IPv4, a /64 of IPv6.
// Callers without a readable address share one place.
func network(a netip.Addr) netip.Prefix {
	bits := 64
	if a.Is4() {
		bits = 32
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return p
}
