package bench

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// reader is a browser as far as the machine feels it: one connection that asks
// for one page after the other, as it travels, and looks at nothing but its size.
// It is cheap, because it shares the machine with the server that is measured.
type reader struct {
	conn net.Conn
	in   *bufio.Reader
	read int // bytes of all answers
}

// dial opens a reader of the server at "http://host:port".
func dial(base string) (*reader, error) {
	c, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
	if err != nil {
		return nil, err
	}
	r := &reader{conn: c}
	r.in = bufio.NewReader(counting{c, &r.read})
	return r, nil
}

// counting counts what it reads.
type counting struct {
	from io.Reader
	n    *int
}

func (c counting) Read(b []byte) (int, error) {
	n, err := c.from.Read(b)
	*c.n += n
	return n, err
}

// get asks for a path and reads the answer to its end.
func (r *reader) get(path string) error {
	if _, err := io.WriteString(r.conn, "GET "+path+" HTTP/1.1\r\nHost: bench\r\nAccept-Encoding: gzip\r\n\r\n"); err != nil {
		return err
	}
	a, err := http.ReadResponse(r.in, nil)
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, a.Body); err != nil {
		return err
	}
	if a.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: %s", path, a.Status)
	}
	return a.Body.Close()
}

// size is how many bytes the answer to a path is, with its head, as it travels.
func size(base, path string) (int, error) {
	r, err := dial(base)
	if err != nil {
		return 0, err
	}
	defer func() { _ = r.conn.Close() }()
	err = r.get(path)
	return r.read, err
}

// text is the answer to a path, unpacked.
func text(ctx context.Context, url string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = a.Body.Close() }()
	if a.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("GET %s: %s", url, a.Status)
	}
	return io.ReadAll(a.Body)
}

// server is a process that serves, to be measured from outside.
type server struct {
	base string
	pid  int
}

// browsers is how many readers ask at the same time.
const browsers = 4

// reads has paths read, once each, by several readers, and measures the server.
func (s server) reads(paths []string) (took Sample, err error) {
	before, err := processTime(s.pid)
	if err != nil {
		return took, err
	}
	began := time.Now()
	err = sideBySide(browsers, func(worker int) error {
		r, err := dial(s.base)
		if err != nil {
			return err
		}
		defer func() { _ = r.conn.Close() }()
		for i := worker; i < len(paths); i += browsers {
			if err := r.get(paths[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return took, err
	}
	took = Sample{Ops: len(paths), Wall: time.Since(began)}
	after, err := processTime(s.pid)
	took.CPU = after - before
	return took, err
}
