// Package channeltest is the far side of a channel for tests: a real SMTP server
// inside the process, which takes letters, reads them back as a mail program
// would, and refuses or hangs up where the test says so.
package channeltest

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"strconv"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
	"github.com/jhillyerd/enmime/v2"
)

// Stage is a point of an SMTP conversation at which a server may answer.
type Stage string

// The stages.
const (
	Mail Stage = "mail" // MAIL FROM
	Rcpt Stage = "rcpt" // RCPT TO
	Data Stage = "data" // after the message's last line
	Done Stage = "done" // after the letter was accepted: the line can only go dead
)

// Trouble is what a server does instead of taking a letter.
type Trouble struct {
	At   Stage
	Code int // answered; 0: the line goes dead without a word
}

// Letter is a message the server got, whether it then accepted it or not.
type Letter struct {
	Sender    string // of the envelope
	Recipient string
	Raw       []byte
	*enmime.Envelope
	Accepted bool
}

// Server is an SMTP server on the loopback.
type Server struct {
	t        testing.TB
	addr     string
	mu       sync.Mutex
	troubles []Trouble
	letters  []Letter
}

// NewServer starts a server and stops it when the test ends. With certificates
// it offers STARTTLS.
func NewServer(t testing.TB, certificates ...tls.Certificate) *Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{t: t, addr: l.Addr().String()}
	srv := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &session{server: s, conn: c}, nil
	}))
	srv.Domain = "mail.test"
	srv.ErrorLog = silent{}
	if len(certificates) > 0 {
		srv.TLSConfig = &tls.Config{Certificates: certificates}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = srv.Serve(l)
	}()
	t.Cleanup(func() {
		_ = l.Close() // also when it was not served yet
		_ = srv.Close()
		<-done
	})
	return s
}

// Addr is where the server listens, host:port.
func (s *Server) Addr() string { return s.addr }

// Expect plans troubles, one a conversation, the first one first. Without any it takes everything.
func (s *Server) Expect(troubles ...Trouble) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.troubles = append(s.troubles, troubles...)
}

// Letters are all that arrived so far, in the order of arrival.
func (s *Server) Letters() []Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Letter(nil), s.letters...)
}

// Accepted are the letters that were taken.
func (s *Server) Accepted() (taken []Letter) {
	for _, l := range s.Letters() {
		if l.Accepted {
			taken = append(taken, l)
		}
	}
	return taken
}

func (s *Server) next() *Trouble {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.troubles) == 0 {
		return nil
	}
	t := s.troubles[0]
	s.troubles = s.troubles[1:]
	return &t
}

func (s *Server) keep(l Letter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.letters = append(s.letters, l)
}

// session is one conversation.
type session struct {
	server  *Server
	conn    *smtp.Conn
	trouble *Trouble
	letter  Letter
}

func (c *session) at(s Stage) error {
	if c.trouble == nil || c.trouble.At != s {
		return nil
	}
	if c.trouble.Code == 0 {
		_ = c.conn.Conn().Close()
	}
	return &smtp.SMTPError{
		Code: c.trouble.Code, EnhancedCode: smtp.EnhancedCode{c.trouble.Code / 100, 0, 0},
		Message: "planned trouble " + strconv.Itoa(c.trouble.Code),
	}
}

// Mail begins a letter.
func (c *session) Mail(from string, _ *smtp.MailOptions) error {
	c.trouble, c.letter = c.server.next(), Letter{Sender: from}
	return c.at(Mail)
}

// Rcpt says whom it is for.
func (c *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.letter.Recipient = to
	return c.at(Rcpt)
}

// Data takes the letter itself.
func (c *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	read, err := enmime.ReadEnvelope(bytes.NewReader(raw))
	if err != nil {
		c.server.t.Errorf("a letter that no mail program can read: %v", err)
		return err
	}
	c.letter.Raw, c.letter.Envelope = raw, read
	c.letter.Accepted = c.trouble == nil || c.trouble.At != Data
	c.server.keep(c.letter)
	return c.at(Data)
}

// Reset forgets the letter begun, or done.
func (c *session) Reset() {
	if c.letter.Accepted && c.trouble != nil && c.trouble.At == Done {
		_ = c.conn.Conn().Close()
	}
	c.letter = Letter{}
}

// Logout ends the conversation.
func (c *session) Logout() error { return nil }

type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}
