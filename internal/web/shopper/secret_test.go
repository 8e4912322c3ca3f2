package shopper_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/shopper"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// texts is every column of text in the database, as table and column.
func texts(tx *db.Tx, engine string) ([][2]string, error) {
	q := `select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and lower(c.type) = 'text'`
	if engine == "postgres" {
		q = `select table_name, column_name from information_schema.columns where table_schema = 'public' and data_type = 'text'`
	}
	return db.All(tx, q, func(r db.Row) (c [2]string, err error) {
		err = r.Scan(&c[0], &c[1])
		return c, err
	})
}

// A link and a code are in the letter and in the shopper's hands; what we keep is
// their hashes.
func TestNoTableHoldsALinkOrACode(t *testing.T) {
	b := buys(t)
	b.get("")
	b.goes("/code", nil, "/cancel")
	code := b.code()
	b.goes("/cancel", typed(code), "")
	b.Do(b.ID, func(tx *flow.Tx) error { // as it is done once a letter was sent
		return tx.Do(`update notify_message set text = '', html = '' where merchant = $1 and topic = 'one_time_code'`, b.ID)
	})
	b.See(func(tx *db.Tx) error {
		columns, err := texts(tx, b.DB().Engine())
		if err != nil || len(columns) < 100 {
			t.Fatalf("only %d columns, %v", len(columns), err)
		}
		for _, c := range columns {
			for what, secret := range map[string]string{"link": string(b.Link), "code": code} {
				q := fmt.Sprintf("select count(*) from %s where %s like $1", c[0], c[1])
				n, _, err := db.One(tx, q, db.Scalar[int], "%"+secret+"%")
				if err != nil {
					return err
				}
				if n > 0 && !(what == "code" && strings.Contains(c[1], "hash")) { // six digits stand in many a hash
					t.Errorf("%s.%s holds the %s", c[0], c[1], what)
				}
			}
		}
		n, _, err := db.One(tx, `select count(*) from order_order where link = $1`, db.Scalar[int], ident.Hash(string(b.Link)))
		if n != 1 {
			t.Errorf("%d orders keep the hash of the link", n)
		}
		return err
	})
}

// Whatever a page is asked for, its address is in no log, and browsers tell it
// to nobody.
func TestALinkIsInNoLogAndNoReferrer(t *testing.T) {
	s := grocer(t)
	p := s.Order("E-1", webtest.Sale{Slot: true})
	var log bytes.Buffer
	stop := make(chan struct{})
	close(stop) // so that streams end
	d, err := shopper.New(shopper.Config{Flow: s.Flow, Base: "https://suivi.example", Stop: stop, Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"", "?lang=en", "/live", "/delivery.ics", "/missing", "/cancel", "/nothing", "/missing?lang=de"} {
		a := webtest.Get(t, d, "/p/"+string(p.Link)+path)
		if a.Header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("GET %s: %v", path, a.Header)
		}
		if a.Status != 404 && a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("GET %s may be kept: %v", path, a.Header)
		}
	}
	for _, path := range []string{"/missing", "/early", "/code", "/cancel"} {
		a := webtest.Post(t, d, "/p/"+string(p.Link)+path, "answer=yes&code=1")
		if a.Header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("POST %s: %v", path, a.Header)
		}
	}
	gone, leave := context.WithCancel(t.Context())
	leave() // a page that fails says so in the log
	d.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(gone, http.MethodGet, "/p/"+string(p.Link)+"/missing", nil))
	if log.Len() == 0 || strings.Contains(log.String(), string(p.Link)) {
		t.Errorf("logged: %s", &log)
	}
}

// Ten thousand guesses open nothing. The goal's ten million differ in nothing but
// patience: a guess is right once in 2¹²⁸ times.
func TestGuessesOpenNothing(t *testing.T) {
	s := webtest.Open(t)
	p := s.Order("E-1", webtest.Sale{})
	d := door(t, s)
	mint := ident.NewMint(0, 0, bytes.NewReader(bytes.Repeat([]byte(p.Link), 16*10_000)))
	for range 10_000 {
		guess := ident.NewLink(mint)
		r := httptest.NewRequest(http.MethodGet, "/p/"+string(guess), nil)
		out := httptest.NewRecorder()
		if d.ServeHTTP(out, r); out.Code != 404 {
			t.Fatalf("%s opens %d", guess, out.Code)
		}
	}
}

