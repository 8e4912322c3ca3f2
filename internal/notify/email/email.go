// Package email is the channel that hands letters to an SMTP server: text and
// HTML side by side, one recipient a message, one connection a message.
//
// It stores nothing and decides nothing: it says whether the server accepted a
// letter, refused it for good, or may take it another time. A letter keeps its
// Message-ID and its date at every try.
//
// It does not sign (the server does, with its own keys), does not read bounces,
// and sends no attachment.
package email

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"time"

	smtp "github.com/wneessen/go-mail"

	"github.com/promesse-dev/promesse/internal/notify"
)

// Sender is an SMTP server and who writes through it.
type Sender struct {
	Addr     string // host:port; on port 465 encrypted from the first byte, else by STARTTLS
	From     string // address all letters come from
	User     string // empty: the server asks for no login
	Password string
	Plain    bool           // no encryption: for a server on this machine only
	Roots    *x509.CertPool // certificates to trust instead of the machine's; may be nil
	Hello    string         // name of this machine; empty: as the system says
	Timeout  time.Duration  // of a whole conversation; zero: 15 s
}

// implicitTLS is the port of submission over TLS. Source: RFC 8314, section 3.3.
const implicitTLS = 465

// Send hands over a letter. It answers nil once the server has accepted it,
// notify.Refused when the server will never take it, and another error when it
// may later.
func (s Sender) Send(ctx context.Context, l notify.Letter) error {
	m, err := s.message(l)
	if err != nil {
		return notify.Refused{Reason: "address_invalid", Err: err}
	}
	c, err := s.client()
	if err != nil {
		return fmt.Errorf("email: %w", err)
	}
	err = c.DialAndSendWithContext(ctx, m)
	if err == nil || m.IsDelivered() {
		return nil // accepted, even if the goodbye was lost
	}
	return verdict(nameless{err, l.To})
}

// nameless is what a server said without the address it said it of: errors are
// kept with parked work and logged, where nobody's address belongs.
type nameless struct {
	error
	address string
}

// Error is for logs.
func (n nameless) Error() string { return strings.ReplaceAll(n.error.Error(), n.address, "…") }

// Unwrap gives the error as it came, to be looked into, never written.
func (n nameless) Unwrap() error { return n.error }

func (s Sender) client() (*smtp.Client, error) {
	host, service, err := net.SplitHostPort(s.Addr)
	if err != nil {
		return nil, err
	}
	port, err := strconv.Atoi(service)
	if err != nil {
		return nil, err
	}
	opts := []smtp.Option{smtp.WithPort(port), smtp.WithTLSPolicy(smtp.TLSMandatory), smtp.WithoutNoop()}
	switch {
	case s.Plain:
		opts = append(opts, smtp.WithTLSPolicy(smtp.NoTLS))
	case port == implicitTLS:
		opts = append(opts, smtp.WithSSL())
	}
	return smtp.NewClient(host, append(opts, s.options(host)...)...)
}

func (s Sender) options(host string) (opts []smtp.Option) {
	if s.Roots != nil {
		opts = append(opts, smtp.WithTLSConfig(&tls.Config{ServerName: host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12}))
	}
	if s.Hello != "" {
		opts = append(opts, smtp.WithHELO(s.Hello))
	}
	if s.Timeout > 0 {
		opts = append(opts, smtp.WithTimeout(s.Timeout))
	}
	if s.User != "" {
		opts = append(opts, smtp.WithSMTPAuth(smtp.SMTPAuthAutoDiscover), smtp.WithUsername(s.User), smtp.WithPassword(s.Password))
	}
	return opts
}

func (s Sender) message(l notify.Letter) (*smtp.Msg, error) {
	to, err := mail.ParseAddress(l.To)
	if err != nil {
		return nil, err
	}
	// The boundary follows from the name, so that every try sends the same bytes. It
	// holds no sign that would have to be quoted: the library writes it bare.
	// Source: RFC 2045, section 5.1 (tspecials).
	boundary := "_" + strings.Map(token, l.MessageID)
	m := smtp.NewMsg(smtp.WithNoDefaultUserAgent(), smtp.WithBoundary(boundary))
	m.FromMailAddress(&mail.Address{Name: l.From, Address: s.From})
	if err := m.EnvelopeFrom(cmp.Or(l.Return, s.From)); err != nil {
		return nil, err
	}
	m.ToMailAddress(&mail.Address{Name: l.ToName, Address: to.Address})
	// What is no address costs the shopper the way to answer, not the letter.
	if answers, err := mail.ParseAddress(l.ReplyTo); err == nil {
		m.ReplyToMailAddress(answers)
	}
	m.Subject(l.Subject)
	m.SetMessageIDWithValue(l.MessageID)
	m.SetDateWithValue(l.At.Time())
	// RFC 3834: no out-of-office answers to what no person wrote.
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetGenHeader("Content-Language", string(l.Locale))
	if l.Refuse != "" { // RFC 8058: refused from the mailbox, with one press
		m.SetGenHeader("List-Unsubscribe", "<"+l.Refuse+">")
		m.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
	m.SetBodyString(smtp.TypeTextPlain, l.Text)
	m.AddAlternativeString(smtp.TypeTextHTML, l.HTML)
	return m, nil
}

// token keeps what may stand in a boundary.
func token(r rune) rune {
	if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
		return r
	}
	return -1
}

// login are the codes by which a server says that it does not know us: our
// configuration is at fault, not the letter. Source: RFC 4954, section 6.
var login = map[int]bool{530: true, 534: true, 535: true, 538: true}

// verdict parts what the server will never take from what it may take later. A
// lost connection is always worth another try.
func verdict(err error) error {
	var no *smtp.SendError
	if !errors.As(err, &no) {
		return fmt.Errorf("email: %w", err)
	}
	code := no.ErrorCode()
	if code < 500 || code > 599 || login[code] {
		return fmt.Errorf("email: %w", err)
	}
	return notify.Refused{Reason: fmt.Sprintf("smtp_%d", code), Err: err}
}
