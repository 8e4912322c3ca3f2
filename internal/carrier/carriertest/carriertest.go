// Package carriertest is the exam that every adapter of a carrier passes, against
// a simulator that speaks the carrier's own wire format: one label a key
// whatever happens on the way, refusals that say who can mend them, answers that
// can be anything without doing harm, parcels told of in our words, and nothing
// private in what is sent.
//
// An adapter's test makes an Entrant and calls Sit. What only one carrier has
// (a signature, a code table) is for that adapter's own tests.
package carriertest

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/blob"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/relay"
)

// Entrant is an adapter that sits the exam.
type Entrant struct {
	Key      string
	Adapter  any
	Parse    carrier.Parser
	Open     func() Carrier       // a simulator that has done nothing yet
	Accounts []carrier.Account    // every kind of account it can be used with
	Wrong    []carrier.Account    // well-formed ones that the carrier does not know
	Request  carrier.LabelRequest // one that the carrier takes; its Key and Format are the exam's
	Private  []string             // beyond names and streets, what of the request no carrier needs
	Refused  []Refused
	Near     carrier.PointQuery
}

// Carrier is a simulator in the exam's hand.
type Carrier struct {
	http.Handler
	Made func() []string                   // for each label made, what the request was known by
	Scan func(number string) []fact.Status // lets things happen to a parcel: what they are, the first first
}

// Refused is a request that the carrier turns down.
type Refused struct {
	Law    string
	Change func(*carrier.LabelRequest)
	Why    carrier.Why // empty: whichever
}

// Sit runs the exam.
func Sit(t *testing.T, e Entrant) {
	for i, a := range e.Accounts {
		t.Run(fmt.Sprintf("account %d", i+1), func(t *testing.T) {
			o, ok := e.offer(a)
			if !ok || len(o.Formats) == 0 {
				t.Fatal("it offers no label for its own request")
			}
			for _, f := range o.Formats {
				t.Run(string(f), func(t *testing.T) { e.labels(t, a, f) })
			}
			t.Run("refusals", func(t *testing.T) { e.refusals(t, a, o.Formats[0]) })
			t.Run("spoilt answers", func(t *testing.T) { e.spoilt(t, a) })
			t.Run("tracking", func(t *testing.T) { e.tracking(t, a) })
			t.Run("points", func(t *testing.T) { e.points(t, a) })
		})
	}
	t.Run("accounts", e.accounts)
}

func (e Entrant) offer(a carrier.Account) (carrier.Offer, bool) {
	return e.Adapter.(carrier.Labels).Offer(a, e.Request.Route, e.Request.From.Country)
}

// table is a merchant with a connection, an account and a wire to a simulator.
type table struct {
	*flowtest.World
	e      Entrant
	m      ident.Merchant
	c      carrier.Connection
	sim    Carrier
	wire   *Wire
	issuer *carrier.Issuer
}

func (e Entrant) lay(t *testing.T, a carrier.Account) *table {
	t.Helper()
	w := flowtest.New(t)
	v, err := vault.New(bytes.Repeat([]byte{7}, vault.Size))
	if err != nil {
		t.Fatal(err)
	}
	s := &table{World: w, e: e, m: w.Merchant(), sim: e.Open()}
	s.wire = &Wire{To: s.sim}
	s.issuer = &carrier.Issuer{Flow: w.Flow, Vault: v, Adapters: carrier.Adapters{e.Key: e.Adapter}}
	s.rest()
	w.Do(s.m, func(tx *flow.Tx) (err error) {
		s.c, err = carrier.Connect(tx, s.m, carrier.Connection{Adapter: e.Key, Name: "Transporteur", Zone: "Europe/Paris"})
		if err == nil && a.Fields != nil {
			err = s.issuer.Adapters.SetAccount(tx, v, s.m, s.c.ID, a)
		}
		return err
	})
	return s
}

// rest gives the way out a new memory: who failed often is no longer left alone.
func (s *table) rest() { s.issuer.Out = s.wire.Client(s.Clock().Wall) }

func (s *table) ask(key string, f carrier.LabelFormat, change ...func(*carrier.LabelRequest)) (carrier.Label, error) {
	r := s.e.Request
	r.Key, r.Format = key, f
	for _, c := range change {
		c(&r)
	}
	return s.issuer.Label(s.T.Context(), s.m, s.c.ID, r)
}

