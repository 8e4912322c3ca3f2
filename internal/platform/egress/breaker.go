package egress

import (
	"sync"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// When the other side is left alone, and how long: after so many failures in a
// row, for a minute, twice as long each time it fails again, up to half an hour.
const (
	patience  = 5
	shortRest = time.Minute
	longRest  = 30 * time.Minute
	// maxParties bounds what is remembered; beyond it all is forgotten.
	maxParties = 10_000
)

// breaker remembers who fails.
type breaker struct {
	mu      sync.Mutex
	parties map[string]*party
}

type party struct {
	failures int
	rest     time.Duration
	until    civil.Instant
}

func newBreaker() *breaker { return &breaker{parties: map[string]*party{}} }

// allows reports whether somebody may be called. When a rest is over, one call
// may try; those beside it wait for what it says.
func (b *breaker) allows(to string, now civil.Instant) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	p, known := b.parties[to]
	if !known || p.failures < patience {
		return true
	}
	if now < p.until {
		return false
	}
	p.until = now.Add(callTime)
	return true
}

// heard notes how a call went.
func (b *breaker) heard(to string, well bool, now civil.Instant) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if well {
		delete(b.parties, to)
		return
	}
	p, known := b.parties[to]
	if !known {
		if len(b.parties) >= maxParties {
			clear(b.parties)
		}
		p = &party{rest: shortRest / 2}
		b.parties[to] = p
	}
	if p.failures++; p.failures >= patience {
		p.rest = min(2*p.rest, longRest)
		p.until = now.Add(p.rest)
	}
}
