package console_test

import (
	"bytes"
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/web/console"
	"github.com/promesse-dev/promesse/internal/web/ui"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

const base = "https://suivi.example"

// office is a shop with its console, and a mail server that keeps letters.
type office struct {
	*webtest.Shop
	config  console.Config
	door    *ui.Door
	letters []notify.Letter
	refuse  error // what the mail server answers
}

func open(t *testing.T, change ...func(*console.Config)) *office {
	t.Helper()
	s := webtest.Open(t)
	v, err := vault.New(bytes.Repeat([]byte{7}, vault.Size))
	if err != nil {
		t.Fatal(err)
	}
	o := &office{Shop: s, config: console.Config{Flow: s.Flow, Vault: v, Base: base, Curves: s.Desk.Curves, Policies: remedy.NewPolicies()}}
	for _, c := range change {
		c(&o.config)
	}
	if o.door, err = console.New(o.config); err != nil {
		t.Fatal(err)
	}
	s.Handle(o.config.Errand(notify.Channels{notify.Email: o.post}, "suivi.example"))
	return o
}

func (o *office) post(_ context.Context, l notify.Letter) error {
	if o.refuse == nil {
		o.letters = append(o.letters, l)
	}
	return o.refuse
}

// get asks for a page as somebody with a set of rights.
func (o *office) get(set merchant.Set, path string, headers ...string) webtest.Answer {
	o.T.Helper()
	return webtest.Get(o.T, o.door, path, append(headers, "Cookie", o.SignIn(set))...)
}

func (o *office) send(set merchant.Set, path string, form url.Values) webtest.Answer {
	o.T.Helper()
	return webtest.Post(o.T, o.door, path, form.Encode(), "Cookie", o.SignIn(set))
}

// must insists on a status.
func must(t *testing.T, a webtest.Answer, status int) webtest.Answer {
	t.Helper()
	if a.Status != status {
		t.Fatalf("%d, want %d: %s", a.Status, status, a.One("main"))
	}
	return a
}

// goes insists on the way to another page.
func goes(t *testing.T, a webtest.Answer, to string) {
	t.Helper()
	if a.Status != 303 || a.Header.Get("Location") != to {
		t.Fatalf("%d to %q, want 303 to %q: %s", a.Status, a.Header.Get("Location"), to, a.Body)
	}
}

// link is the address in the last letter, as a path.
func (o *office) link() string {
	o.T.Helper()
	o.Quiet()
	if len(o.letters) == 0 {
		o.T.Fatal("no letter left")
	}
	text := o.letters[len(o.letters)-1].Text
	_, rest, _ := strings.Cut(text, base)
	path, _, _ := strings.Cut(rest, "\n")
	return path
}

// staff lets somebody in at a shop of theirs.
func (o *office) hire(m ident.Merchant, email string, set merchant.Set) (s merchant.Staff) {
	o.T.Helper()
	o.Do(m, func(tx *flow.Tx) (err error) {
		s, err = merchant.Hire(tx, m, merchant.NewStaff{Email: email, Name: "Sam", Set: set})
		return err
	})
	return s
}