// A link lives 90 days after the delivery. The page behind a dead one says how
// to get help, and nothing about the order.
func TestALinkDies(t *testing.T) {
	for _, c := range []struct {
		law  string
		live func(b bought)
		dies bool
	}{
		{"delivered", func(b bought) { b.arrives() }, true},
		{"lost", func(b bought) {
			b.Parcel(b.id(), "T-1")
			b.At("2026-03-02 15:00")
			b.Scan("T-1", fact.Lost)
		}, true},
		{"taken back", func(b bought) {
			b.At("2026-03-02 15:00")
			b.Do(b.ID, func(tx *flow.Tx) error { return order.Cancel(tx, b.ID, b.id(), fact.ByMerchant) })
		}, true},
		{"never sent", func(b bought) { b.At("2026-03-02 15:00") }, false},
		{"half of it delivered", func(b bought) {
			oil := line(b.Shop, b.id())
			b.Do(b.ID, func(tx *flow.Tx) error {
				_, _, err := order.Announce(tx, b.ID, order.NewParcel{Order: b.id(), Connection: b.Carrier, Number: "T-1", Units: map[ident.Line]int{oil.ID: 1}})
				return err
			})
			b.At("2026-03-02 15:00")
			b.Scan("T-1", fact.Delivered)
		}, false},
	} {
		t.Run(c.law, func(t *testing.T) {
			b := buys(t)
			c.live(b)
			b.get("")
			b.Pass(90*24*time.Hour - time.Second)
			b.get("")
			b.Pass(2 * time.Second)
			for _, page := range []string{"", "?lang=en", "/missing", "/cancel", "/delivery.ics"} {
				a := webtest.Get(t, b.door, b.path+page)
				if dead := a.Status == 404; dead != c.dies && page != "/delivery.ics" {
					t.Errorf("%q: %d", page, a.Status)
				}
			}
			if !c.dies {
				return
			}
			a := webtest.Get(t, b.door, b.path)
			seen := a.One("main")
			if !strings.Contains(seen, "Ce lien n'ouvre plus rien") || !strings.Contains(seen, "écrivez à Bellecour") {
				t.Errorf("%s", seen)
			}
			if ways := a.Attributes("a", "href"); len(ways) != 2 || ways[0] != "../suivi" || ways[1] != "mailto:bonjour+sav@bellecour.example" {
				t.Errorf("ways: %q", ways)
			}
			for _, secret := range []string{"E-1", "Huile", "Lyon", "T-1", string(b.Link)} {
				if strings.Contains(a.Body, secret) {
					t.Errorf("the dead link tells %q", secret)
				}
			}
		})
	}
}

// The stream says which version the page is of, and nothing else.
func TestTheStreamSaysTheVersionAndNothingElse(t *testing.T) {
	b := buys(t)
	version := b.get("").Attributes("main", "data-version")[0]
	server := httptest.NewServer(b.door)
	defer server.Close()
	r, err := http.Get(server.URL + b.path + "/live")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	if r.Header.Get("Content-Type") != "text/event-stream" || r.Header.Get("Cache-Control") != "no-store" || r.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("%v", r.Header)
	}
	lines := bufio.NewScanner(r.Body)
	var said struct{ Version string }
	for lines.Scan() {
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			if err := json.Unmarshal([]byte(data), &said); err != nil || len(data) > 40 {
				t.Errorf("%s: %v", data, err)
			}
			break
		}
	}
	if said.Version != version {
		t.Errorf("the stream says %q, the page %q", said.Version, version)
	}
	if a := webtest.Get(t, b.door, "/p/0000000000000000000000/live"); a.Status != 404 || a.Header.Get("Content-Type") == "text/event-stream" {
		t.Errorf("a stream behind no link: %d", a.Status)
	}
}

func TestTheDeliveryForACalendar(t *testing.T) {
	b := buys(t)
	get := func() (int, string) {
		a := webtest.Get(t, b.door, b.path+"/delivery.ics")
		if a.Status == 200 && !strings.HasPrefix(a.Header.Get("Content-Type"), "text/calendar") {
			t.Errorf("%v", a.Header)
		}
		return a.Status, a.Body
	}
	status, file := get()
	for _, want := range []string{
		"UID:" + string(b.id()) + "@suivi.example\r\n", "SEQUENCE:0\r\n", "DTSTART:20260302T130000Z\r\n", "DTEND:20260302T150000Z\r\n",
		"SUMMARY:Livraison Bellecour\\, commande E-1\r\n", "STATUS:CONFIRMED\r\n",
	} {
		if status != 200 || !strings.Contains(file, want) {
			t.Errorf("%d: no %q in %s", status, want, file)
		}
	}
	for _, secret := range []string{string(b.Link), "camille", "Durand", "Lilas", "LOCATION", "URL"} {
		if strings.Contains(file, secret) {
			t.Errorf("the calendar tells %q", secret)
		}
	}
	b.Do(b.ID, func(tx *flow.Tx) error { return order.Cancel(tx, b.ID, b.id(), fact.ByShopper) })
	if status, file = get(); status != 200 || !strings.Contains(file, "SEQUENCE:1\r\n") || !strings.Contains(file, "STATUS:CANCELLED\r\n") {
		t.Errorf("%d %s", status, file)
	}
	whole := b.Shop.Order("E-2", webtest.Sale{})
	if a := webtest.Get(t, b.door, "/p/"+string(whole.Link)+"/delivery.ics"); !strings.Contains(a.Body, "DTSTART;VALUE=DATE:20260303\r\n") {
		t.Errorf("a whole day: %s", a.Body)
	}
	came := buys(t).arrives()
	if a := webtest.Get(t, came.door, came.path+"/delivery.ics"); a.Status != 404 {
		t.Errorf("what came is no appointment: %d", a.Status)
	}
}
