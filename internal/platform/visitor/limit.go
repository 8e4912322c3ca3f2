package visitor

import (
	"net/netip"
	"sync"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// maxAddresses are remembered at once.
const maxAddresses = 10_000

// Limiter counts tries per address, in this process only: so many at once, and
// then one each refill. It is safe for concurrent use.
type Limiter struct {
	now    func() civil.Instant // machine time
	burst  time.Duration        // all tries of an address, at one each refill
	refill time.Duration
	mu     sync.Mutex
	full   map[netip.Prefix]civil.Instant // when the address will have all its tries again
}

// NewLimiter makes one over a source of machine time.
func NewLimiter(now func() civil.Instant, burst int, refill time.Duration) *Limiter {
	return &Limiter{now: now, burst: time.Duration(burst) * refill, refill: refill, full: map[netip.Prefix]civil.Instant{}}
}

// Take spends a try of the address. Without one left it says how long to wait.
func (l *Limiter) Take(from netip.Addr) (wait time.Duration, ok bool) {
	address, now := network(from), l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.full) >= maxAddresses {
		l.forget(now)
	}
	next := max(l.full[address], now).Add(l.refill)
	if wait := next.Sub(now) - l.burst; wait > 0 {
		return wait, false
	}
	l.full[address] = next
	return 0, true
}

// forget drops the addresses that have all their tries again; when there are
// too many others, all of them: a flood must not fill the memory.
func (l *Limiter) forget(now civil.Instant) {
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
