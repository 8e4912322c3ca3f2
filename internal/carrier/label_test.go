package carrier_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

// press is an adapter that makes labels out of nothing.
type press struct {
	labels []string // references asked for
	voided []string
	fail   func(n int) error // what the nth label meets
	during func(n int)       // happens while the nth label is made
}

func (p *press) AccountFields() []carrier.AccountField {
	return []carrier.AccountField{
		{Name: "key", Required: true, Secret: true, Form: `[a-z]{4,}`},
		{Name: "login", With: "word"},
		{Name: "word", With: "login", Secret: true},
		{Name: "number", Unless: "name"},
		{Name: "name"},
	}
}

func (p *press) Offer(carrier.Account, fact.Route, string) (carrier.Offer, bool) {
	return carrier.Offer{Formats: []carrier.LabelFormat{carrier.ZPL}, MaxGrams: 30_000}, true
}

func (p *press) Label(_ context.Context, _ *egress.Client, _ carrier.Connection, _ carrier.Account, r carrier.LabelRequest) (carrier.Issued, error) {
	p.labels = append(p.labels, r.Reference+"/"+r.Resume)
	n := len(p.labels)
	if p.during != nil {
		p.during(n)
	}
	if p.fail != nil {
		if err := p.fail(n); err != nil {
			return carrier.Issued{}, err
		}
	}
	return carrier.Issued{Number: "N" + string(rune('0'+n)), Format: r.Format, Document: []byte("^XA^XZ"), ContentType: blob.ZPL}, nil
}

func (p *press) Void(_ context.Context, _ *egress.Client, _ carrier.Connection, _ carrier.Account, number string) error {
	p.voided = append(p.voided, number)
	return nil
}

type office struct {
	*flowtest.World
	m      ident.Merchant
	c      carrier.Connection
	press  *press
	issuer *carrier.Issuer
}

var account = carrier.Account{Fields: map[string]string{"key": "secretword", "name": "x", "login": " ", "word": ""}}

func opened(t *testing.T) *office {
	t.Helper()
	w := flowtest.New(t)
	v, err := vault.New(bytes.Repeat([]byte{7}, vault.Size))
	if err != nil {
		t.Fatal(err)
	}
	o := &office{World: w, m: w.Merchant(), press: &press{}}
	o.issuer = &carrier.Issuer{Flow: w.Flow, Vault: v, Adapters: carrier.Adapters{"simulated": o.press, "plain": struct{}{}}}
	o.c = o.connect("simulated")
	if err := o.set(o.c.ID, account); err != nil {
		t.Fatal(err)
	}
	return o
}

func (o *office) connect(adapter string) (c carrier.Connection) {
	o.T.Helper()
	o.Do(o.m, func(tx *flow.Tx) (err error) {
		c = connection()
		c.Adapter = adapter
		c, err = carrier.Connect(tx, o.m, c)
		return err
	})
	return c
}

func (o *office) set(c ident.Connection, a carrier.Account) error {
	return o.Try(o.m, func(tx *flow.Tx) error { return o.issuer.Adapters.SetAccount(tx, o.issuer.Vault, o.m, c, a) })
}

func (o *office) ask(key string) (carrier.Label, error) {
	return o.issuer.Label(o.T.Context(), o.m, o.c.ID, carrier.LabelRequest{Key: key, Reference: "R", Format: carrier.ZPL, Grams: 100})
}

func (o *office) accountOf(c carrier.Connection) (a carrier.Account, err error) {
	err = o.Read(o.T.Context(), func(tx *db.Tx) (err error) {
		a, err = carrier.AccountOf(tx, o.issuer.Vault, o.m, c)
		return err
	})
	return a, err
}

const sqlSealed = `select sealed from carrier_account where merchant = $1 and connection = $2`