func (e Entrant) labels(t *testing.T, a carrier.Account, f carrier.LabelFormat) {
	s := e.lay(t, a)
	first, err := s.ask("one", f)
	if err != nil {
		t.Fatal(err)
	}
	s.whole(first, f)
	again, err := s.ask("one", f)
	if err != nil || again != first {
		t.Errorf("asked again: %+v, %v", again, err)
	}
	other, err := s.ask("two", f)
	if err != nil || other.Number == first.Number {
		t.Errorf("another key: %+v, %v", other, err)
	}
	if n := len(s.sim.Made()); n != 2 {
		t.Errorf("%d labels for two keys", n)
	}
	s.nothingPrivate()
	s.many(f)
	s.lost(f)
	s.late(f)
	s.void(f)
}

// whole looks at a label and its document.
func (s *table) whole(l carrier.Label, f carrier.LabelFormat) {
	s.T.Helper()
	var doc blob.Blob
	s.See(func(tx *db.Tx) (err error) {
		doc, err = blob.Get(tx, s.m, l.Document)
		return err
	})
	ok := map[carrier.LabelFormat]bool{
		carrier.PDFA4:    doc.ContentType == blob.PDF && carrier.WholePDF(doc.Body),
		carrier.PDF10x15: doc.ContentType == blob.PDF && carrier.WholePDF(doc.Body),
		carrier.ZPL:      doc.ContentType == blob.ZPL && carrier.WholeZPL(doc.Body),
		carrier.QR:       doc.ContentType == blob.PNG && bytes.HasPrefix(doc.Body, []byte("\x89PNG")) && l.Code != "",
	}
	if !ok[f] || l.State != carrier.LabelIssued || l.Number == "" || l.Number != carrier.FoldNumber(l.Number) || l.Format != f {
		s.T.Errorf("%+v with %d bytes of %s", l, len(doc.Body), doc.ContentType)
	}
}

// many is a label asked for 64 times at once.
func (s *table) many(f carrier.LabelFormat) {
	s.T.Helper()
	before := len(s.sim.Made())
	var all sync.WaitGroup
	got := make([]carrier.Label, 64)
	errs := make([]error, len(got))
	for i := range got {
		all.Go(func() { got[i], errs[i] = s.ask("many", f) })
	}
	all.Wait()
	numbers := map[string]bool{}
	for i, err := range errs {
		switch {
		case err == nil:
			numbers[got[i].Number] = true
		case !fault.Is(err, "label_being_made"):
			s.T.Errorf("asked at once: %v", err)
		}
	}
	if made := len(s.sim.Made()) - before; made != 1 || len(numbers) != 1 {
		s.T.Errorf("asked 64 times at once: %d labels made, numbers %v", made, numbers)
	}
	if l, err := s.ask("many", f); err != nil || !numbers[l.Number] {
		s.T.Errorf("asked once more: %v, %v", l.Number, err)
	}
}

// lost is a label whose answers do not arrive: the first call's, then the next's.
func (s *table) lost(f carrier.LabelFormat) {
	s.T.Helper()
	for nth := 1; ; nth++ {
		key := fmt.Sprintf("lost %d", nth)
		before, calls := len(s.sim.Made()), 0
		s.wire.Spoil = func(_ *http.Request, a Answer) (Answer, error) {
			if calls++; calls == nth {
				return a, ErrCut
			}
			return a, nil
		}
		_, err := s.ask(key, f)
		s.wire.Spoil = nil
		if err == nil {
			return // the label needs fewer calls than that
		}
		if r := carrier.RefusalOf(err); r.Why != carrier.Unheard || r.Final {
			s.T.Errorf("an answer that was lost is %v", err)
		}
		l, err := s.ask(key, f)
		if err != nil {
			s.T.Fatalf("after answer %d was lost: %v", nth, err)
		}
		again, err := s.ask(key, f)
		if err != nil || again != l {
			s.T.Errorf("after answer %d was lost, there are two labels: %v, %v", nth, again, err)
		}
		made := s.sim.Made()[before:]
		if nth > 1 && l.Unheard != 0 {
			s.T.Errorf("the number had arrived, and yet after answer %d was lost another label was made", nth)
		}
		if len(made) != 1+l.Unheard || len(slices.Compact(slices.Clone(made))) != 1 {
			s.T.Errorf("after answer %d was lost the carrier made %q, and we know of %d more", nth, made, l.Unheard)
		}
	}
}

