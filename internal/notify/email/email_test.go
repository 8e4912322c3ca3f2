package email

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/big"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/notify/channeltest"
)

var decided = time.Date(2026, 11, 24, 15, 31, 0, 0, time.UTC)

func letter() notify.Letter {
	return notify.Letter{
		MessageID: "msg_01@shop.test", From: "Épicerie d'à côté", To: "camille@example.org", ToName: "Camille Élysée",
		ReplyTo: "bonjour@epicerie.example",
		Locale:  lang.French, At: civil.At(decided),
		Subject: "Votre livraison est offerte : 5,90\u00a0€",
		Text:    "Nous n'avons pas tenu parole.\n.\nUn point seul sur sa ligne reste un point.\n",
		HTML:    "<p>Nous n’avons pas <b>tenu parole</b>.</p>",
	}
}

func to(s *channeltest.Server) Sender {
	return Sender{Addr: s.Addr(), Plain: true, Hello: "shop.test", From: "no-reply@shop.test", Timeout: 5 * time.Second}
}

func TestALetterArrivesAsItWasWritten(t *testing.T) {
	s := channeltest.NewServer(t)
	if err := to(s).Send(context.Background(), letter()); err != nil {
		t.Fatal(err)
	}
	if n := len(s.Accepted()); n != 1 {
		t.Fatalf("%d letters arrived", n)
	}
	got, want := s.Accepted()[0], letter()
	from, err := mail.ParseAddress(got.GetHeader("From"))
	if err != nil {
		t.Fatal(err)
	}
	toWhom, err := mail.ParseAddress(got.GetHeader("To"))
	if err != nil {
		t.Fatal(err)
	}
	answers, err := mail.ParseAddress(got.GetHeader("Reply-To"))
	if err != nil {
		t.Fatal(err)
	}
	date, err := mail.ParseDate(got.GetHeader("Date"))
	if err != nil || !date.Equal(decided) {
		t.Errorf("date %v, %v", date, err)
	}
	for _, c := range []struct{ what, got, want string }{
		{"envelope sender", got.Sender, "no-reply@shop.test"},
		{"envelope recipient", got.Recipient, want.To},
		{"name of the sender", from.Name, want.From},
		{"address of the sender", from.Address, "no-reply@shop.test"},
		{"name of the recipient", toWhom.Name, want.ToName},
		{"address of the recipient", toWhom.Address, want.To},
		{"where answers go", answers.Address, want.ReplyTo},
		{"subject", got.GetHeader("Subject"), want.Subject},
		{"Message-ID", got.GetHeader("Message-ID"), "<" + want.MessageID + ">"},
		{"Auto-Submitted", got.GetHeader("Auto-Submitted"), "auto-generated"},
		{"language", got.GetHeader("Content-Language"), "fr"},
		{"type", got.Root.ContentType, "multipart/alternative"},
		{"first part", got.Root.FirstChild.ContentType, "text/plain"},
		{"last part", got.Root.FirstChild.NextSibling.ContentType, "text/html"},
		{"text", strings.ReplaceAll(got.Text, "\r\n", "\n"), want.Text},
		{"HTML", got.HTML, want.HTML},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.what, c.got, c.want)
		}
	}
	if len(got.Errors) > 0 {
		t.Errorf("the letter has defects: %v", got.Errors)
	}
}

func TestVerdicts(t *testing.T) {
	for _, c := range []struct {
		law     string
		trouble channeltest.Trouble
		refused string // reason; empty: another try may help
	}{
		{"no such mailbox", channeltest.Trouble{At: channeltest.Rcpt, Code: 550}, "smtp_550"},
		{"the content is refused", channeltest.Trouble{At: channeltest.Data, Code: 554}, "smtp_554"},
		{"the sender is refused", channeltest.Trouble{At: channeltest.Mail, Code: 553}, "smtp_553"},
		{"the server wants a login: our fault, not the letter's", channeltest.Trouble{At: channeltest.Mail, Code: 530}, ""},
		{"greylisted", channeltest.Trouble{At: channeltest.Rcpt, Code: 450}, ""},
		{"disk full", channeltest.Trouble{At: channeltest.Data, Code: 452}, ""},
		{"shutting down", channeltest.Trouble{At: channeltest.Mail, Code: 421}, ""},
		{"the line goes dead before the recipient", channeltest.Trouble{At: channeltest.Rcpt}, ""},
		{"the line goes dead after the last line", channeltest.Trouble{At: channeltest.Data}, ""},
	} {
		t.Run(c.law, func(t *testing.T) {
			s := channeltest.NewServer(t)
			s.Expect(c.trouble)
			err := to(s).Send(context.Background(), letter())
			var no notify.Refused
			switch refused := errors.As(err, &no); {
			case err == nil:
				t.Fatal("accepted")
			case refused != (c.refused != "") || no.Reason != c.refused:
				t.Fatalf("got %v", err)
			}
			if len(s.Accepted()) > 0 {
				t.Error("the server has it all the same")
			}
			if err := to(s).Send(context.Background(), letter()); err != nil || len(s.Accepted()) != 1 {
				t.Errorf("the next try: %v", err)
			}
		})
	}
}