func TestAnAccountIsSealed(t *testing.T) {
	o := opened(t)
	a, err := o.accountOf(o.c)
	if err != nil || len(a.Fields) != 2 || a.Field("key") != "secretword" {
		t.Errorf("%v: %v", a.Fields, err)
	}
	var sealed []byte
	o.See(func(tx *db.Tx) (err error) {
		sealed, _, err = db.One(tx, sqlSealed, db.Scalar[[]byte], o.m, o.c.ID)
		return err
	})
	if len(sealed) == 0 || bytes.Contains(sealed, []byte("secret")) {
		t.Errorf("the row says %q", sealed)
	}
	other := o.connect("simulated")
	if _, err := o.accountOf(other); !fault.Is(err, "carrier_account_missing") {
		t.Errorf("another connection's account: %v", err)
	}
	o.Do(o.m, func(tx *flow.Tx) error {
		return tx.Do(`insert into carrier_account (merchant, connection, sealed, changed) values ($1, $2, $3, 0)`, o.m, other.ID, sealed)
	})
	if a, err := o.accountOf(other); err == nil {
		t.Errorf("copied into another row, it opens: %v", a.Fields)
	}
}

func TestAccountsThatAreNone(t *testing.T) {
	o := opened(t)
	for _, row := range []struct {
		law, field, code string
		fields           map[string]string
	}{
		{"nothing", "account.key", "field_required", nil},
		{"neither of two ways", "account.number", "field_required", map[string]string{"key": "secretword"}},
		{"half a login", "account.word", "field_required", map[string]string{"key": "secretword", "name": "x", "login": "me"}},
		{"the other half", "account.login", "field_required", map[string]string{"key": "secretword", "name": "x", "word": "me"}},
		{"blanks", "account.key", "field_required", map[string]string{"key": "  ", "name": "x"}},
		{"another form", "account.key", "account_field_invalid", map[string]string{"key": "Short1", "name": "x"}},
		{"a form that only begins well", "account.key", "account_field_invalid", map[string]string{"key": "abcd\nX", "name": "x"}},
		{"too long", "account.name", "field_too_long", map[string]string{"key": "abcd", "name": strings.Repeat("x", 201)}},
		{"what nobody asked for", "account.pin", "account_field_unknown", map[string]string{"key": "abcd", "name": "x", "pin": "1"}},
	} {
		err := o.set(o.c.ID, carrier.Account{Fields: row.fields})
		faults := fault.All(err)
		if len(faults) == 0 || faults[0].Code != row.code || faults[0].Field != row.field {
			t.Errorf("%s: %v, want %s at %s", row.law, err, row.code, row.field)
		}
		if strings.Contains(lang.Fault(lang.English, faults[0]), "Short1") {
			t.Errorf("%s: the sentence tells the secret", row.law)
		}
	}
	if a, err := o.accountOf(o.c); err != nil || a.Field("key") != "secretword" {
		t.Errorf("after all that: %v, %v", a.Fields, err)
	}
	if err := o.set("con_none", account); !fault.Is(err, "not_found") {
		t.Errorf("no connection: %v", err)
	}
	if err := o.set(o.connect("plain").ID, account); !fault.Is(err, "unknown_adapter") {
		t.Errorf("an adapter without accounts: %v", err)
	}
}

func TestALabelGoesOnWhereItStopped(t *testing.T) {
	o := opened(t)
	o.press.fail = func(n int) error {
		return []error{
			carrier.Refusal{Why: carrier.Busy, Code: "HTTP 429"},
			errors.New("connection reset"),
			carrier.Refusal{Why: carrier.Unheard, Code: "no PDF", Resume: "N1 /x"},
			carrier.Refusal{Why: carrier.Unheard, Code: "no PDF", Resume: "N1 /x"},
			nil,
		}[n-1]
	}
	for range 4 {
		if _, err := o.ask("k"); err == nil {
			t.Fatal("no error")
		}
	}
	l, err := o.ask("k")
	if err != nil || l.Attempts != 5 || l.Unheard != 1 || l.Refusal.Why != "" {
		t.Errorf("%+v: %v", l, err)
	}
	if got := strings.Join(o.press.labels, " "); got != "R/ R/ R/ R/N1 /x R/N1 /x" {
		t.Errorf("asked %q", got)
	}
}

