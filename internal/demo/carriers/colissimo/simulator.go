// Package colissimo is a carrier that speaks as Colissimo does, for the
// demonstration and for the tests of the adapter: labels and tokens in multipart
// answers, places near a postcode, and the timeline of a parcel.
//
// What it reads and writes is typed from the project's notes on carriers,
// sections 1.2 to 1.4, and shares nothing with the adapter: the boundary is
// another one each time and stands in the header every other time, errors may be
// JSON alone, one event comes as an object and two as a list. It keeps its
// parcels in memory and makes nothing up about where they are: whoever runs the
// world says so, by Scan. Its documents are drawn by core/label.
//
// Two things the sources do not say are assumed: the names of the fields of a
// token, and the ids of messages about weight, insurance and products.
package colissimo

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// Options are who may ask, and what there is.
type Options struct {
	Zone     *time.Location // where the carrier's clocks hang
	Now      func() civil.Instant
	Key      string // of the API
	Contract string // and Password: the older way in
	Password string
	Tokens   bool // the account has the option of labels without a printer
	Points   []Point
}

// Point is a place of the network.
type Point struct {
	ID, Kind, Name, Street, Zip, City string // Kind: BPR, A2P, …
	Latitude, Longitude               float64
	Hours                             [7]string // from Monday, "09:00-12:00 14:00-18:00"; "" is closed
	ClosedFrom, ClosedUntil           civil.Day // inclusive; zero: it is not
}

// Event is something that happened to a parcel, in the carrier's words.
type Event struct {
	Code, Label, Site string
	At                civil.Instant
}

// Parcel is a label the carrier made.
type Parcel struct {
	Number, Order, Ref string
	Sender, Addressee  []string
	Kilos              string
	Insured            int64 // cents
	Token              string
	Events             []Event
}

// Simulator is the carrier. It is safe for concurrent use.
type Simulator struct {
	o   Options
	mux *http.ServeMux

	mu      sync.Mutex
	parcels []*Parcel
	by      map[string]*Parcel // the same, by number
	answers int
}

// New opens it for business.
func New(o Options) *Simulator {
	s := &Simulator{o: o, mux: http.NewServeMux(), by: map[string]*Parcel{}}
	s.mux.HandleFunc("POST /sls-ws/SlsServiceWSRest/2.0/generateLabel", s.labels(false))
	s.mux.HandleFunc("POST /sls-ws/SlsServiceWSRest/2.0/generateToken", s.labels(true))
	s.mux.HandleFunc("POST /tracking-timeline-ws/rest/tracking/timelineCompany", s.timeline)
	s.mux.HandleFunc("POST /pointretrait-ws-cxf/rest/v2/pointretrait/findRDVPointRetraitAcheminement", s.points)
	return s
}

// ServeHTTP is http.Handler.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Made gives the parcels announced so far, the first first.
func (s *Simulator) Made() []Parcel {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Parcel, len(s.parcels))
	for i, p := range s.parcels {
		out[i] = *p
	}
	return out
}

// Scan says what happened to a parcel; false when there is no such one.
func (s *Simulator) Scan(number string, e Event) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.find(number)
	if p == nil {
		return false
	}
	p.Events = append(p.Events, e)
	return true
}

// find looks for a parcel; the lock is held.
func (s *Simulator) find(number string) *Parcel { return s.by[number] }

// announce adds a parcel under a number that is free: returns begin with 8R. It
// comes from what the sender says, so that a simulator that forgot what it made
// gives no number twice.
func (s *Simulator) announce(p Parcel) Parcel {
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%s/%s/%s", p.Order, p.Ref, p.Kilos)
	s.mu.Lock()
	defer s.mu.Unlock()
	for at := h.Sum64(); ; at++ {
		p.Number = fmt.Sprintf("8R%011d", at%1e11)
		if s.by[p.Number] == nil {
			break
		}
	}
	if p.Token != "" {
		p.Token = "TK" + p.Number
	}
	s.parcels, s.by[p.Number] = append(s.parcels, &p), &p
	return p
}

// maxRequest bounds what is read.
const maxRequest = 1 << 20

// asked reads a request; false when it was answered already, because the key is
// wrong (403) or the JSON can not be read (422).
func (s *Simulator) asked(w http.ResponseWriter, r *http.Request, into any, credentials func() (key, contract, password string)) bool {
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxRequest))
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil {
		answer(w, http.StatusUnprocessableEntity, map[string]any{"error": "Unprocessable Entity", "message": "JSON illisible"})
		return false
	}
	key, contract, password := credentials()
	if k := r.Header.Get("apiKey"); k != "" {
		key = k
	}
	if key == s.o.Key || key == "" && contract != "" && contract == s.o.Contract && password == s.o.Password {
		return true
	}
	answer(w, http.StatusForbidden, map[string]any{"errorCode": "FORBIDDEN", "errorLabel": "Accès refusé"})
	return false
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // whoever asked has gone
}
