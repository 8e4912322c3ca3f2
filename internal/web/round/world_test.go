package round_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/carrier/ownfleet"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/tracking"
	web "github.com/promesse-dev/promesse/internal/web/round"
	"github.com/promesse-dev/promesse/internal/web/ui"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

const pin = "271828"

// world is a shop with couriers of its own, one of whom is on a round.
type world struct {
	*webtest.Shop
	door     *ui.Door
	rounds   *lastmile.Rounds
	couriers ident.Connection
}

// van is a device with a courier on it.
type van struct {
	w       *world
	device  ident.Device
	courier ident.Member
	cookies string
	said    int
}

func open(t testing.TB) *world {
	t.Helper()
	s := webtest.Open(t)
	w := &world{Shop: s, rounds: lastmile.NewRounds(s.Desk.Vault), couriers: s.Slots()}
	var err error
	w.door, err = web.New(web.Config{
		Flow: s.Flow, Vault: s.Desk.Vault, Base: "https://suivi.example", Carriers: carrier.Registry{ownfleet.Adapter: ownfleet.Parse},
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// today is the shop's.
func (w *world) today() (d civil.Day) {
	w.See(func(tx *db.Tx) error { d = tx.Now.Day(flowtest.Paris); return nil })
	return d
}

// order is one with a place today from 14:00 to 16:00 and a parcel of its name.
func (w *world) order(reference string) ident.Order {
	w.T.Helper()
	o := w.Order(reference, webtest.Sale{Slot: true}).Order.ID
	w.Do(w.ID, func(tx *flow.Tx) error {
		_, _, err := order.Announce(tx, w.ID, order.NewParcel{Order: o, Connection: w.couriers, Number: "TB" + reference})
		return err
	})
	return o
}

// enrols lets a device and a courier in, through the pages.
func (w *world) enrols(name string) *van {
	w.T.Helper()
	b := &van{w: w}
	var link ident.Link
	w.Do(w.ID, func(tx *flow.Tx) error {
		d, l, err := crew.Invite(tx, crew.Rounds(w.ID), "Le téléphone")
		if err != nil {
			return err
		}
		b.device, link = d.ID, l
		c, err := crew.NewRoster(w.Desk.Vault).Employ(tx, crew.Rounds(w.ID), name, pin)
		b.courier = c.ID
		return err
	})
	b.keep(webtest.Post(w.T, w.door, "/tournee/appareil/"+string(link), ""))
	b.signIn()
	return b
}

func (b *van) signIn() {
	b.w.T.Helper()
	a := b.post("/tournee/service", url.Values{"courier": {string(b.courier)}, "pin": {pin}})
	if a.Header.Get("Location") != "/tournee/" {
		b.w.T.Fatalf("%d to %q: %s", a.Status, a.Header.Get("Location"), a.Body)
	}
	b.keep(a)
}

// goes puts an order on the courier's round of today, and gives the stop.
func (b *van) goes(o ident.Order) (st lastmile.Stop) {
	b.w.T.Helper()
	day := b.w.today()
	b.w.Do(b.w.ID, func(tx *flow.Tx) error { return lastmile.Assign(tx, b.w.ID, o, day, b.courier) })
	b.w.See(func(tx *db.Tx) (err error) {
		st, _, err = lastmile.StopFor(tx, b.w.ID, o, day)
		return err
	})
	return st
}

// keep holds the cookies of an answer.
func (b *van) keep(a webtest.Answer) {
	for _, c := range a.Header.Values("Set-Cookie") {
		pair, _, _ := strings.Cut(c, ";")
		name, _, _ := strings.Cut(pair, "=")
		kept := slices.DeleteFunc(strings.Split(b.cookies, "; "), func(k string) bool { return k == "" || strings.HasPrefix(k, name+"=") })
		b.cookies = strings.Join(append(kept, pair), "; ")
	}
}

func (b *van) get(path string) webtest.Answer {
	b.w.T.Helper()
	return webtest.Get(b.w.T, b.w.door, path, "Cookie", b.cookies, "Accept-Language", "fr")
}

func (b *van) post(path string, form url.Values) webtest.Answer {
	b.w.T.Helper()
	return webtest.Post(b.w.T, b.w.door, path, form.Encode(), "Cookie", b.cookies, "Accept-Language", "fr")
}

func path(st lastmile.Stop) string { return "/tournee/arret/" + string(st.ID) }

// says fills a form of a stop in, and gives what the courier sees then.
func (b *van) says(st lastmile.Stop, act lastmile.Act, more ...string) webtest.Answer {
	b.w.T.Helper()
	b.said++
	form := url.Values{"client": {fmt.Sprintf("%s-%d", b.device, b.said)}, "act": {string(act)}}
	for i := 0; i+1 < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	a := b.post(path(st)+"/visite", form)
	if a.Status == http.StatusSeeOther {
		return b.get(a.Header.Get("Location"))
	}
	return a
}

// shows sends a photo, as a telephone does.
func (b *van) shows(st lastmile.Stop, file []byte) webtest.Answer {
	b.w.T.Helper()
	b.said++
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	_ = parts.WriteField("client", fmt.Sprintf("%s-%d", b.device, b.said))
	_ = parts.WriteField("act", string(lastmile.Delivered))
	f, err := parts.CreateFormFile("photo", "photo.jpg")
	if err != nil {
		b.w.T.Fatal(err)
	}
	_, _ = f.Write(file)
	_ = parts.Close()
	r := httptest.NewRequest(http.MethodPost, path(st)+"/visite", &body)
	r.Header.Set("Content-Type", parts.FormDataContentType())
	r.Header.Set("Cookie", b.cookies)
	r.Header.Set("Accept-Language", "fr")
	out := httptest.NewRecorder()
	b.w.door.ServeHTTP(out, r)
	if to := out.Header().Get("Location"); to != "" {
		return b.get(to)
	}
	return webtest.Answer{Status: out.Code, Body: out.Body.String()}
}

// picture is a photo as a camera makes one.
func picture(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, 64, 48)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// late is what was done without network, as a device sends it.
type late struct {
	client     string
	st         lastmile.Stop
	shift      ident.Shift
	act        lastmile.Act
	said, sent int64
	more       []string
}

type lateAnswer struct {
	Client, Tone, Words string
	Done                bool
}

func (b *van) sends(l late) (got lateAnswer) {
	b.w.T.Helper()
	form := url.Values{
		"client": {l.client}, "stop": {string(l.st.ID)}, "shift": {string(l.shift)}, "act": {string(l.act)},
		"said": {fmt.Sprint(l.said)}, "sent": {fmt.Sprint(l.sent)},
	}
	for i := 0; i+1 < len(l.more); i += 2 {
		form.Set(l.more[i], l.more[i+1])
	}
	a := b.post("/tournee/envoi", form)
	if err := json.Unmarshal([]byte(a.Body), &got); err != nil {
		b.w.T.Fatalf("%d to %q: %s", a.Status, a.Header.Get("Location"), a.Body)
	}
	return got
}

// shift is the id of who drives, as the page says it to scripts.
func (b *van) shift() ident.Shift {
	b.w.T.Helper()
	return ident.Shift(b.get("/tournee/").Attributes("main", "data-shift")[0])
}

// promised is the promise of an order's delivery.
func (w *world) promised(o ident.Order) (c promise.Commitment) {
	w.T.Helper()
	w.See(func(tx *db.Tx) error {
		of, err := promise.OfOrders(tx, w.ID, []ident.Order{o})
		c = promise.DeliveryOf(of[o])
		return err
	})
	return c
}

// story is what tracking tells of an order's parcel, with its events.
func (w *world) story(o ident.Order) (s tracking.Story, events []tracking.Event) {
	w.T.Helper()
	w.See(func(tx *db.Tx) error {
		of, err := order.Parcels(tx, w.ID, []ident.Order{o})
		if err != nil {
			return err
		}
		p := []ident.Parcel{of[o][0].ID}
		stories, err := tracking.Stories(tx, w.ID, p)
		if err != nil {
			return err
		}
		s = stories[p[0]]
		events, err = tracking.Events(tx, w.ID, p)
		return err
	})
	return s, events
}

// has fails the test where a text is not on a page, or a word is that must not be.
func has(t *testing.T, law string, a webtest.Answer, wants ...string) {
	t.Helper()
	for _, want := range wants {
		text := a.One("main")
		if hidden, never := strings.CutPrefix(want, "not "); never && strings.Contains(text, hidden) || !never && !strings.Contains(text, want) {
			t.Errorf("%s: want %q: %s", law, want, text)
		}
	}
}