// An attempt whose node died is taken over when its time is up; should it come
// back after all, the label that was first stays, and the other is made void.
func TestAnAttemptThatComesBackLate(t *testing.T) {
	o := opened(t)
	o.press.during = func(n int) {
		if n > 1 {
			return
		}
		if _, err := o.ask("k"); !fault.Is(err, "label_being_made") {
			t.Errorf("while it is made: %v", err)
		}
		o.Pass(carrier.LabelTime)
		if l, err := o.ask("k"); err != nil || l.Number != "N2" {
			t.Errorf("when its time is up: %v, %v", l.Number, err)
		}
	}
	l, err := o.ask("k")
	if err != nil || l.Number != "N2" || l.Attempts != 2 || l.Unheard != 1 || len(o.press.voided) != 1 || o.press.voided[0] != "N1" {
		t.Errorf("%+v, void %v: %v", l, o.press.voided, err)
	}
}

func TestAFinalRefusalStaysOne(t *testing.T) {
	o := opened(t)
	o.press.fail = func(int) error {
		return carrier.Refusal{Why: carrier.RefusedAddress, Code: "36", Text: "CP", Final: true}
	}
	for range 2 {
		_, err := o.ask("k")
		if r := carrier.RefusalOf(err); r.Why != carrier.RefusedAddress || !r.Final || r.Text != "CP" {
			t.Errorf("%v", err)
		}
	}
	if len(o.press.labels) != 1 {
		t.Errorf("asked %d times", len(o.press.labels))
	}
	other := o.connect("simulated")
	if err := o.set(other.ID, account); err != nil {
		t.Fatal(err)
	}
	_, err := o.issuer.Label(t.Context(), o.m, other.ID, carrier.LabelRequest{Key: "k", Format: carrier.ZPL, Grams: 1})
	if err == nil || fault.All(err) != nil {
		t.Errorf("the same key over another connection: %v", err)
	}
}

// A return called off while its label could not be had.
func TestALabelThatNobodyWantsAnyMore(t *testing.T) {
	o := opened(t)
	void := func() error { return o.issuer.Void(t.Context(), o.m, "k") }
	o.press.during = func(int) {
		if err := void(); !fault.Is(err, "label_being_made") {
			t.Errorf("while it is made: %v", err)
		}
	}
	o.press.fail = func(int) error { return errors.New("connection reset") }
	if _, err := o.ask("k"); err == nil {
		t.Error("no error")
	}
	if err := void(); err != nil {
		t.Error(err)
	}
	if _, err := o.ask("k"); !fault.Is(err, "label_void") || len(o.press.labels) != 1 {
		t.Errorf("asked again: %v", err)
	}
}

// Made void by somebody else between the carrier's answer and ours.
func TestALabelMadeVoidOnItsWay(t *testing.T) {
	o := opened(t)
	o.press.during = func(int) {
		o.Pass(carrier.LabelTime)
		if err := o.issuer.Void(t.Context(), o.m, "k"); err != nil {
			t.Error(err)
		}
	}
	if l, err := o.ask("k"); !fault.Is(err, "label_void") || len(o.press.voided) != 1 {
		t.Errorf("%+v, void %v: %v", l, o.press.voided, err)
	}
}

// A label that is there is given without its carrier: the account may be gone.
func TestALabelOutlivesItsOffer(t *testing.T) {
	o := opened(t)
	l, err := o.ask("k")
	if err != nil {
		t.Fatal(err)
	}
	again, err := o.issuer.Label(t.Context(), o.m, o.c.ID, carrier.LabelRequest{Key: "k", Format: carrier.QR, Grams: 99_000})
	if err != nil || again != l {
		t.Errorf("%+v: %v", again, err)
	}
}

func TestEveryRefusalHasItsSentence(t *testing.T) {
	for _, why := range []carrier.Why{
		carrier.RefusedAccount, carrier.RefusedAddress, carrier.RefusedParcel, carrier.RefusedPoint, carrier.RefusedRequest,
		carrier.UnknownParcel, carrier.Unheard, carrier.Busy,
	} {
		f := carrier.Refusal{Why: why, Code: "STAT 1", Err: errors.New("internal")}.Fault("Relais")
		for _, l := range []lang.Locale{lang.French, lang.English} {
			if s := lang.Fault(l, f); strings.Contains(s, "[fault") || !strings.Contains(s, "Relais") || strings.Contains(s, "internal") {
				t.Errorf("%s: %q", why, s)
			}
		}
	}
}
