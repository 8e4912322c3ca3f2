package shopper_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/gsm"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	people "github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/shopper"
	"github.com/promesse-dev/promesse/internal/web/ui"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

// spaces is a door with spaces, a shop behind it, and a mail server that keeps letters.
type spaces struct {
	*webtest.Shop
	mailbox string // of whoever buys: no other test's, for tests may share a database
	door    *ui.Door
	letters []notify.Letter
	texts   []notify.Letter // by SMS
	invited []string        // addresses by which shops asked for consent
}

func openSpaces(t *testing.T) *spaces {
	t.Helper()
	s := &spaces{Shop: webtest.Open(t), mailbox: strings.ToLower(t.Name()) + "@example.com"}
	v, err := vault.New(bytes.Repeat([]byte{7}, vault.Size))
	if err != nil {
		t.Fatal(err)
	}
	c := shopper.Config{Flow: s.Flow, Base: "https://suivi.example", Vault: v, Link: s.Desk.Link, Texts: true}
	c.Invite = func(_ *flow.Tx, _ ident.Merchant, _ ident.Shopper, address string) error {
		s.invited = append(s.invited, address)
		return nil
	}
	if s.door, err = shopper.New(c); err != nil {
		t.Fatal(err)
	}
	s.Handle(shopper.Errand(c, notify.Channels{notify.Email: func(_ context.Context, l notify.Letter) error {
		if strings.HasSuffix(strings.ToLower(l.To), s.mailbox) { // tests may share a database, and its work
			s.letters = append(s.letters, l)
		}
		return nil
	}, notify.SMS: func(_ context.Context, l notify.Letter) error {
		s.texts = append(s.texts, l)
		return nil
	}}, "suivi.example"))
	return s
}

// consents links the shopper of an order.
func (s *spaces) consents(of *webtest.Shop, who ident.Shopper) {
	s.T.Helper()
	s.Do(of.ID, func(tx *flow.Tx) error {
		link, err := people.Invite(tx, of.ID, who)
		if err != nil {
			return err
		}
		_, _, _, err = people.Confirm(tx, link, "J'accepte.")
		return err
	})
}

func (s *spaces) ask(email string) webtest.Answer {
	s.T.Helper()
	return webtest.Post(s.T, s.door, "/espace/entrer", url.Values{"email": {email}}.Encode())
}

// mailed is the path in the last letter.
func (s *spaces) mailed() string {
	s.T.Helper()
	s.Quiet()
	if len(s.letters) == 0 {
		s.T.Fatal("no letter left")
	}
	_, rest, _ := strings.Cut(s.letters[len(s.letters)-1].Text, "https://suivi.example")
	path, _, _ := strings.Cut(rest, "\n")
	return path
}

// enter signs in and gives the cookie as a browser sends it back.
func (s *spaces) enter() string {
	s.T.Helper()
	s.ask(s.mailbox)
	in := webtest.Post(s.T, s.door, s.mailed(), "")
	if in.Status != http.StatusSeeOther || in.Header.Get("Location") != "/espace" {
		s.T.Fatalf("%d %s", in.Status, in.Body)
	}
	sent, _, _ := strings.Cut(in.Header.Get("Set-Cookie"), ";")
	return sent
}

