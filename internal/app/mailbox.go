package app

import (
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// mailbox is a mail server inside the demo, on loopback: letters leave by a
// real SMTP conversation and arrive here instead of at strangers' addresses.
type mailbox struct {
	server *smtp.Server
	addr   string

	mu       sync.Mutex
	received int
	last     []mail // the newest ones, oldest first
}

// mail is one letter as received.
type mail struct {
	From, To string
	Data     []byte
}

// keptMails bounds what the mailbox remembers.
const keptMails = 200

// maxMail is far above any letter of ours.
const maxMail = 1 << 20

func openMailbox() (*mailbox, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("mailbox: %w", err)
	}
	m := &mailbox{addr: l.Addr().String()}
	m.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &mailSession{box: m}, nil
	}))
	m.server.Domain = "localhost"
	m.server.MaxMessageBytes = maxMail
	m.server.ReadTimeout, m.server.WriteTimeout = 10*time.Second, 10*time.Second
	go func() { _ = m.server.Serve(l) }()
	return m, nil
}

func (m *mailbox) close() error {
	if err := m.server.Close(); err != nil && !errors.Is(err, smtp.ErrServerClosed) {
		return err
	}
	return nil
}

func (m *mailbox) keep(l mail) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.received++
	m.last = append(m.last, l)
	if over := len(m.last) - keptMails; over > 0 {
		m.last = append([]mail(nil), m.last[over:]...)
	}
}

// count is how many letters arrived since the start.
func (m *mailbox) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.received
}

// mailSession is one conversation.
type mailSession struct {
	box  *mailbox
	mail mail
}

func (s *mailSession) Mail(from string, _ *smtp.MailOptions) error {
	s.mail = mail{From: from}
	return nil
}

func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.mail.To != "" {
		return &smtp.SMTPError{Code: 452, Message: "one recipient a letter"}
	}
	s.mail.To = to
	return nil
}

func (s *mailSession) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.mail.Data = b
	s.box.keep(s.mail)
	return nil
}

func (s *mailSession) Reset()        { s.mail = mail{} }
func (s *mailSession) Logout() error { return nil }
