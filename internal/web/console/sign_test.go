package console_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/console"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

func (o *office) ask(email string, headers ...string) webtest.Answer {
	o.T.Helper()
	return webtest.Post(o.T, o.door, "/console/sign-in", url.Values{"email": {email}}.Encode(), headers...)
}

// cookie is what the answer sets, whole and as a browser sends it back.
func cookie(t *testing.T, a webtest.Answer) (whole, sent string) {
	t.Helper()
	whole = a.Header.Get("Set-Cookie")
	sent, _, _ = strings.Cut(whole, ";")
	return whole, sent
}

func TestSigningIn(t *testing.T) {
	o := open(t)
	o.hire(o.ID, "sam@signingin.example", merchant.Agent)
	goes(t, webtest.Get(t, o.door, "/console/orders"), "/console/sign-in")
	must(t, webtest.Get(t, o.door, "/console/sign-in"), 200)
	must(t, o.ask("SAM@signingin.example", "Accept-Language", "en"), 200)
	path := o.link()
	l := o.letters[0]
	if l.To != "sam@signingin.example" || l.Locale != lang.English || !strings.Contains(l.HTML, base+path) || l.Subject == "" || !strings.HasSuffix(l.MessageID, "@suivi.example") {
		t.Errorf("the letter: %+v", l)
	}

	for range 3 { // programs that scan letters open links
		a := must(t, webtest.Get(t, o.door, path), 200)
		if a.Header.Get("Set-Cookie") != "" || a.One("form button") != "Entrer chez Épicerie Bellecour" {
			t.Fatalf("opening the link: %q, cookie %q", a.All("form button"), a.Header.Get("Set-Cookie"))
		}
		if a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("the link may be kept or passed on: %v", a.Header)
		}
	}
	in := webtest.Post(t, o.door, path, url.Values{"shop": {string(o.ID)}}.Encode())
	goes(t, in, "/console/")
	whole, sent := cookie(t, in)
	for _, part := range []string{"Path=/console", "HttpOnly", "Secure", "SameSite=Lax", "Max-Age=604800"} {
		if !strings.Contains(whole, part) {
			t.Errorf("the cookie %q lacks %s", whole, part)
		}
	}
	if got := must(t, webtest.Get(t, o.door, "/console/", "Cookie", sent), 200).One("h1"); got != "Bonjour Sam" {
		t.Errorf("inside: %q", got)
	}
	must(t, webtest.Get(t, o.door, path), 404)
	must(t, webtest.Post(t, o.door, path, url.Values{"shop": {string(o.ID)}}.Encode()), 404)

	out := webtest.Post(t, o.door, "/console/account/leave", "", "Cookie", sent)
	goes(t, out, "/console/sign-in")
	if whole, _ := cookie(t, out); !strings.Contains(whole, "Max-Age=0") {
		t.Errorf("signed out with %q", whole)
	}
	goes(t, webtest.Get(t, o.door, "/console/", "Cookie", sent), "/console/sign-in")
}

// What is answered about an address is the same for every address, and so is what
// is done before the answer.
func TestTheDoorDoesNotTellWhoWorksHere(t *testing.T) {
	o := open(t)
	o.hire(o.ID, "sam@thedoordoesnottellwhoworkshere.example", merchant.Agent)
	known, unknown := o.ask("sam@thedoordoesnottellwhoworkshere.example"), o.ask("kim@thedoordoesnottellwhoworkshere.example")
	if strings.ReplaceAll(known.Body, "sam@", "kim@") != unknown.Body || known.Status != unknown.Status {
		t.Errorf("known: %s\nunknown: %s", known.Body, unknown.Body)
	}
	o.See(func(tx *db.Tx) error {
		waiting, err := db.All(tx, `select body from flow_errand where merchant = $1 and kind = 'console.SendSignIn' and state = 'ready'`, db.Scalar[string], "")
		if len(waiting) != 2 || strings.Contains(strings.Join(waiting, ""), ".example") {
			t.Errorf("queued: %q", waiting)
		}
		return err
	})
	o.Quiet()
	if len(o.letters) != 1 {
		t.Errorf("%d letters left", len(o.letters))
	}
	for range 10 {
		o.ask("sam@thedoordoesnottellwhoworkshere.example", "X-Forwarded-For", "192.0.2.9")
	}
	sixth := o.ask("sam@thedoordoesnottellwhoworkshere.example")
	if sixth.Status != 429 && sixth.Body != known.Body {
		t.Errorf("one too many is told apart: %d %s", sixth.Status, sixth.Body)
	}
	o.Quiet()
	if len(o.letters) > 5 {
		t.Errorf("%d letters to one address", len(o.letters))
	}
}