func TestAMailedLinkOpensASpaceOnce(t *testing.T) {
	s := openSpaces(t)
	sold := s.Order("E-1", webtest.Sale{Email: s.mailbox})
	s.consents(s.Shop, sold.Order.Shopper)
	if a := webtest.Get(t, s.door, "/espace"); a.Header.Get("Location") != "/espace/entrer" {
		t.Fatalf("a stranger is shown %d %s", a.Status, a.Body)
	}
	s.ask(" " + strings.ToUpper(s.mailbox) + " ")
	path := s.mailed()
	if l := s.letters[0]; l.To != s.mailbox || strings.Contains(l.Text+l.HTML, "Épicerie") {
		t.Errorf("to %q: %s", l.To, l.Text)
	}
	for range 3 { // programs that scan letters open links
		a := webtest.Get(t, s.door, path)
		if a.Status != 200 || a.Header.Get("Set-Cookie") != "" || a.One("form button") != "Entrer dans mon espace" || strings.Contains(a.Body, s.mailbox) {
			t.Fatalf("opening the link: %d %s", a.Status, a.Body)
		}
		if a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("the link may be kept or passed on: %v", a.Header)
		}
	}
	in := webtest.Post(t, s.door, path, "")
	whole := in.Header.Get("Set-Cookie")
	for _, part := range []string{"Path=/espace", "HttpOnly", "Secure", "SameSite=Lax", "Max-Age=2592000"} {
		if !strings.Contains(whole, part) {
			t.Errorf("the cookie %q lacks %s", whole, part)
		}
	}
	sent, _, _ := strings.Cut(whole, ";")
	home := webtest.Get(t, s.door, "/espace", "Cookie", sent)
	says(t, "the space", home.One("main"), "Épicerie Bellecour")
	says(t, "the space", home.One("main"), "Arrive")
	for _, again := range []webtest.Answer{webtest.Get(t, s.door, path), webtest.Post(t, s.door, path, "")} {
		if again.Status != 404 || again.One("h1") != "Ce lien n'ouvre plus rien" || again.Header.Get("Set-Cookie") != "" {
			t.Errorf("a second time: %d %s", again.Status, again.One("main"))
		}
	}
}

// What is answered about an address is the same for every address, and so is what
// is done before the answer.
func TestTheDoorOfSpacesDoesNotTellWhoBuys(t *testing.T) {
	s := openSpaces(t)
	s.Order("E-1", webtest.Sale{Email: s.mailbox})
	known, unknown := s.ask(s.mailbox), s.ask("dominique@example.com")
	if strings.ReplaceAll(known.Body, s.mailbox, "dominique@example.com") != unknown.Body || known.Status != unknown.Status {
		t.Errorf("known: %s\nunknown: %s", known.Body, unknown.Body)
	}
	s.Quiet()
	if len(s.letters) != 1 {
		t.Errorf("%d letters left", len(s.letters))
	}
	for range 9 {
		s.ask(s.mailbox)
	}
	if late := s.ask(s.mailbox); late.Status != 429 {
		t.Errorf("the eleventh in a minute: %d", late.Status)
	}
	s.Quiet()
	if len(s.letters) > 5 {
		t.Errorf("%d letters to one address", len(s.letters))
	}
}

func TestLinksToSpacesThatOpenNothing(t *testing.T) {
	s := openSpaces(t)
	s.Order("E-1", webtest.Sale{Email: s.mailbox})
	s.ask(s.mailbox)
	path := s.mailed()
	s.Pass(people.SignInLife)
	for name, p := range map[string]string{"a quarter of an hour old": path, "guessed": "/espace/entrer/0000000000000000000000", "far too long": "/espace/entrer/" + strings.Repeat("a", 300)} {
		if a := webtest.Post(t, s.door, p, ""); a.Status != 404 || a.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %d", name, a.Status)
		}
	}
	for _, typed := range []string{"", "camille", "camille@example.com\r\nBcc: eve@example.com", "camille@example.com,eve@example.com", strings.Repeat("a", 5000) + "@example.com"} {
		if a := s.ask(typed); a.Status != 422 || len(a.All("p.wrong")) != 1 {
			t.Errorf("%.40q: %d", typed, a.Status)
		}
	}
	s.Quiet()
	if len(s.letters) != 1 {
		t.Errorf("%d letters", len(s.letters))
	}
	cross := webtest.Post(t, s.door, "/espace/entrer", "email="+s.mailbox, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example")
	if cross.Status != 403 {
		t.Errorf("asked by another site: %d", cross.Status)
	}
}