// late is an answer that comes when another attempt has begun.
func (s *table) late(f carrier.LabelFormat) {
	s.T.Helper()
	once := true
	s.wire.Spoil = func(_ *http.Request, a Answer) (Answer, error) {
		if once {
			once = false
			s.Pass(time.Minute) // whoever asked first has had its time
			if _, err := s.ask("late", f); err != nil {
				s.T.Errorf("the second attempt: %v", err)
			}
		}
		return a, nil
	}
	first, err := s.ask("late", f)
	s.wire.Spoil = nil
	second, err2 := s.ask("late", f)
	if err = errors.Join(err, err2); err != nil || first != second || second.Attempts != 2 {
		s.T.Errorf("two attempts gave %+v and %+v: %v", first, second, err)
	}
}

func (s *table) void(f carrier.LabelFormat) {
	s.T.Helper()
	for range 2 {
		if err := s.issuer.Void(s.T.Context(), s.m, "one"); err != nil {
			s.T.Errorf("made void: %v", err)
		}
	}
	if _, err := s.ask("one", f); !fault.Is(err, "label_void") {
		s.T.Errorf("a void label: %v", err)
	}
	if err := s.issuer.Void(s.T.Context(), s.m, "never"); !fault.Is(err, "not_found") {
		s.T.Errorf("a label that never was: %v", err)
	}
}

// nothingPrivate looks through all that was sent.
func (s *table) nothingPrivate() {
	s.T.Helper()
	for _, r := range s.wire.Sent() {
		all := strings.ToLower(fmt.Sprint(r.URL, r.Header, string(r.Body)))
		for _, secret := range s.e.Private {
			if strings.Contains(all, strings.ToLower(secret)) {
				s.T.Errorf("%s %s tells %q", r.Method, r.URL, secret)
			}
		}
		if strings.Contains(r.URL, "@") || strings.Contains(strings.ToLower(r.URL), "password") {
			s.T.Errorf("an address tells a secret: %s", r.URL)
		}
	}
}

func (e Entrant) refusals(t *testing.T, a carrier.Account, f carrier.LabelFormat) {
	s := e.lay(t, a)
	for _, row := range e.Refused {
		_, err := s.ask(row.Law, f, row.Change)
		var r carrier.Refusal
		if !errors.As(err, &r) || row.Why != "" && r.Why != row.Why || !r.Final || r.Code == "" {
			t.Errorf("%s: %v", row.Law, err)
			continue
		}
		if told := fault.All(r.Fault("Transporteur")); len(told) != 1 {
			t.Errorf("%s: no sentence for it", row.Law)
		}
		sent := len(s.wire.Sent())
		if _, again := s.ask(row.Law, f, row.Change); carrier.RefusalOf(again).Code != r.Code || len(s.wire.Sent()) != sent {
			t.Errorf("%s, asked again: %v after %d calls", row.Law, again, len(s.wire.Sent())-sent)
		}
	}
	if n := len(s.sim.Made()); n != 0 {
		t.Errorf("%d labels were made all the same", n)
	}
	o, _ := e.offer(a)
	for _, grams := range []int{0, -1, o.MaxGrams + 1} {
		if _, err := s.ask("heavy", f, func(r *carrier.LabelRequest) { r.Grams = grams }); !fault.Is(err, "number_out_of_range") {
			t.Errorf("%d g: %v", grams, err)
		}
	}
	if l, err := s.ask("just", f, func(r *carrier.LabelRequest) { r.Grams = o.MaxGrams }); err != nil || l.Number == "" {
		t.Errorf("%d g: %v", o.MaxGrams, err)
	}
	if _, err := s.ask("fax", "fax"); !fault.Is(err, "route_not_offered") {
		t.Errorf("a format there is not: %v", err)
	}
}

// spoils are answers as no carrier means them.
func spoils(a Answer) []Answer {
	out := []Answer{
		{200, http.Header{}, nil},
		{200, http.Header{}, []byte("<html><body>Service indisponible</body></html>")},
		{200, a.Header, []byte("null")},
		{200, a.Header, []byte("\xff\xfe\x00garbage")},
		{500, http.Header{}, a.Body},
		{204, http.Header{}, nil},
		{302, http.Header{"Location": {"http://elsewhere.example/"}}, nil},
		{a.Status, a.Header, bytes.Repeat([]byte(" "), carrier.MostLabel+1)},
		{a.Status, a.Header, append(slices.Clone(a.Body), bytes.Repeat([]byte("<a>"), 20_000)...)},
		{a.Status, a.Header, bytes.ReplaceAll(bytes.ReplaceAll(a.Body, []byte("3"), []byte("-")), []byte("8"), []byte("<"))},
	}
	for i := 1; i < 12; i++ {
		out = append(out, Answer{a.Status, a.Header, a.Body[:len(a.Body)*i/12]})
	}
	return out
}