func TestWhatIsNoAddressIsSaidBesideTheField(t *testing.T) {
	o := open(t)
	a := must(t, o.ask("sam"), 422)
	if got := a.One("p.wrong"); !strings.Contains(got, "camille@exemple.fr") {
		t.Errorf("%q", got)
	}
	if got := a.Attributes("input", "aria-describedby"); len(got) != 1 || !strings.Contains(got[0], "email-fault") {
		t.Errorf("linked by %q", got)
	}
	if got := a.Attributes("input", "value"); got[0] != "sam" {
		t.Errorf("typed %q", got)
	}
	must(t, o.ask(strings.Repeat("🍊", 5000)+"@whatisnoaddressissaidbesidethefield.example"), 422)
	must(t, o.ask(""), 422)
}

func TestAskingTooOftenMustWait(t *testing.T) {
	o := open(t)
	for i := range 10 {
		if got := o.ask("sam@askingtoooftenmustwait.example").Status; got != 200 {
			t.Fatalf("try %d: %d", i, got)
		}
	}
	must(t, o.ask("kim@askingtoooftenmustwait.example"), 429)
	o.Pass(time.Minute)
	must(t, o.ask("kim@askingtoooftenmustwait.example"), 200)
}

// Somebody who works for several shops chooses, and can go from one to the other.
func TestWorkingForTwoShops(t *testing.T) {
	o := open(t)
	other := o.second()
	o.hire(o.ID, "sam@workingfortwoshops.example", merchant.Agent)
	o.hire(other, "sam@workingfortwoshops.example", merchant.Viewer)
	o.ask("sam@workingfortwoshops.example")
	path := o.link()
	if got := strings.Join(webtest.Get(t, o.door, path).All("form button"), "; "); got != "Entrer chez Épicerie Bellecour; Entrer chez Volt" {
		t.Errorf("to choose from: %s", got)
	}
	in := webtest.Post(t, o.door, path, url.Values{"shop": {string(other)}}.Encode())
	goes(t, in, "/console/")
	_, sent := cookie(t, in)
	account := must(t, webtest.Get(t, o.door, "/console/account", "Cookie", sent), 200)
	if got := account.One("p.brand"); got != "Volt" {
		t.Errorf("at %q", got)
	}
	over := webtest.Post(t, o.door, "/console/account/shop", url.Values{"shop": {string(o.ID)}}.Encode(), "Cookie", sent)
	goes(t, over, "/console/")
	_, now := cookie(t, over)
	if got := webtest.Get(t, o.door, "/console/account", "Cookie", now).One("p.brand"); got != "Épicerie Bellecour" {
		t.Errorf("gone to %q", got)
	}
	goes(t, webtest.Get(t, o.door, "/console/", "Cookie", sent), "/console/sign-in") // the old session is over
	o.hire(other, "kim@workingfortwoshops.example", merchant.Owner)
	must(t, webtest.Post(t, o.door, "/console/account/shop", url.Values{"shop": {string(o.Merchant())}}.Encode(), "Cookie", now), 404)
}

// second opens another shop of the installation.
func (o *office) second() (m ident.Merchant) {
	o.T.Helper()
	err := o.Write(context.Background(), "test", nil, func(tx *flow.Tx) error {
		org, err := merchant.Create(tx, merchant.NewOrganisation{
			Kind: merchant.Merchant, Name: "Volt", Country: "FR", Zone: "Europe/Paris", Locale: lang.French, Currency: money.EUR,
		})
		m = org.ID
		return err
	})
	if err != nil {
		o.T.Fatal(err)
	}
	return m
}

