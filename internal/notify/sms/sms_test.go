package sms

import (
	"crypto/sha1" //nolint:gosec // OVH's
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/egress"
)

// far is a gateway: it keeps what it is asked, and answers as told.
type far struct {
	*httptest.Server
	status int
	answer string
	deaf   bool // takes the request and hangs up

	path   string
	header http.Header
	body   string
	login  string
}

func newFar(t *testing.T) *far {
	f := &far{status: http.StatusOK, answer: "{}"}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		user, word, _ := r.BasicAuth()
		f.path, f.header, f.body, f.login = r.Method+" "+r.URL.Path, r.Header, string(body), user+":"+word
		if f.deaf {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(f.status)
		_, _ = io.WriteString(w, f.answer)
	}))
	t.Cleanup(f.Close)
	return f
}

func (f *far) out() *egress.Client {
	return egress.New(egress.Options{Wall: wall, Own: []netip.AddrPort{netip.MustParseAddrPort(strings.TrimPrefix(f.URL, "http://"))}})
}

func wall() civil.Instant { return civil.At(time.Unix(1_800_000_000, 0)) }

var text = notify.Letter{To: "+33612345678", Text: "Epicerie : commande E-1 livrée. https://suivi.example/p/x", MessageID: "msg_1@suivi.example"}

func TestPlain(t *testing.T) {
	f := newFar(t)
	if err := (Plain{f.out(), f.URL + "/send", "word", "Epicerie"}).Send(t.Context(), text); err != nil {
		t.Fatal(err)
	}
	var got map[string]string
	if err := json.Unmarshal([]byte(f.body), &got); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[string]string{"id": text.MessageID, "to": text.To, "from": "Epicerie", "text": text.Text}, got); d != "" {
		t.Error(d)
	}
	if f.path != "POST /send" || f.header.Get("Authorization") != "Bearer word" {
		t.Error(f.path, f.header)
	}
}

func TestOVH(t *testing.T) {
	f := newFar(t)
	f.answer = `{"totalCreditsRemoved":1,"invalidReceivers":[],"ids":[27814656],"validReceivers":["+33612345678"]}`
	g := OVH{f.out(), wall, f.URL + "/1.0", "sms-ab12345-1", "EPICERIE", "appkey", "appsecret", "consumer"}
	if err := g.Send(t.Context(), text); err != nil {
		t.Fatal(err)
	}
	sum := sha1.Sum([]byte("appsecret+consumer+POST+" + f.URL + "/1.0/sms/sms-ab12345-1/jobs+" + f.body + "+1800000000")) //nolint:gosec // OVH's
	if got, want := f.header.Get("X-Ovh-Signature"), "$1$"+hex.EncodeToString(sum[:]); got != want {
		t.Errorf("signature %s, want %s", got, want)
	}
	var got struct {
		Message      string
		Receivers    []string
		Sender       string
		NoStopClause bool
	}
	if err := json.Unmarshal([]byte(f.body), &got); err != nil || got.Message != text.Text || got.Receivers[0] != text.To || got.Sender != "EPICERIE" || !got.NoStopClause {
		t.Errorf("%v %+v", err, got)
	}
	f.answer = `{"totalCreditsRemoved":0,"invalidReceivers":["+33612345678"],"ids":[],"validReceivers":[]}`
	refused(t, "a number OVH does not take", g.Send(t.Context(), text), "sms_number_refused")
}

func TestTwilio(t *testing.T) {
	f := newFar(t)
	f.status, f.answer = http.StatusCreated, `{"sid":"SM1","status":"queued"}`
	g := Twilio{f.out(), f.URL, "AC1", "token", "MG7"}
	if err := g.Send(t.Context(), text); err != nil {
		t.Fatal(err)
	}
	form, err := url.ParseQuery(f.body)
	if err != nil || form.Get("To") != text.To || form.Get("Body") != text.Text || form.Get("MessagingServiceSid") != "MG7" || form.Has("From") {
		t.Errorf("%v %v", err, form)
	}
	if f.path != "POST /2010-04-01/Accounts/AC1/Messages.json" || f.login != "AC1:token" {
		t.Error(f.path, f.login)
	}
	f.status, f.answer = http.StatusBadRequest, `{"code":21610,"message":"Attempt to send to unsubscribed recipient","status":400}`
	refused(t, "the number said STOP to Twilio", g.Send(t.Context(), text), "twilio_21610")
}

func TestWhatAGatewayAnswers(t *testing.T) {
	for _, c := range []struct {
		law    string
		status int
		reason string
	}{
		{"our account is closed: nothing wrong with the text", http.StatusUnauthorized, ""},
		{"too many a second", http.StatusTooManyRequests, ""},
		{"ill", http.StatusBadGateway, ""},
		{"a text it can not read", http.StatusBadRequest, "sms_400"},
	} {
		f := newFar(t)
		f.status = c.status
		refused(t, c.law, Plain{f.out(), f.URL, "", ""}.Send(t.Context(), text), c.reason)
	}
}

// Where the answer is lost, a gateway without keys is not asked twice.
func TestALostAnswer(t *testing.T) {
	f := newFar(t)
	f.deaf = true
	refused(t, "the plain format carries a key: again", Plain{f.out(), f.URL, "", ""}.Send(t.Context(), text), "")
	refused(t, "Twilio knows none", Twilio{f.out(), f.URL, "AC1", "", "+1"}.Send(t.Context(), text), Unknown)
	out, address := f.out(), f.URL
	f.Close()
	refused(t, "nobody was reached", Twilio{out, address, "AC1", "", "+1"}.Send(t.Context(), text), "")
}

// refused looks at an error: a refusal of that reason, or one worth another try.
func refused(t *testing.T, law string, err error, reason string) {
	t.Helper()
	var no notify.Refused
	if errors.As(err, &no); err == nil || no.Reason != reason {
		t.Errorf("%s: %v", law, err)
	}
}

// The example of Twilio's own documentation ("Validating requests are coming from Twilio").
func TestSigned(t *testing.T) {
	form := url.Values{
		"CallSid": {"CA1234567890ABCDE"}, "Caller": {"+14158675309"}, "Digits": {"1234"}, "From": {"+14158675309"}, "To": {"+18005551212"},
	}
	const address = "https://mycompany.com/myapp.php?foo=1&bar=2"
	if !Signed("12345", address, form, "RSOYDt4T1cUTdK1PDd93/VVr8B8=") {
		t.Error("Twilio's own example is refused")
	}
	form.Set("Digits", "1235")
	if Signed("12345", address, form, "RSOYDt4T1cUTdK1PDd93/VVr8B8=") {
		t.Error("a changed one is taken")
	}
}
