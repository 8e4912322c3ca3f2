package promise

import (
	"encoding/binary"
	"slices"
	"sync"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/merchant"
)

// Calendars keeps the working calendars in use, so that a quote builds none. A
// calendar is a function of its spec: an entry is never stale. The zero value
// serves; it is safe for concurrent use.
type Calendars struct {
	mu    sync.Mutex
	known map[spec]*civil.Calendar
}

// spec is a civil.CalendarSpec that can be compared.
type spec struct {
	open   civil.Weekdays
	region civil.Region
	closed string // days, as four bytes each
}

// maxCalendars bounds the memory: 15 kB each.
const maxCalendars = 512

// Collecting is the days a service takes parcels from the merchant, but for those
// that incidents take.
func (c *Calendars) Collecting(s carrier.Service, closed ...civil.Days) *civil.Calendar {
	return c.of(civil.CalendarSpec{Open: s.Collects, Region: civil.Region(s.Region), Closed: closed})
}

// Delivering is the days a service brings parcels: the days that transit is counted
// in, but for those that incidents take.
func (c *Calendars) Delivering(s carrier.Service, closed ...civil.Days) *civil.Calendar {
	return c.of(civil.CalendarSpec{Open: s.Delivers, Region: civil.Region(s.Region), Closed: closed})
}

// Working is the days a stock point works, but for those that incidents take.
func (c *Calendars) Working(s merchant.StockPoint, closed ...civil.Days) *civil.Calendar {
	spec := s.Calendar()
	spec.Closed = slices.Concat(spec.Closed, closed)
	return c.of(spec)
}

func (c *Calendars) of(s civil.CalendarSpec) *civil.Calendar {
	key := spec{s.Open, s.Region, packed(s.Closed)}
	c.mu.Lock()
	defer c.mu.Unlock()
	if cal, ok := c.known[key]; ok {
		return cal
	}
	if c.known == nil || len(c.known) >= maxCalendars {
		c.known = map[spec]*civil.Calendar{}
	}
	cal := civil.NewCalendar(s)
	c.known[key] = cal
	return cal
}

func packed(runs []civil.Days) string {
	b := make([]byte, 0, 8*len(runs))
	for _, r := range runs {
		b = binary.BigEndian.AppendUint32(b, uint32(r.First))
		b = binary.BigEndian.AppendUint32(b, uint32(r.Last))
	}
	return string(b)
}
