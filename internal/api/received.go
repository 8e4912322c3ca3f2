package api

import (
	"bytes"
	"io"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// humaContext gives the interface a name that does not clash with its method Context.
type humaContext = huma.Context

// received is a request whose body was read and checked already.
type received struct {
	humaContext
	raw []byte
}

// BodyReader gives the body once more.
func (r received) BodyReader() io.Reader { return bytes.NewReader(r.raw) }

// SetReadDeadline does nothing: there is nothing left to wait for.
func (r received) SetReadDeadline(time.Time) error { return nil }

// Unwrap gives the request as it came.
func (r received) Unwrap() huma.Context { return r.humaContext }
