// Package mondialrelay is a carrier that speaks as Mondial Relay does, for the
// demonstration and for the tests of the adapter: the signed SOAP service with
// points, tracking and labels, and the XML service with its batches.
//
// What it reads and writes is typed from the project's notes on carriers,
// sections 2.1 and 2.2, and shares nothing with the adapter: a wrong signature
// is STAT 97, silence is a nil element, addresses are padded, decimals stand
// after a comma, a batch may be made in part. It keeps its shipments in memory
// and makes nothing up about where they are: whoever runs the world says so, by
// Scan. Its documents are drawn by core/label.
package mondialrelay

import (
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// Options are who may ask, and what there is.
type Options struct {
	Zone                      *time.Location // where the carrier's clocks hang
	Now                       func() civil.Instant
	Base                      string // under which it is reached, for the addresses it gives: https://host
	Brand, Key                string // of the SOAP service
	Login, Password, Customer string // of the XML service
	Points                    []Point
}

// Point is a relay of the network.
type Point struct {
	Number                       string // six figures
	Name, Street, Postcode, City string
	Country                      string
	Latitude, Longitude          float64
	Locker                       bool
	Hours                        [7][4]string // from Monday: open, close, open, close, as HHMM; "" is 0000
	ClosedFrom, ClosedUntil      civil.Day    // inclusive; zero: it is not
}

// Event is something that happened to a parcel, in the carrier's words.
type Event struct {
	Label string
	At    civil.Instant
	Where string
	Relay string
}

// Shipment is a label the carrier made.
type Shipment struct {
	Number    string
	File      string // the sender's reference
	Customer  string // the sender's second one
	Point     string // of deposit; empty: any
	Grams     string
	Insurance string // level; empty or 0: none beyond its own
	Sender    []string
	Recipient []string
	Events    []Event
}

// Simulator is the carrier. It is safe for concurrent use.
type Simulator struct {
	o   Options
	mux *http.ServeMux

	mu   sync.Mutex
	made []*Shipment
	by   map[string]*Shipment // the same, by number
}

// New opens it for business.
func New(o Options) *Simulator {
	s := &Simulator{o: o, mux: http.NewServeMux(), by: map[string]*Shipment{}}
	s.mux.HandleFunc("POST /Web_Services.asmx", s.soap)
	s.mux.HandleFunc("POST /WebService.asmx", s.soap)
	s.mux.HandleFunc("POST /api/shipment", s.shipments)
	s.mux.HandleFunc("GET /ww2/PDF/StickerMaker2.aspx", s.document)
	return s
}

// ServeHTTP is http.Handler.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Made gives the shipments made so far, the first first.
func (s *Simulator) Made() []Shipment {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Shipment, len(s.made))
	for i, one := range s.made {
		out[i] = *one
	}
	return out
}

// Scan says what happened to a parcel; false when there is no such one.
func (s *Simulator) Scan(number string, e Event) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	one := s.find(number)
	if one == nil {
		return false
	}
	one.Events = append(one.Events, e)
	return true
}

// find looks for a shipment; the lock is held.
func (s *Simulator) find(number string) *Shipment { return s.by[number] }

// The numbers of shipments: eight figures.
const (
	firstNumber = 10_000_000
	numbers     = 90_000_000
)

// make adds a shipment under a number that is free. It comes from what the sender
// says, so that a simulator that forgot what it made gives no number twice.
func (s *Simulator) make(one Shipment) string {
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%s/%s/%s", one.File, one.Customer, one.Grams)
	s.mu.Lock()
	defer s.mu.Unlock()
	for at := h.Sum64(); ; at++ {
		one.Number = strconv.FormatUint(firstNumber+at%numbers, 10)
		if s.by[one.Number] == nil {
			break
		}
	}
	s.made, s.by[one.Number] = append(s.made, &one), &one
	return one.Number
}

func (s *Simulator) point(number string) bool {
	for _, p := range s.o.Points {
		if p.Number == number {
			return true
		}
	}
	return false
}

// maxRequest bounds what is read.
const maxRequest = 1 << 20

func body(r *http.Request) ([]byte, error) { return io.ReadAll(io.LimitReader(r.Body, maxRequest)) }

// padded fills a text up with spaces, as the SOAP service does.
func padded(s string) string {
	const width = 32
	return s + strings.Repeat(" ", max(0, width-len(s)))
}