// spoilt gives every call of the adapter every answer it should not get.
func (e Entrant) spoilt(t *testing.T, a carrier.Account) {
	s := e.lay(t, a)
	l, err := s.ask("whole", carrier.PDFA4)
	if err != nil {
		t.Fatal(err)
	}
	s.sim.Scan(l.Number)
	ctx, labels, tracker, points := t.Context(), e.Adapter.(carrier.Labels), e.Adapter.(carrier.Tracker), e.Adapter.(carrier.Points)
	o, _ := e.offer(a)
	for _, f := range o.Formats {
		r := e.Request
		r.Key, r.Format = "spoilt", f
		s.each(func(out *egress.Client) (string, error) {
			got, err := labels.Label(ctx, out, s.c, a, r)
			if err == nil && (got.Number == "" || len(got.Document) == 0) {
				t.Errorf("half a label: %+v", got)
			}
			return got.Number, err
		})
	}
	s.each(func(out *egress.Client) (string, error) {
		raw, err := tracker.Track(ctx, out, s.c, a, l.Number)
		if err != nil {
			return "", err
		}
		got, _ := e.Parse(raw, flowtest.Paris)
		for _, r := range got {
			if why := flaw(r, l.Number); why != "" {
				t.Errorf("%s: %+v", why, r)
			}
		}
		return "", nil
	})
	s.each(func(out *egress.Client) (string, error) {
		got, err := points.Points(ctx, out, s.c, a, e.Near)
		if len(got) > 0 && fault.All(err) != nil {
			return "", nil
		}
		return "", err
	})
}

// each makes a call over wires that spoil its first answer, its second, and so on.
func (s *table) each(call func(*egress.Client) (string, error)) {
	s.T.Helper()
	for nth := 1; ; nth++ {
		variants := 1
		for i := 0; i < variants; i++ {
			calls := 0
			w := &Wire{To: s.sim, Spoil: func(_ *http.Request, a Answer) (Answer, error) {
				if calls++; calls != nth {
					return a, nil
				}
				bad := spoils(a)
				variants = len(bad)
				return bad[i], nil
			}}
			_, err := call(w.Client(s.Clock().Wall))
			if calls < nth {
				return // the call needs fewer answers than that
			}
			if err != nil && fault.All(err) == nil && !errors.As(err, new(carrier.Refusal)) {
				s.T.Errorf("spoilt %d of answer %d: an error that is no refusal: %v", i, nth, err)
			}
		}
	}
}

func (e Entrant) tracking(t *testing.T, a carrier.Account) {
	s := e.lay(t, a)
	l, err := s.ask("tracked", carrier.PDFA4)
	if err != nil {
		t.Fatal(err)
	}
	tracker := e.Adapter.(carrier.Tracker)
	want := s.sim.Scan(l.Number)
	raw, err := tracker.Track(t.Context(), s.issuer.Out, s.c, a, l.Number)
	if err != nil {
		t.Fatal(err)
	}
	got, err := e.Parse(raw, flowtest.Paris)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(got, func(a, b carrier.Report) int { return int(a.At.Sub(b.At) / time.Second) })
	var told []fact.Status
	for _, r := range got {
		told = append(told, r.Status)
		if why := flaw(r, l.Number); why != "" {
			t.Errorf("%s: %+v", why, r)
		}
	}
	if d := cmp.Diff(want, told); d != "" {
		t.Errorf("what happened, and what was read:\n%s", d)
	}
	again, err := tracker.Track(t.Context(), s.issuer.Out, s.c, a, l.Number)
	if err != nil || !bytes.Equal(raw, again) {
		t.Errorf("asked twice, it says two things: %v", err)
	}
	for i := range len(raw) {
		reports, err := e.Parse(raw[:i], flowtest.Paris)
		if len(reports) == 0 && err == nil || err != nil && fault.All(err) == nil {
			t.Fatalf("cut after %d bytes: %d reports, %v", i, len(reports), err)
		}
	}
	for _, number := range []string{"99999999", "", "x", "8R99999999999"} {
		_, err := tracker.Track(t.Context(), s.issuer.Out, s.c, a, number)
		if r := carrier.RefusalOf(err); err == nil || r.Why != carrier.UnknownParcel {
			t.Errorf("the number %q: %v", number, err)
		}
	}
}