func TestALetterThatNobodyTakes(t *testing.T) {
	o := open(t)
	o.hire(o.ID, "sam@aletterthatnobodytakes.example", merchant.Agent)
	o.refuse = notify.Refused{Reason: "smtp_550", Err: context.DeadlineExceeded}
	o.ask("sam@aletterthatnobodytakes.example")
	o.Quiet()
	parked := o.parkedErrand()
	if parked == "" {
		t.Fatal("nothing is parked")
	}
	o.refuse = nil
	o.Pass(merchant.SignInLife)
	if _, err := o.Ready(context.Background(), flow.Installation, "", parked); err != nil {
		t.Fatal(err)
	}
	o.Quiet()
	if len(o.letters) != 0 {
		t.Error("a link that is over was sent")
	}
}

// parkedErrand is a letter with a link that nobody took.
func (o *office) parkedErrand() (id ident.Errand) {
	o.T.Helper()
	o.See(func(tx *db.Tx) error {
		parked, err := flow.ParkedErrands(tx, 1000)
		for _, e := range parked {
			if e.Kind == "console.SendSignIn" {
				id = e.ID
			}
		}
		return err
	})
	return id
}

// The session's note of the last click is written anew now and then; the click
// itself never fails for it.
func TestClickingKeepsOneSignedIn(t *testing.T) {
	o := open(t)
	sent := o.SignIn(merchant.Agent)
	for range 15 { // not yet seven days
		o.Pass(11 * time.Hour)
		must(t, webtest.Get(t, o.door, "/console/account", "Cookie", sent), 200)
	}
	o.Pass(12 * time.Hour)
	goes(t, webtest.Get(t, o.door, "/console/account", "Cookie", sent), "/console/sign-in")
}

func TestCookiesThatAreNoSession(t *testing.T) {
	o := open(t)
	for _, sent := range []string{"promesse_console=", "promesse_console=guess", "promesse_console=" + strings.Repeat("x", 9000), "other=1"} {
		goes(t, webtest.Get(t, o.door, "/console/", "Cookie", sent), "/console/sign-in")
	}
}

// The demo's doors open with one click, on this machine alone; in service there
// are none.
func TestGuestsSitAtThisMachine(t *testing.T) {
	guests := open(t, func(c *console.Config) { c.Guests = true })
	guests.hire(guests.ID, "sam@guestssitatthismachine.example", merchant.Agent)
	knock := func(set merchant.Set, remote, host string) *httptest.ResponseRecorder {
		form := url.Values{"shop": {string(guests.ID)}, "set": {string(set)}, "to": {"/console/orders"}}
		r := httptest.NewRequest(http.MethodPost, "/console/guest", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.RemoteAddr, r.Host = remote, host
		out := httptest.NewRecorder()
		guests.door.ServeHTTP(out, r)
		return out
	}
	if in := knock(merchant.Agent, "127.0.0.1:4711", "localhost:8080"); in.Code != 303 || in.Header().Get("Location") != "/console/orders" || in.Header().Get("Set-Cookie") == "" {
		t.Errorf("at this machine: %d %v", in.Code, in.Header())
	}
	for law, out := range map[string]*httptest.ResponseRecorder{
		"from the network":            knock(merchant.Agent, "192.0.2.1:4711", "localhost:8080"),
		"under a foreign name":        knock(merchant.Agent, "127.0.0.1:4711", "demo.example"),
		"as somebody who is not here": knock(merchant.Owner, "127.0.0.1:4711", "localhost:8080"),
	} {
		if out.Code == 303 || out.Header().Get("Set-Cookie") != "" {
			t.Errorf("%s: %d %v", law, out.Code, out.Header())
		}
	}
	service := open(t)
	must(t, webtest.Post(t, service.door, "/console/guest", ""), 404)
}
