package app

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync/atomic"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/promesse-dev/promesse/internal/demo"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/notify/email"
)

// mailbox is a mail server inside the demo, on loopback: letters leave by a
// real SMTP conversation and arrive here instead of at strangers' addresses. It
// counts them, and gives the demo's shoppers what they need of theirs.
type mailbox struct {
	server   *smtp.Server
	addr     string
	received atomic.Int64
	letters  demo.Inbox
}

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

// channels lead to it.
func (m *mailbox) channels() notify.Channels {
	sender := email.Sender{Addr: m.addr, From: "bonjour@promesse.test", Plain: true}
	return notify.Channels{notify.Email: sender.Send}
}

func (m *mailbox) close() error {
	if err := m.server.Close(); err != nil && !errors.Is(err, smtp.ErrServerClosed) {
		return err
	}
	return nil
}

// count is how many letters arrived since the start.
func (m *mailbox) count() int64 { return m.received.Load() }

// mailSession is one conversation.
type mailSession struct {
	box *mailbox
	to  string
}

func (s *mailSession) Mail(string, *smtp.MailOptions) error {
	s.to = ""
	return nil
}

func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.to != "" {
		return &smtp.SMTPError{Code: 452, Message: "one recipient a letter"}
	}
	s.to = to
	return nil
}

func (s *mailSession) Data(r io.Reader) error {
	letter, err := mail.ReadMessage(r)
	if err != nil {
		return &smtp.SMTPError{Code: 554, Message: "that is no letter"}
	}
	text, err := plainText(letter)
	if err != nil {
		return &smtp.SMTPError{Code: 554, Message: "nobody can read that"}
	}
	s.box.letters.Receive(s.to, text)
	s.box.letters.Open(demo.Secret{To: s.to, Subject: subjectOf(letter), Text: text})
	s.box.received.Add(1)
	return nil
}

// subjectOf is what a letter is about, as it is read.
func subjectOf(letter *mail.Message) string {
	subject, err := new(mime.WordDecoder).DecodeHeader(letter.Header.Get("Subject"))
	if err != nil {
		return letter.Header.Get("Subject")
	}
	return subject
}

// plainText is the part of a letter that is text without markup: the first one,
// as letters put theirs.
func plainText(letter *mail.Message) (string, error) {
	media, args, err := mime.ParseMediaType(letter.Header.Get("Content-Type"))
	if err != nil {
		return "", err
	}
	if !strings.HasPrefix(media, "multipart/") {
		text, err := io.ReadAll(quotedprintable.NewReader(letter.Body))
		return string(text), err
	}
	part, err := multipart.NewReader(letter.Body, args["boundary"]).NextPart()
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(part) // the reader undoes quoted-printable by itself
	return string(text), err
}

func (s *mailSession) Reset()        { s.to = "" }
func (s *mailSession) Logout() error { return nil }
