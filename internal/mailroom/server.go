package mailroom

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/platform/blob"
)

// The limits of a conversation.
const (
	maxLetter     = blob.MaxBytes
	maxRecipients = 10
	lineTime      = 30 * time.Second
	takeTime      = 25 * time.Second // for all that follows from one letter
	maxTalks      = 50               // conversations at a time
)

// Server speaks SMTP for a room.
type Server struct {
	smtp *smtp.Server
	done sync.WaitGroup
}

// Serve begins to take letters at a listener, which it closes in the end.
func (r Room) Serve(l net.Listener) *Server {
	s := &Server{smtp: smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &talk{room: r}, nil }))}
	s.smtp.Domain = r.Addresses.host
	s.smtp.MaxMessageBytes, s.smtp.MaxRecipients = maxLetter, maxRecipients
	s.smtp.ReadTimeout, s.smtp.WriteTimeout = lineTime, lineTime
	s.done.Go(func() { _ = s.smtp.Serve(&few{Listener: l, places: make(chan struct{}, maxTalks)}) })
	return s
}

// Close hangs up, and waits for the server to be gone. No server is gone already.
func (s *Server) Close() error {
	if s == nil {
		return nil
	}
	err := s.smtp.Close()
	s.done.Wait()
	if errors.Is(err, smtp.ErrServerClosed) {
		return nil
	}
	return err
}

// few is a listener that holds so many conversations at a time.
type few struct {
	net.Listener
	places chan struct{}
}

// Accept waits for a caller and for a place.
func (f *few) Accept() (net.Conn, error) {
	c, err := f.Listener.Accept()
	if err != nil {
		return nil, err
	}
	f.places <- struct{}{}
	return &placed{Conn: c, leave: sync.OnceFunc(func() { <-f.places })}, nil
}

// placed is a conversation that gives its place back.
type placed struct {
	net.Conn
	leave func()
}

// Close hangs up.
func (p *placed) Close() error {
	p.leave()
	return p.Conn.Close()
}

// talk is one conversation.
type talk struct {
	room   Room
	sender string
	to     []Address
}

var (
	errNobody  = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "nobody reads letters at that address"}
	errTrouble = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "not now; try again later"}
	errRefused = &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "this letter can not be taken"}
)

func (t *talk) Mail(from string, _ *smtp.MailOptions) error {
	t.sender, t.to = from, nil
	return nil
}

func (t *talk) Rcpt(to string, _ *smtp.RcptOptions) error {
	a, ok := t.room.Addresses.Read(to)
	if !ok {
		return errNobody
	}
	t.to = append(t.to, a)
	return nil
}

func (t *talk) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), takeTime)
	defer cancel()
	for _, a := range t.to {
		err := t.room.Take(ctx, a, t.sender, raw)
		switch {
		case err == nil:
		case fault.KindOf(err) == fault.Internal || fault.KindOf(err) == fault.TooMany: // no rule was broken, or one that bends
			t.room.Log.Error("a letter could not be taken", "merchant", a.Merchant, "message", a.Message, "err", err)
			return errTrouble
		default:
			return errRefused
		}
	}
	return nil
}

func (t *talk) Reset()        { t.sender, t.to = "", nil }
func (t *talk) Logout() error { return nil }
