package api

import (
	"fmt"
	"maps"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// request is one call that its route should answer well, when the caller may.
type request struct{ path, body string }

// ask makes such a request about something of a shop, fresh each time, so that
// one call does not stand in another's way.
type ask func(s *shop, n int) request

// asks has one for every operation; the test fails for a route without.
var asks = both(both(both(both(both(talkAsks, claimAsks), incidentAsks), changeAsks), backAsks), map[string]ask{
	"health":          plain("/healthz", ""),
	"":                plain("/openapi.json", ""),
	"me":              plain("/api/v1/me", ""),
	"quote":           plain("/api/v1/quotes", quoteBody("FR", "69003")),
	"placeOrder":      func(_ *shop, n int) request { return request{"/api/v1/orders", orderBody(fmt.Sprint("M-", n), "")} },
	"listOrders":      plain("/api/v1/orders", ""),
	"getOrder":        onOrder("", ""),
	"cancelOrder":     onOrder("/cancel", `{"by":"merchant"}`),
	"orderTimeline":   onOrder("/timeline", ""),
	"listCommitments": plain("/api/v1/commitments", ""),
	"promisesReport":  plain("/api/v1/reports/promises", ""),
	"returnsReport":   plain("/api/v1/reports/returns", ""),
	"configure":       plain("/api/v1/settings", `{"target":0.95,"risk_at":0.5}`),
	"listStockPoints": plain("/api/v1/stock-points", ""),
	"setStockPoint":   plain("/api/v1/stock-points", stockPoint),
	"listConnections": plain("/api/v1/connections", ""),
	"connect":         plain("/api/v1/connections", `{"adapter":"simulated","name":"Vélo","zone":"Europe/Paris"}`),
	"listServices":    plain("/api/v1/services", ""),
	"setService":      func(s *shop, _ int) request { return request{"/api/v1/services", s.serviceBody()} },
	"slots": func(s *shop, _ int) request {
		return request{"/api/v1/services/" + string(s.byAppointment().ID) + "/slots", ""}
	},
	"setSlots": func(s *shop, _ int) request {
		return request{"/api/v1/services/" + string(s.byAppointment().ID) + "/slots", tuesdays(1000)}
	},
	"askEarly": func(s *shop, n int) request {
		s.byAppointment()
		return request{"/api/v1/orders/" + string(s.appointment(fmt.Sprint("P-", n)).ID) + "/early", tomorrowMorning}
	},
	"early": func(s *shop, n int) request {
		s.byAppointment()
		return request{"/api/v1/orders/" + string(s.asked(fmt.Sprint("P-", n)).ID) + "/early", ""}
	},
	"listTariffs":   plain("/api/v1/tariffs", ""),
	"listTemplates": plain("/api/v1/templates", ""),
	"getTemplate":   plain("/api/v1/templates/parcel_shipped/sms/fr", ""),
	"setTemplate": func(_ *shop, n int) request {
		return request{"/api/v1/templates/parcel_shipped/sms/fr", fmt.Sprintf(`{"body":"{{shop}} : c'est parti (%d) {{link}}"}`, n)}
	},
	"previewTemplate": plain("/api/v1/templates/parcel_shipped/sms/fr/preview", `{"body":"{{shop}} {{link}}"}`),
	"setTariff": func(s *shop, _ int) request {
		return request{"/api/v1/tariffs", fmt.Sprintf(`{"service":%q,"price":{"minor":490,"currency":"EUR"}}`, s.service.ID)}
	},
	"remedyPolicy": plain("/api/v1/policies/remedy", ""),
	"setRemedyPolicy": func(_ *shop, n int) request {
		return request{"/api/v1/policies/remedy", fmt.Sprintf(`{"source":%q}`, fmt.Sprint(remedy.Default, "\n// ", n))}
	},
	"tracking": func(s *shop, n int) request {
		return request{"/api/v1/tracking/" + tokenOf(s.order(fmt.Sprint("P-", n))), ""}
	},
	"listBrowserKeys":  plain("/api/v1/browser-keys", ""),
	"issueBrowserKey":  plain("/api/v1/browser-keys", `{"label":"Boutique","origins":["https://boutique.example"]}`),
	"revokeBrowserKey": func(s *shop, _ int) request { return request{"/api/v1/browser-keys/" + string(s.browserKey().ID), ""} },
	"listKeys":         plain("/api/v1/keys", ""),
	"issueKey":         plain("/api/v1/keys", `{"set":"viewer","label":"Une de plus"}`),
	"listParcels": func(s *shop, n int) request {
		return request{"/api/v1/parcels?order=" + string(s.order(fmt.Sprint("P-", n)).ID), ""}
	},
	"announceParcel": func(s *shop, n int) request {
		return request{
			"/api/v1/orders/" + string(s.order(fmt.Sprint("P-", n)).ID) + "/parcels",
			fmt.Sprintf(`{"carrier":%q,"number":"A-%d"}`, s.carrier.ID, n),
		}
	},
	"declareMissing": func(s *shop, n int) request {
		o := s.order(fmt.Sprint("P-", n))
		return request{"/api/v1/orders/" + string(o.ID) + "/shortages", fmt.Sprintf(`{"lines":[{"line":%q,"units":1}]}`, lineOf(s, o))}
	},
	"getParcel": func(s *shop, n int) request {
		return request{"/api/v1/parcels/" + string(s.parcel(s.order(fmt.Sprint("P-", n)), fmt.Sprint("N-", n)).ID), ""}
	},
	"addLeg": func(s *shop, n int) request {
		return request{
			"/api/v1/parcels/" + string(s.parcel(s.order(fmt.Sprint("P-", n)), fmt.Sprint("N-", n)).ID) + "/legs",
			fmt.Sprintf(`{"carrier":%q,"number":"L-%d"}`, s.carrier.ID, n),
		}
	},
	"answerInquiry": func(s *shop, n int) request {
		return request{
			fmt.Sprintf("/api/v1/inquiries/%s/answer?carrier=%s", s.inquiry(fmt.Sprint("par_", n)), s.carrier.ID),
			`{"answer":"Il repart demain."}`,
		}
	},
	"reportEvents": func(s *shop, n int) request {
		return request{
			"/api/v1/events?carrier=" + string(s.carrier.ID),
			fmt.Sprintf(`{"events":[{"tracking_number":"X-%d","status":"in_transit","occurred_at":"2026-03-02T08:00:00Z"}]}`, n),
		}
	},
	"getCommitment": func(s *shop, n int) request {
		return request{"/api/v1/commitments/" + string(s.order(fmt.Sprint("P-", n)).Commitments[0].ID), ""}
	},
	"amendCommitment": func(s *shop, n int) request {
		return request{
			"/api/v1/commitments/" + string(s.order(fmt.Sprint("P-", n)).Commitments[0].ID) + "/amend",
			`{"day":"2026-03-20","asked_by":"shopper"}`,
		}
	},
	"grant": func(s *shop, _ int) request {
		network, _ := s.w.organisation(merchant.Network)
		return request{"/api/v1/grants", fmt.Sprintf(`{"grantee":%q,"scope":"read_reports"}`, network)}
	},
	"revokeGrant": func(s *shop, _ int) request {
		network, _ := s.w.organisation(merchant.Network)
		var id ident.Grant
		s.w.Do(s.id, func(tx *flow.Tx) (err error) {
			id, err = merchant.Grant(tx, s.id, network, merchant.ReadReportsOf)
			return err
		})
		return request{"/api/v1/grants/" + string(id), ""}
	},
	"revokeKey": func(s *shop, _ int) request {
		var id ident.Key
		s.w.Do(s.id, func(tx *flow.Tx) (err error) {
			id, _, err = merchant.IssueKey(tx, s.id, merchant.NewKey{Set: merchant.Viewer, Label: "À retirer"})
			return err
		})
		return request{"/api/v1/keys/" + string(id), ""}
	},
	"invite": func(s *shop, n int) request {
		return request{"/api/v1/shoppers/" + string(s.order(fmt.Sprint("P-", n)).Shopper) + "/invitation", ""}
	},
	"eraseShopper": func(s *shop, n int) request {
		var id ident.Shopper
		s.w.Do(s.id, func(tx *flow.Tx) (err error) {
			id, err = shopper.Register(tx, s.id, shopper.NewShopper{Email: fmt.Sprintf("parti-%d@example.org", n), Locale: lang.French})
			return err
		})
		return request{"/api/v1/shoppers/" + string(id), ""}
	},
	"withdrawConsent": func(s *shop, n int) request {
		return request{"/api/v1/shoppers/" + string(s.order(fmt.Sprint("P-", n)).Shopper) + "/consent", ""}
	},
	"bounce": func(s *shop, n int) request {
		return request{"/api/v1/bounces", fmt.Sprintf(`{"message_id":%q,"kind":"soft"}`, s.sentMessage(s.order(fmt.Sprint("P-", n))))}
	},
})

func both(a, b map[string]ask) map[string]ask {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

func plain(path, body string) ask { return func(*shop, int) request { return request{path, body} } }

func onOrder(path, body string) ask {
	return func(s *shop, n int) request {
		return request{"/api/v1/orders/" + string(s.order(fmt.Sprint("P-", n)).ID) + path, body}
	}
}

// unknown is the same request about a thing that nobody has: each id in it with
// other random bits.
func (r request) unknown() (request, bool) {
	change := func(s string) string {
		for _, prefix := range []string{
			"ord_", "par_", "com_", "key_", "grt_", "shp_", "srv_",
			"ret_", "dec_", "dsp_", "wdr_", "rfd_", "blb_", "ept_", "dlv_", "cnv_", "inc_", "connections/con_",
		} {
			if at := strings.Index(s, prefix); at >= 0 {
				return s[:at+len(prefix)] + strings.Repeat("z", 26) + s[at+len(prefix)+26:]
			}
		}
		return s
	}
	out := request{change(r.path), r.body}
	return out, out != r
}

// The matrix: every route, every set of permissions, something of one's own, of
// somebody else, of nobody; and without a key that opens. Generated from the
// registry, so a new route is in it or fails it.
func TestEveryRouteAnswersWhomItShould(t *testing.T) {
	w := open(t)
	mine, other := w.shop(), w.shop()
	_, networkKeys := w.organisation(merchant.Network)
	mine.keys[merchant.Operator] = networkKeys[merchant.Operator]
	revoked := w.revokedKey(mine)
	n := 0
	for _, r := range w.api.Routes() {
		ask, ok := asks[r.ID]
		if !ok {
			t.Errorf("%s %s (%s) is not in the matrix", r.Method, r.Path, r.ID)
			continue
		}
		row := row{t: t, w: w, r: r, ask: ask, mine: mine, own: ask(mine, n+1), foreign: ask(other, n+2)}
		row.foreign.body = row.own.body
		n += 2
		for _, secret := range []string{"", "sk_nobody", revoked} {
			n++
			row.unsigned(secret, n)
		}
		for _, set := range merchant.Sets() {
			n++
			row.check(set, n)
		}
	}
	if n < 9*len(w.api.Routes()) {
		t.Errorf("only %d cells", n)
	}
}

func (w *world) revokedKey(s *shop) (secret string) {
	w.Do(s.id, func(tx *flow.Tx) error {
		id, out, err := merchant.IssueKey(tx, s.id, merchant.NewKey{Set: merchant.Owner, Label: "perdue"})
		secret = out
		if err != nil {
			return err
		}
		return merchant.RevokeKey(tx, s.id, id)
	})
	return secret
}

// try makes a request, under a key of its own where the route takes one.
func (c caller) try(r Route, q request, n int) *httptest.ResponseRecorder {
	if r.Key == KeyRequired {
		c = c.saying(keyHeader, fmt.Sprint("matrix-", n))
	}
	return c.call(r.Method, q.path, q.body)
}

// row is one route with a request of the shop and one that names what is
// another's: whoever is refused changes neither.
type row struct {
	t            *testing.T
	w            *world
	r            Route
	ask          ask
	mine         *shop
	own, foreign request
}

// unsigned is the route for a key that opens nothing.
func (c row) unsigned(secret string, n int) {
	c.t.Helper()
	own, want := c.own, 401
	if c.r.Access == Public {
		own, want = c.ask(c.mine, n), c.r.Status
	}
	if got := c.w.with(secret).try(c.r, own, n).Code; got != want {
		c.t.Errorf("%s %s with key %q: %d, want %d", c.r.Method, own.path, secret, got, want)
	}
}

// check is the route for one set.
func (c row) check(set merchant.Set, n int) {
	c.t.Helper()
	allowed := c.r.Access == Public || c.r.Access == AnyKey && set != merchant.Browser || set.Allows(merchant.Permission(c.r.Access))
	as, own := c.mine.as(set), c.own
	switch {
	case set == merchant.Operator: // of a network, for which everything of a shop is foreign
		own = c.foreign
	case allowed:
		own = c.ask(c.mine, n)
	}
	switch answer := as.try(c.r, own, n); {
	case !allowed && answer.Code != 403:
		c.t.Errorf("%s %s as %s: %d, want 403: %s", c.r.Method, c.r.Path, set, answer.Code, answer.Body)
	case allowed && answer.Code != c.r.Status:
		c.t.Errorf("%s %s as %s: %d, want %d: %s", c.r.Method, c.r.Path, set, answer.Code, c.r.Status, answer.Body)
	}
	nobody, named := own.unknown()
	if !named || !allowed {
		return
	}
	// What is somebody else's answers like what is nobody's, to the letter.
	theirs, gone := as.try(c.r, c.foreign, n+1_000_000), as.try(c.r, nobody, n+2_000_000)
	if theirs.Code != 404 || gone.Code != 404 || theirs.Body.String() != gone.Body.String() {
		c.t.Errorf("%s %s as %s: foreign %d %s, unknown %d %s", c.r.Method, c.r.Path, set, theirs.Code, theirs.Body, gone.Code, gone.Body)
	}
}

// Ids of others inside a body are as unknown as those of nobody.
func TestABodyCanNotNameWhatIsAnothers(t *testing.T) {
	w := open(t)
	mine, other := w.shop(), w.shop()
	order, theirs := mine.order("E-1"), other.order("E-1")
	owner := mine.as(merchant.Owner)
	nobody := func(id string) string { return id[:4] + strings.Repeat("z", 26) }
	for _, c := range []struct{ law, method, path, body, foreign string }{
		{"a parcel by another's carrier", "POST", "/api/v1/orders/" + string(order.ID) + "/parcels", `{"carrier":%q,"number":"A"}`, string(other.carrier.ID)},
		{"a parcel by another's service", "POST", "/api/v1/orders/" + string(order.ID) + "/parcels", `{"carrier":"` + string(mine.carrier.ID) + `","number":"E","service":%q}`, string(other.service.ID)},
		{"a leg of another's carrier", "POST", "/api/v1/parcels/" + string(mine.parcel(order, "B").ID) + "/legs", `{"carrier":%q,"number":"C"}`, string(other.carrier.ID)},
		{"a service of another's carrier", "POST", "/api/v1/services", strings.Replace(mine.serviceBody(), fmt.Sprintf("%q", mine.carrier.ID), "%q", 1), string(other.carrier.ID)},
		{"a carrier's key for another's carrier", "POST", "/api/v1/keys", `{"set":"carrier","carrier":%q,"label":"x"}`, string(other.carrier.ID)},
		{"another's stock point", "POST", "/api/v1/stock-points", strings.Replace(stockPoint, "{", `{"id":%q,`, 1), string(other.stock.ID)},
		{"another's connection", "POST", "/api/v1/connections", `{"id":%q,"adapter":"simulated","name":"x","zone":"Europe/Paris"}`, string(other.carrier.ID)},
		{"another's service", "POST", "/api/v1/services", strings.Replace(mine.serviceBody(), "{", `{"id":%q,`, 1), string(other.service.ID)},
		{"another's line", "POST", "/api/v1/orders/" + string(order.ID) + "/parcels", `{"carrier":"` + string(mine.carrier.ID) + `","number":"D","units":[{"line":%q,"units":1}]}`, lineOf(other, theirs)},
		{"a grant to a merchant", "POST", "/api/v1/grants", `{"grantee":%q,"scope":"read_reports"}`, string(other.id)},
	} {
		foreign := owner.call(c.method, c.path, fmt.Sprintf(c.body, c.foreign))
		unknown := owner.call(c.method, c.path, fmt.Sprintf(c.body, nobody(c.foreign)))
		told := strings.ReplaceAll(foreign.Body.String(), c.foreign, nobody(c.foreign))
		if foreign.Code < 400 || foreign.Code >= 500 || foreign.Code != unknown.Code || told != unknown.Body.String() {
			t.Errorf("%s: %d %s, of nobody: %d %s", c.law, foreign.Code, foreign.Body, unknown.Code, unknown.Body)
		}
	}
}

func lineOf(s *shop, o Order) string {
	var d OrderDetail
	s.as(merchant.Owner).must(200, "GET", "/api/v1/orders/"+string(o.ID), "", &d)
	return string(d.Lines[0].ID)
}

func TestACarriersKeySpeaksForItsConnectionOnly(t *testing.T) {
	w := open(t)
	s := w.shop()
	var second Connection
	s.as(merchant.Owner).must(201, "POST", "/api/v1/connections", `{"adapter":"simulated","name":"Vélo","zone":"Europe/Paris"}`, &second)
	body := `{"events":[{"tracking_number":"X","status":"in_transit","occurred_at":"2026-03-02T08:00:00Z"}]}`
	s.as(merchant.Carrier).refused(403, "POST", "/api/v1/events?carrier="+string(second.ID), body)
	s.as(merchant.Carrier).must(202, "POST", "/api/v1/events", body, nil)
	if p := s.as(merchant.Developer).refused(422, "POST", "/api/v1/events", body); p.Errors[0].Field != "carrier" {
		t.Errorf("a developer who names no carrier: %+v", p)
	}
}

// A route that says nothing about who may use it stops the program.
func TestARouteMustSayWhoMayUseIt(t *testing.T) {
	for _, r := range []Route{
		read(get("/x", "", "x", "x", "x"), me),
		read(get("/x", "everything", "x", "x", "x"), me),
		get("/x", Public, "x", "x", "x"),
	} {
		if r.check() == nil {
			t.Errorf("%+v passes", r.Access)
		}
	}
}

func TestWrongKeysAreSlowedDown(t *testing.T) {
	w := open(t)
	s := w.shop()
	from := func(address, secret string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", "/api/v1/me", nil)
		r.RemoteAddr = address
		r.Header.Set("Authorization", "Bearer "+secret)
		out := httptest.NewRecorder()
		w.api.ServeHTTP(out, r)
		return out
	}
	for i := range burst {
		if got := from("192.0.2.1:1", "sk_wrong").Code; got != 401 {
			t.Fatalf("try %d: %d", i, got)
		}
	}
	tired := from("192.0.2.1:2", "sk_wrong")
	if tired.Code != 429 || tired.Header().Get("Retry-After") != "3" {
		t.Errorf("one too many: %d, Retry-After %q", tired.Code, tired.Header().Get("Retry-After"))
	}
	if got := from("192.0.2.1:3", s.keys[merchant.Owner]).Code; got != 200 {
		t.Errorf("a right key from there: %d", got)
	}
	if got := from("192.0.2.2:1", "sk_wrong").Code; got != 401 {
		t.Errorf("from elsewhere: %d", got)
	}
	w.Pass(refill)
	if got := from("192.0.2.1:4", "sk_wrong").Code; got != 401 {
		t.Errorf("a while later: %d", got)
	}
	for i := range burst {
		from(fmt.Sprintf("[2001:db8::%x]:1", i+1), "sk_wrong")
	}
	if got := from("[2001:db8::ffff]:1", "sk_wrong").Code; got != 429 {
		t.Errorf("the same /64: %d", got)
	}
}

// Behind a proxy every caller has its own tries, and none can borrow another's
// by writing an address of its own into the header.
func TestAProxyWeTrustSaysWhoCalls(t *testing.T) {
	w := open(t)
	w.api.proxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, c := range []struct {
		law, remote string
		forwarded   []string
		want        string
	}{
		{"no proxy at all", "192.0.2.1:4711", nil, "192.0.2.1"},
		{"a stranger says who it speaks for", "192.0.2.1:4711", []string{"198.51.100.7"}, "192.0.2.1"},
		{"a proxy", "10.0.0.1:4711", []string{"198.51.100.7"}, "198.51.100.7"},
		{"a proxy that says nothing", "10.0.0.1:4711", nil, "10.0.0.1"},
		{"a caller that made up whom it speaks for", "10.0.0.1:4711", []string{"203.0.113.9, 198.51.100.7"}, "198.51.100.7"},
		{"two proxies", "10.0.0.1:4711", []string{"198.51.100.7, 10.2.3.4"}, "198.51.100.7"},
		{"each in a header of its own", "10.0.0.1:4711", []string{"203.0.113.9", "198.51.100.7", "10.2.3.4"}, "198.51.100.7"},
		{"a caller that calls itself a proxy", "10.0.0.1:4711", []string{"203.0.113.9,10.9.9.9,198.51.100.7"}, "198.51.100.7"},
		{"an address with its port", "10.0.0.1:4711", []string{"198.51.100.7:50412"}, "198.51.100.7"},
		{"IPv6 with its port", "[fd00::1]:4711", []string{"[2001:db8::7]:50412"}, "2001:db8::7"},
		{"IPv4 as IPv6 writes it", "[::ffff:10.0.0.1]:4711", []string{"::ffff:198.51.100.7"}, "198.51.100.7"},
		{"not an address", "10.0.0.1:4711", []string{"198.51.100.7, unknown"}, "10.0.0.1"},
		{"all of it within", "10.0.0.1:4711", []string{"10.1.1.1, 10.2.2.2"}, "10.1.1.1"},
	} {
		r := httptest.NewRequest("GET", "/api/v1/me", nil)
		r.RemoteAddr = c.remote
		r.Header["X-Forwarded-For"] = c.forwarded
		got := w.api.caller(humago.NewContext(&huma.Operation{}, r, httptest.NewRecorder()))
		if got != netip.MustParseAddr(c.want) {
			t.Errorf("%s: %s, want %s", c.law, got, c.want)
		}
	}
}