// A shop is in the space once its shopper consented, and its orders leave with the consent.
func TestASpaceHoldsTheShopsThatWereConsentedTo(t *testing.T) {
	s := openSpaces(t)
	other := s.Another("Papeterie Ainay")
	first, second := s.Order("E-1", webtest.Sale{Email: s.mailbox}), other.Order("P-1", webtest.Sale{Email: s.mailbox})
	s.consents(s.Shop, first.Order.Shopper)
	session := s.enter()
	see := func() string {
		t.Helper()
		return webtest.Get(t, s.door, "/espace", "Cookie", session).One("main")
	}
	if got := see(); !strings.Contains(got, "E-1") || strings.Contains(got, "P-1") || strings.Contains(got, "Ainay") {
		t.Fatalf("one consent: %s", got)
	}
	if a := webtest.Get(t, s.door, "/espace/commande/"+string(second.Order.ID), "Cookie", session); a.Status != 404 {
		t.Errorf("an order of a shop without consent: %d", a.Status)
	}
	for range 3 {
		a := webtest.Post(t, s.door, "/espace/boutiques", "", "Cookie", session)
		if a.Header.Get("Location") != "/espace?note=demande" {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	if len(s.invited)%len(slicesUnique(s.invited)) != 0 || len(slicesUnique(s.invited)) > 2 { // a write may run twice
		t.Fatalf("asked by %q", s.invited)
	}
	path, _ := strings.CutPrefix(s.invited[len(s.invited)-1], "https://suivi.example")
	done := webtest.Post(t, s.door, path, "locale=fr")
	if got := done.Attributes("a.button", "href"); len(got) != 1 || got[0] != "/espace" {
		t.Errorf("after consenting: %q", got)
	}
	if got := see(); !strings.Contains(got, "E-1") || !strings.Contains(got, "P-1") {
		t.Fatalf("both: %s", got)
	}
	s.Do(s.ID, func(tx *flow.Tx) error { return people.Unlink(tx, s.ID, first.Order.Shopper) })
	if got := see(); strings.Contains(got, "E-1") {
		t.Fatalf("taken back: %s", got)
	}
	// What a shop is told of it names no other shop.
	s.See(func(tx *db.Tx) error {
		all, err := flow.Timeline(tx, s.ID, string(first.Order.Shopper))
		seen := false
		for _, f := range all {
			if in, ok := f.Body.(fact.ShopperSignedIn); ok {
				seen = in.Shopper == first.Order.Shopper
			}
		}
		if !seen {
			t.Error("the sign-in is no fact")
		}
		return err
	})
}

func slicesUnique(all []string) map[string]bool {
	m := map[string]bool{}
	for _, x := range all {
		m[x] = true
	}
	return m
}

// For half an hour after signing in, its holder acts without another code; then a
// code is asked for, as of whoever has the link.
func TestASpaceGivesTheHandForHalfAnHour(t *testing.T) {
	s := openSpaces(t)
	sold := s.Order("E-1", webtest.Sale{Email: s.mailbox})
	s.consents(s.Shop, sold.Order.Shopper)
	session := s.enter()
	open := func() (to, hand string) {
		t.Helper()
		a := webtest.Get(t, s.door, "/espace/commande/"+string(sold.Order.ID)+"?vers=messages", "Cookie", session)
		hand, _, _ = strings.Cut(a.Header.Get("Set-Cookie"), ";")
		return a.Header.Get("Location"), hand
	}
	s.Pass(20 * time.Minute)
	to, hand := open()
	if to != "/p/"+string(sold.Link)+"/messages" || hand == "" {
		t.Fatalf("to %q with %q", to, hand)
	}
	boxes := func() int { return len(webtest.Get(t, s.door, to, "Cookie", hand).All("a.button")) }
	if boxes() != 0 {
		t.Error("a code is asked for")
	}
	s.Pass(10 * time.Minute) // half an hour since signing in, ten minutes since opening
	if boxes() == 0 {
		t.Error("the hand outlives the half hour")
	}
	if _, hand := open(); hand != "" {
		t.Errorf("an old session gives %q", hand)
	}
	for _, vers := range []string{"https://evil.example", "../../console", "preuve", "retour/../.."} {
		a := webtest.Get(t, s.door, "/espace/commande/"+string(sold.Order.ID)+"?vers="+url.QueryEscape(vers), "Cookie", session)
		if got := a.Header.Get("Location"); got != "/p/"+string(sold.Link) {
			t.Errorf("%s leads to %q", vers, got)
		}
	}
}

func TestHowLongASpaceIsOpen(t *testing.T) {
	s := openSpaces(t)
	sold := s.Order("E-1", webtest.Sale{Email: s.mailbox})
	s.consents(s.Shop, sold.Order.Shopper)
	in := func(session string) bool {
		t.Helper()
		return webtest.Get(t, s.door, "/espace", "Cookie", session).Status == 200
	}
	here, there := s.enter(), s.enter()
	out := webtest.Post(t, s.door, "/espace/sortir", "", "Cookie", here)
	if out.Header.Get("Location") != "/espace/entrer" || !strings.Contains(out.Header.Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("left with %v", out.Header)
	}
	if in(here) || !in(there) {
		t.Error("leaving here ended the wrong session")
	}
	third := s.enter()
	webtest.Post(t, s.door, "/espace/sortir", "partout=1", "Cookie", there)
	if in(there) || in(third) {
		t.Error("leaving everywhere left a session")
	}
	kept := s.enter()
	for range 3 {
		s.Pass(people.SpaceIdle - time.Hour)
		if !in(kept) {
			t.Fatal("over within thirty days")
		}
	}
	s.Pass(people.SpaceIdle)
	if in(kept) {
		t.Error("open after thirty days without a visit")
	}
}

// A page holds ten orders, and those of another address never.
func TestASpaceIsPaged(t *testing.T) {
	s := openSpaces(t)
	var last ident.Shopper
	for _, r := range strings.Fields("A-01 A-02 A-03 A-04 A-05 A-06 A-07 A-08 A-09 A-10 A-11 A-12") {
		last = s.Order(r, webtest.Sale{Email: s.mailbox}).Order.Shopper
	}
	s.consents(s.Shop, last)
	session := s.enter()
	first := webtest.Get(t, s.door, "/espace", "Cookie", session)
	if got := first.All("a.button"); len(got) != 10 {
		t.Fatalf("%d orders", len(got))
	}
	older := ""
	for _, to := range first.Attributes("a.tap", "href") {
		if strings.Contains(to, "avant=") {
			older = to
		}
	}
	rest := webtest.Get(t, s.door, older, "Cookie", session).One("main")
	if !strings.Contains(rest, "A-01") || !strings.Contains(rest, "A-02") || strings.Contains(rest, "A-03") {
		t.Errorf("older: %s", rest)
	}
}

// signedIn is a shopper in their space.
func signedIn(t *testing.T) (s *spaces, who ident.Shopper, session string) {
	t.Helper()
	s = openSpaces(t)
	who = s.Order("E-1", webtest.Sale{Email: s.mailbox}).Order.Shopper
	s.consents(s.Shop, who)
	return s, who, s.enter()
}

func (s *spaces) post(session, path string, form url.Values) webtest.Answer {
	s.T.Helper()
	return webtest.Post(s.T, s.door, path, form.Encode(), "Cookie", session)
}

func (s *spaces) get(session, path string) webtest.Answer {
	s.T.Helper()
	return webtest.Get(s.T, s.door, path, "Cookie", session)
}

func (s *spaces) contact(who ident.Shopper) (c people.Contact) {
	s.T.Helper()
	s.See(func(tx *db.Tx) (err error) {
		c, err = people.Get(tx, s.ID, who)
		return err
	})
	return c
}

func TestWhatShopsKnowIsSaid(t *testing.T) {
	s, _, session := signedIn(t)
	page := s.get(session, "/espace/donnees")
	for _, want := range []string{"Épicerie Bellecour", "Camille Durand, 3 rue des Lilas, 69003 Lyon, FR", "« J'accepte. »", "Comment Épicerie Bellecour vous prévient"} {
		says(t, "the page", page.One("main"), want)
	}
}

// A consent is taken back by one button, without a code; its words and dates stay in sight.
func TestAConsentIsTakenBackAsEasilyAsItWasGiven(t *testing.T) {
	s, who, session := signedIn(t)
	s.Pass(people.SpaceFresh) // no longer fresh: it takes no code all the same
	a := s.post(session, "/espace/donnees/accord", url.Values{"shop": {string(s.ID)}})
	if a.Header.Get("Location") != "/espace/donnees?note=accord" || s.contact(who).Person != "" {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	page := s.get(session, "/espace/donnees").One("main")
	says(t, "the history", page, "« J'accepte. » Donné")
	says(t, "the history", page, "retiré")
	if strings.Contains(page, "Lilas") {
		t.Error("what the shop knows is still shown")
	}
	if a := s.post(session, "/espace/donnees/accord", url.Values{"shop": {string(s.ID)}}); a.Status != 404 {
		t.Errorf("a second time: %d", a.Status)
	}
	if a := s.post(session, "/espace/donnees/accord", url.Values{"shop": {"mer_other"}}); a.Status != 404 {
		t.Errorf("of another shop: %d", a.Status)
	}
}

// A mobile counts once the code that was sent there came back; the mailbox is told,
// and so is the number before, if it was proved.
func TestANumberIsProvedBeforeItCounts(t *testing.T) {
	s, who, session := signedIn(t)
	form := url.Values{"shop": {string(s.ID)}, "phone": {"06 39 98 00 12"}}
	if a := s.post(session, "/espace/donnees/telephone", form); a.Status != 200 || !strings.Contains(a.One("main"), "•• •• •• 12") {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	digits := s.texted("+33639980012")
	if got := s.contact(who).Phone; got != "" {
		t.Errorf("%q counts before it is proved", got)
	}
	for _, no := range []struct{ law, phone, code string }{
		{"another code", "06 39 98 00 12", strings.Map(func(r rune) rune { return '0' + (r-'0'+1)%10 }, digits)},
		{"the code of another number", "06 39 98 00 13", digits},
		{"none", "06 39 98 00 12", ""},
	} {
		if a := s.post(session, "/espace/donnees/telephone/code", url.Values{"shop": {string(s.ID)}, "phone": {no.phone}, "code": {no.code}}); a.Status != 422 || s.contact(who).Phone != "" {
			t.Errorf("%s: %d", no.law, a.Status)
		}
	}
	form.Set("code", digits)
	if a := s.post(session, "/espace/donnees/telephone/code", form); a.Header.Get("Location") != "/espace/donnees?note=telephone" || s.contact(who).Phone != "06 39 98 00 12" {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	s.Quiet()
	if l := s.letters[len(s.letters)-1]; l.To != s.mailbox || l.Subject != "Votre numéro de téléphone a changé" || strings.Contains(l.Text+l.HTML, "00 12") {
		t.Errorf("told: %q to %s", l.Subject, l.To)
	}
	before := len(s.texts)
	form = url.Values{"shop": {string(s.ID)}, "phone": {"06 39 98 00 14"}}
	s.post(session, "/espace/donnees/telephone", form)
	form.Set("code", s.texted("+33639980014"))
	s.post(session, "/espace/donnees/telephone/code", form)
	s.Quiet()
	if l := s.texts[len(s.texts)-1]; len(s.texts) != before+2 || l.To != "+33639980012" || !strings.Contains(l.Text, "un autre numéro remplace celui-ci") || gsm.Segments(l.Text) > 2 {
		t.Errorf("the number before was told: %d texts, %q to %s", len(s.texts)-before, l.Text, l.To)
	}
}

// What takes no SMS counts at once, and what is no number not at all.
func TestANumberThatTakesNoTextCountsAtOnce(t *testing.T) {
	s, who, session := signedIn(t)
	set := func(number string) webtest.Answer {
		return s.post(session, "/espace/donnees/telephone", url.Values{"shop": {string(s.ID)}, "phone": {number}})
	}
	for _, number := range []string{"04 72 00 00 12", "", "+33 4 72 00 00 13"} {
		if a := set(number); a.Header.Get("Location") != "/espace/donnees?note=telephone" || s.contact(who).Phone != number {
			t.Errorf("%q: %d %s", number, a.Status, s.contact(who).Phone)
		}
	}
	if s.Quiet(); len(s.texts) != 0 {
		t.Errorf("a number that nobody proved was told: %+v", s.texts)
	}
	for _, number := range []string{strings.Repeat("0", 41), "appelez-moi"} {
		if a := set(number); a.Status != 422 || len(a.All(".errors a")) != 1 {
			t.Errorf("%q: %d", number, a.Status)
		}
	}
	s.Do(s.ID, func(tx *flow.Tx) error { return notify.Stop(tx, s.ID, "+33639980015") })
	if a := set("06 39 98 00 15"); a.Status != 409 || len(s.texts) != 0 {
		t.Errorf("a number that said STOP: %d", a.Status)
	}
	s.Pass(people.SpaceFresh)
	for _, path := range []string{"/espace/donnees/telephone", "/espace/donnees/telephone/code"} {
		if a := s.post(session, path, url.Values{"shop": {string(s.ID)}, "phone": {"04 72 00 00 14"}}); a.Header.Get("Location") != "/espace/entrer?encore=1" {
			t.Errorf("an old session: %d to %s", a.Status, a.Header.Get("Location"))
		}
	}
}

// texted are the six digits of the last SMS, to a number.
func (s *spaces) texted(to string) string {
	s.T.Helper()
	s.Quiet()
	if len(s.texts) == 0 || s.texts[len(s.texts)-1].To != to {
		s.T.Fatalf("no text to %s: %+v", to, s.texts)
	}
	return regexp.MustCompile(`[0-9]{6}`).FindString(s.texts[len(s.texts)-1].Text)
}

// A new address counts once the link that was sent to it came back; then both are told.
func TestANewAddressIsProvedBeforeItCounts(t *testing.T) {
	s, who, session := signedIn(t)
	if a := s.post(session, "/espace/donnees/adresse", url.Values{"email": {"New-" + s.mailbox}}); a.Header.Get("Location") != "/espace/donnees?note=adresse" {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	path := s.mailed()
	if l := s.letters[len(s.letters)-1]; l.To != "New-"+s.mailbox || strings.Contains(l.Text, s.mailbox) {
		t.Errorf("to %s: %s", l.To, l.Text)
	}
	if got := webtest.Get(t, s.door, path); got.Status != 200 || s.contact(who).Email != s.mailbox {
		t.Fatalf("opening the link is taken for a yes: %d", got.Status)
	}
	done := webtest.Post(t, s.door, path, "")
	if got := s.contact(who); done.One("h1") != "Votre adresse est changée" || got.Email != "New-"+s.mailbox || got.Person == "" {
		t.Fatalf("%s: %+v", done.One("main"), got)
	}
	s.Quiet()
	told := map[string]bool{}
	for _, l := range s.letters {
		if l.Subject == "Votre adresse e-mail a changé" {
			told[l.To] = true
		}
	}
	if !told[s.mailbox] || !told["New-"+s.mailbox] || len(told) != 2 {
		t.Errorf("told: %v", told)
	}
	if a := s.get(session, "/espace"); a.Header.Get("Location") != "/espace/entrer" {
		t.Error("the old address is still signed in")
	}
	if again := webtest.Post(t, s.door, path, ""); again.Status != 404 {
		t.Errorf("a second time: %d", again.Status)
	}
	s.ask("new-" + s.mailbox)
	in := webtest.Post(t, s.door, s.mailed(), "")
	sent, _, _ := strings.Cut(in.Header.Get("Set-Cookie"), ";")
	says(t, "by the new address", s.get(sent, "/espace").One("main"), "E-1")
}

func TestAddressesThatCanNotBeTaken(t *testing.T) {
	s, who, session := signedIn(t)
	for _, typed := range []string{"", "camille", s.mailbox, " " + strings.ToUpper(s.mailbox), "a@b.example\r\nBcc: eve@example.com"} {
		if a := s.post(session, "/espace/donnees/adresse", url.Values{"email": {typed}}); a.Status != 422 || len(a.All(".errors a")) != 1 {
			t.Errorf("%q: %d", typed, a.Status)
		}
	}
	s.Do(s.ID, func(tx *flow.Tx) error { // another customer of the shop
		_, err := people.Register(tx, s.ID, people.NewShopper{Email: "taken-" + s.mailbox, Locale: "fr"})
		return err
	})
	s.post(session, "/espace/donnees/adresse", url.Values{"email": {"taken-" + s.mailbox}})
	done := webtest.Post(t, s.door, s.mailed(), "")
	if got := s.contact(who).Email; got != s.mailbox {
		t.Errorf("two customers became one: %s", got)
	}
	says(t, "the answer", done.One("main"), "elles gardent l'ancienne")
	session = s.enter()
	for i := range 4 {
		a := s.post(session, "/espace/donnees/adresse", url.Values{"email": {"other@example.com"}})
		if late := i >= 2; late != (a.Status == 429) { // one was sent above
			t.Errorf("letter %d: %d", i+2, a.Status)
		}
	}
	s.Pass(people.SpaceFresh)
	if a := s.post(session, "/espace/donnees/adresse", url.Values{"email": {"other@example.com"}}); a.Header.Get("Location") != "/espace/entrer?encore=1" {
		t.Errorf("an old session: %d", a.Status)
	}
}

// What is taken along holds all that the page says, of the shops consented to and of
// no other.
func TestAShopperTakesTheirDataAlong(t *testing.T) {
	s, who, session := signedIn(t)
	other := s.Another("Papeterie Ainay")
	other.Order("P-1", webtest.Sale{Email: s.mailbox})
	a := s.post(session, "/espace/export", nil)
	if a.Status != 200 || !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment") || a.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %v", a.Status, a.Header)
	}
	var got struct {
		Shops []struct {
			Shop, Email string
			Consents    []struct{ Words string }
			Orders      []struct {
				Reference string
				Articles  []struct{ Name string }
				Promises  []struct{ Owed string }
			}
		}
	}
	if err := json.Unmarshal([]byte(a.Body), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Shops) != 1 || got.Shops[0].Email != s.mailbox || len(got.Shops[0].Consents) != 1 || len(got.Shops[0].Orders) != 1 ||
		got.Shops[0].Orders[0].Reference != "E-1" || len(got.Shops[0].Orders[0].Articles) == 0 || len(got.Shops[0].Orders[0].Promises) == 0 {
		t.Errorf("%s", a.Body)
	}
	for _, want := range []string{"3 rue des Lilas", "Huile d'olive"} {
		if !strings.Contains(a.Body, want) {
			t.Errorf("without %q", want)
		}
	}
	s.See(func(tx *db.Tx) error {
		all, err := flow.Timeline(tx, s.ID, string(who))
		if n := len(all); n == 0 || all[n-1].Body.Kind() != "shopper.exported" {
			t.Error("it is no fact")
		}
		return err
	})
	s.Pass(people.SpaceFresh)
	if a := s.post(session, "/espace/export", nil); a.Header.Get("Location") != "/espace/entrer?encore=1" {
		t.Errorf("an old session: %d", a.Status)
	}
}
