package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

// heard is one try as the seller's system sees it.
type heard struct {
	id, signature, url string
	at                 string
	header             http.Header
	body               []byte
	says               struct {
		Type     fact.Kind `json:"type"`
		Object   string    `json:"object"`
		Sequence int       `json:"sequence"`
		Data     struct {
			Order string `json:"order"`
		} `json:"data"`
	}
}

// seller is the seller's system: it hears, and answers as told.
type seller struct {
	mu     sync.Mutex
	heard  []heard
	answer func(heard) (status int, header http.Header, err error)
}

func (s *seller) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	h := heard{id: r.Header.Get("webhook-id"), signature: r.Header.Get("webhook-signature"), at: r.Header.Get("webhook-timestamp"), header: r.Header, url: r.URL.String(), body: body}
	if err := json.Unmarshal(body, &h.says); err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.heard = append(s.heard, h)
	answer := s.answer
	s.mu.Unlock()
	status, header := http.StatusNoContent, http.Header{}
	if answer != nil {
		if status, header, err = answer(h); err != nil {
			return nil, err
		}
	}
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader("")), Request: r}, nil
}

// said is what was heard since it was asked last, one line each.
func (s *seller) said() (lines []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, h := range s.heard {
		lines = append(lines, fmt.Sprintf("%s %s %d", h.says.Type, h.says.Object, h.says.Sequence))
	}
	s.heard = nil
	return lines
}

func (s *seller) answers(status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = func(heard) (int, http.Header, error) { return status, nil, nil }
}

func (s *seller) silent() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = func(heard) (int, http.Header, error) { return 0, nil, errors.New("connection refused") }
}

// shop is a merchant whose systems hear.
type shop struct {
	*flowtest.World
	m      ident.Merchant
	office Office
	seller *seller
	n      int
}

func newShop(t *testing.T) *shop {
	t.Helper()
	var routes []flow.Reaction
	for _, k := range Kinds {
		routes = append(routes, flow.Reaction{On: k, Name: "webhook.Write", Mode: flow.Later, Run: Write})
	}
	s := &shop{World: flowtest.New(t, routes...), seller: &seller{}}
	v, err := vault.Parse([]byte(ident.Hash("test")))
	if err != nil {
		t.Fatal(err)
	}
	s.office = Office{Flow: s.Flow, Vault: v, Out: egress.New(egress.Options{Wall: s.Clock().Wall, Transport: s.seller})}
	s.Handle(s.office.Sender())
	s.Watch(Retries())
	s.m = s.Merchant()
	return s
}

const hook = "https://shop.example/hooks"

// open makes an endpoint; a moment later it hears.
func (s *shop) open(kinds ...fact.Kind) (e Endpoint, secret string) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) (err error) {
		e, secret, err = s.office.Open(tx, s.m, Endpoint{URL: hook, Label: "ERP", Kinds: kinds})
		return err
	})
	s.Pass(time.Second)
	return e, secret
}

// place emits order.placed for an order, in a transaction of its own.
func (s *shop) place(o ident.Order) { s.emit(o, fact.OrderPlaced{Order: o}) }

func (s *shop) emit(o ident.Order, bodies ...fact.Body) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		for _, b := range bodies {
			s.n++
			if err := tx.Emit(s.m, string(o), fmt.Sprint(s.n), b); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *shop) deliveries(st DeliveryState) (ds []Delivery) {
	s.T.Helper()
	s.See(func(tx *db.Tx) (err error) {
		ds, err = Deliveries(tx, s.m, Page{State: st, Limit: 1000})
		return err
	})
	return ds
}

func (s *shop) endpoint(id ident.Endpoint) (e Endpoint) {
	s.T.Helper()
	s.See(func(tx *db.Tx) (err error) {
		e, err = Get(tx, s.m, id)
		return err
	})
	return e
}

func (s *shop) facts(k fact.Kind) (n int) {
	s.T.Helper()
	s.See(func(tx *db.Tx) error {
		all, err := flow.Timeline(tx, s.m, string(s.m))
		for _, f := range all {
			if f.Kind == k {
				n++
			}
		}
		return err
	})
	return n
}

func verify(secret string, h heard) error {
	w, err := standard.NewWebhook(secret)
	if err != nil {
		return err
	}
	return w.VerifyIgnoringTimestamp(h.body, h.header)
}

func codes(err error) string {
	var all []string
	for _, f := range fault.All(err) {
		all = append(all, strings.TrimSpace(f.Code+" "+f.Field))
	}
	if err != nil && all == nil {
		return err.Error()
	}
	return strings.Join(all, ", ")
}

var ctx = context.Background()