// flaw is what no report may have.
func flaw(r carrier.Report, number string) string {
	_, status := carrier.StatusOf(string(r.Status))
	_, precision := carrier.PrecisionOf(string(r.Precision))
	switch all := fmt.Sprint(r.Code, r.Label, r.Where); {
	case r.Number != carrier.FoldNumber(number):
		return "somebody else's parcel"
	case !status || !precision || r.Source == "":
		return "a word that is not ours"
	case strings.ToValidUTF8(all, "") != all || strings.Contains(all, "\x00"):
		return "a text no database keeps"
	case r.At.IsZero() || r.At < r.Span.From || r.At >= r.Span.Until:
		return "an instant outside its span"
	case r.Code == "" && r.Label == "":
		return "nothing to know it by"
	}
	return ""
}

func (e Entrant) points(t *testing.T, a carrier.Account) {
	s := e.lay(t, a)
	got, err := e.Adapter.(carrier.Points).Points(t.Context(), s.issuer.Out, s.c, a, e.Near)
	if err != nil || len(got) == 0 {
		t.Fatalf("%d points: %v", len(got), err)
	}
	for i, p := range got {
		checked, err := relay.Check(fmt.Sprintf("points[%d]", i), p)
		if err != nil {
			t.Errorf("%s: %v", p.Code, err)
		}
		if p.Network != e.Key || p.Located != relay.Exact || !p.Hours.Said() || !cmp.Equal(p.Services, checked.Services) || p.Zone == "" {
			t.Errorf("%+v", p)
		}
	}
	if fed := len(got); fed > 0 {
		s.Do(s.m, func(tx *flow.Tx) error {
			_, err := relay.Feed(tx, s.m, e.Key, got, false)
			return err
		})
	}
	if _, err := e.Adapter.(carrier.Points).Points(t.Context(), s.issuer.Out, s.c, e.Wrong[0], e.Near); carrier.RefusalOf(err).Why != carrier.RefusedAccount {
		t.Errorf("a wrong account: %v", err)
	}
}

// accounts: none, wrong ones, mended ones; and none of them can be read.
func (e Entrant) accounts(t *testing.T) {
	o, _ := e.offer(e.Accounts[0])
	f := o.Formats[0]
	if _, err := e.lay(t, carrier.Account{}).ask("k", f); !fault.Is(err, "carrier_account_missing") {
		t.Errorf("without an account: %v", err)
	}
	for i, wrong := range e.Wrong {
		s := e.lay(t, wrong)
		_, err := s.ask("k", f)
		var r carrier.Refusal
		if !errors.As(err, &r) || r.Why != carrier.RefusedAccount || !r.Final {
			t.Errorf("wrong account %d: %v", i+1, err)
		}
		s.Do(s.m, func(tx *flow.Tx) error {
			return s.issuer.Adapters.SetAccount(tx, s.issuer.Vault, s.m, s.c.ID, e.Accounts[0])
		})
		if l, err := s.ask("k", f); err != nil || l.Number == "" {
			t.Errorf("wrong account %d, mended: %v", i+1, err)
		}
	}
	s := e.lay(t, e.Accounts[0])
	err := s.Try(s.m, func(tx *flow.Tx) error {
		return s.issuer.Adapters.SetAccount(tx, s.issuer.Vault, s.m, s.c.ID, carrier.Account{Fields: map[string]string{"favourite_colour": "blue"}})
	})
	if !fault.Is(err, "account_field_unknown") || !fault.Is(err, "field_required") {
		t.Errorf("an account of other things: %v", err)
	}
	if told := fmt.Sprintf("%v %+v %#v %s", e.Accounts[0], e.Accounts[0], e.Accounts[0], e.Accounts[0]); e.tells(told) {
		t.Errorf("printed, an account says %s", told)
	}
}

// tells reports whether a text holds a secret of an account.
func (e Entrant) tells(text string) bool {
	for _, f := range e.Adapter.(carrier.AccountHolder).AccountFields() {
		if f.Secret && strings.Contains(text, e.Accounts[0].Field(f.Name)) && e.Accounts[0].Field(f.Name) != "" {
			return true
		}
	}
	return false
}

// Fixed is a clock that stands still, for simulators.
func Fixed() civil.Instant { return civil.At(time.Date(2026, 11, 24, 16, 31, 0, 0, flowtest.Paris)) }
