package live

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// stream is the connection of somebody who looks. Idle, it costs a goroutine that
// waits for the other end to go away; whatever is to be written is written by a
// goroutine of the moment, so that a client that does not read holds up nobody.
type stream struct {
	conn     net.Conn
	patience time.Duration

	mu      sync.Mutex
	version string // the last one that was to be told
	told    string // the last one that was
	spoke   time.Time
	writing bool
}

// retry is after how long a browser comes back.
const retry = 2 * time.Second

// take takes the connection of a request from its server, which frees what that
// keeps for it. head, with the first version in it, is to be spoken first.
func take(w http.ResponseWriter, version string, patience time.Duration) (s *stream, head []byte, err error) {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // proxies that wait for more would wait for ever
	h.Set("Connection", "close")     // the answer ends with it
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, http.StatusText(http.StatusNotImplemented), http.StatusNotImplemented)
		return nil, nil, err
	}
	var b bytes.Buffer
	b.WriteString("HTTP/1.1 200 OK\r\n")
	_ = h.Write(&b) // memory takes everything
	b.WriteString("\r\nretry: " + strconv.FormatInt(retry.Milliseconds(), 10) + "\n")
	b.Write(event(version))
	_ = conn.SetReadDeadline(time.Time{}) // that of a request, which is read already
	return &stream{conn: conn, patience: patience, version: version, told: version, writing: true}, b.Bytes(), nil
}

func event(version string) []byte {
	data, _ := json.Marshal(version) // a text always can be written
	return append(append([]byte(`event: version`+"\n"+`data: {"version":`), data...), "}\n\n"...)
}

// wait returns when the client went away, or was given up. A client has nothing
// to say: what it says is not kept.
func (s *stream) wait() {
	var nothing [1]byte
	for {
		if _, err := s.conn.Read(nothing[:]); err != nil {
			s.close()
			return
		}
	}
}

func (s *stream) close() { _ = s.conn.Close() }

// tell has a version written. It never waits: of versions that come while one is
// being written, the last one follows.
func (s *stream) tell(version string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.version = version; !s.writing {
		s.writing = true
		go s.speak(nil)
	}
}

// pulse has a sign of life written when nothing was for a while.
func (s *stream) pulse(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.writing && now.Sub(s.spoke) >= beat {
		s.writing = true
		go s.speak([]byte(":\n\n"))
	}
}

// speak writes until there is nothing more to say, and gives up on whoever does
// not take it.
func (s *stream) speak(text []byte) {
	for text = s.next(text); text != nil; text = s.next(nil) {
		if s.write(text) != nil {
			s.close()
			return // still writing, as far as others see: nobody tries again
		}
	}
}

// next is what to write: the text given, else the version that was not told yet.
func (s *stream) next(text []byte) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case text != nil:
	case s.version != s.told:
		s.told = s.version
		text = event(s.version)
	default:
		s.writing = false
		return nil
	}
	s.spoke = time.Now()
	return text
}

func (s *stream) write(text []byte) error {
	if err := s.conn.SetWriteDeadline(time.Now().Add(s.patience)); err != nil {
		return err
	}
	_, err := s.conn.Write(text)
	return err
}