// Errors are kept with parked work and logged: they say what the server said,
// and not of whom.
func TestErrorsDoNotNameTheRecipient(t *testing.T) {
	for _, code := range []int{550, 450} {
		s := channeltest.NewServer(t)
		s.Expect(channeltest.Trouble{At: channeltest.Rcpt, Code: code})
		err := to(s).Send(context.Background(), letter())
		if err == nil || strings.Contains(err.Error(), letter().To) || !strings.Contains(err.Error(), "planned trouble") {
			t.Errorf("%d: %v", code, err)
		}
	}
}

func TestEveryTrySendsTheSameBytes(t *testing.T) {
	s := channeltest.NewServer(t)
	s.Expect(channeltest.Trouble{At: channeltest.Data})
	if err := to(s).Send(context.Background(), letter()); err == nil {
		t.Fatal("accepted by a dead line")
	}
	if err := to(s).Send(context.Background(), letter()); err != nil {
		t.Fatal(err)
	}
	all := s.Letters()
	if len(all) != 2 || !bytes.Equal(all[0].Raw, all[1].Raw) {
		t.Errorf("%d letters, of which the last:\n%s", len(all), all[len(all)-1].Raw)
	}
}

func TestALostGoodbyeIsNoRefusal(t *testing.T) {
	s := channeltest.NewServer(t)
	s.Expect(channeltest.Trouble{At: channeltest.Done})
	if err := to(s).Send(context.Background(), letter()); err != nil || len(s.Accepted()) != 1 {
		t.Errorf("accepted, and then: %v", err)
	}
}

func TestNobodyThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	err = Sender{Addr: addr.String(), Plain: true, From: "a@shop.test"}.Send(context.Background(), letter())
	if err == nil || errors.As(err, new(notify.Refused)) {
		t.Errorf("got %v", err)
	}
}

func TestAddressesThatAreNone(t *testing.T) {
	s := channeltest.NewServer(t)
	for _, bad := range []string{"", "camille", "a@b@c", "camille@example.org\r\nBcc: all@example.org", "a@example.org, b@example.org"} {
		l := letter()
		l.To = bad
		if err := to(s).Send(context.Background(), l); !errors.As(err, new(notify.Refused)) {
			t.Errorf("%q: got %v", bad, err)
		}
	}
	if n := len(s.Letters()); n > 0 {
		t.Errorf("%d letters left", n)
	}
}

// A shop whose contact is no address still reaches its shoppers.
func TestALetterLeavesWithoutAWayToAnswer(t *testing.T) {
	s := channeltest.NewServer(t)
	for _, bad := range []string{"", "bonjour", "a@b\r\nBcc: all@example.org"} {
		l := letter()
		l.ReplyTo = bad
		if err := to(s).Send(context.Background(), l); err != nil {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for _, got := range s.Accepted() {
		if got.GetHeader("Reply-To")+got.GetHeader("Bcc") != "" {
			t.Errorf("%s", got.Raw)
		}
	}
	if n := len(s.Accepted()); n != 3 {
		t.Errorf("%d letters left", n)
	}
}

func TestLineBreaksForgeNoHeader(t *testing.T) {
	s := channeltest.NewServer(t)
	l := letter()
	l.Subject, l.From, l.ToName = "one\r\nBcc: all@example.org", "shop\r\nX-Forged: 1", "Camille\r\nX-Forged: 1"
	if err := to(s).Send(context.Background(), l); err != nil {
		t.Fatal(err)
	}
	got := s.Accepted()[0]
	if got.GetHeader("Bcc") != "" || got.GetHeader("X-Forged") != "" {
		t.Errorf("forged:\n%s", got.Raw)
	}
}

func TestEncryptionIsDemanded(t *testing.T) {
	naked := channeltest.NewServer(t)
	s := to(naked)
	s.Plain = false
	if err := s.Send(context.Background(), letter()); err == nil || len(naked.Letters()) > 0 {
		t.Errorf("sent in the clear: %v", err)
	}
	certificate, roots := selfSigned(t)
	covered := channeltest.NewServer(t, certificate)
	s = to(covered)
	s.Plain = false
	if err := s.Send(context.Background(), letter()); err == nil || len(covered.Letters()) > 0 {
		t.Errorf("sent to a server nobody vouches for: %v", err)
	}
	s.Roots = roots
	if err := s.Send(context.Background(), letter()); err != nil || len(covered.Accepted()) != 1 {
		t.Errorf("got %v", err)
	}
}

func selfSigned(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	paper := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, paper, paper, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	read, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(read)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}

// What is for the shop's own sake is refused from the mailbox. Source: RFC 8058.
func TestMarketingIsRefusedWithOnePress(t *testing.T) {
	s := channeltest.NewServer(t)
	for _, address := range []string{"https://suivi.example/p/abc/desabonnement?sujet=survey", ""} {
		l := letter()
		l.Refuse = address
		if err := to(s).Send(context.Background(), l); err != nil {
			t.Fatal(err)
		}
	}
	got := s.Accepted()
	if h := got[0].GetHeader("List-Unsubscribe"); h != "<https://suivi.example/p/abc/desabonnement?sujet=survey>" {
		t.Errorf("refused at %q", h)
	}
	if h := got[0].GetHeader("List-Unsubscribe-Post"); h != "List-Unsubscribe=One-Click" {
		t.Errorf("refused by %q", h)
	}
	if h := got[1].GetHeader("List-Unsubscribe") + got[1].GetHeader("List-Unsubscribe-Post"); h != "" {
		t.Errorf("a letter about an order can be refused: %q", h)
	}
}
