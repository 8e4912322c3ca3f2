package carrier

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/platform/egress"
)

// What adapters read of an answer, in bytes (a label's is larger than a list's).
const (
	MostAnswer = 2 << 20
	MostLabel  = 10 << 20
)

// longestWait is the longest that a carrier may ask us to stay away.
const longestWait = time.Hour

// Exchange makes an adapter's call. The errors are Refusals: Busy when the other
// side has had enough or is left alone, Unheard for anything that may have been
// heard there and was not answered, and a final one for an address that may not
// be called. An answer of any other status below 500 is given as it is.
func Exchange(ctx context.Context, out *egress.Client, in egress.Call) (egress.Answer, error) {
	if in.Header == nil {
		in.Header = map[string]string{}
	}
	in.Header["User-Agent"] = "promesse"
	a, err := out.Do(ctx, in)
	switch {
	case errors.Is(err, egress.ErrForbidden):
		return a, Refusal{Why: RefusedRequest, Code: "address forbidden", Final: true, Err: err}
	case errors.Is(err, egress.ErrResting):
		return a, Refusal{Why: Busy, Code: "left alone", Err: err}
	case err != nil:
		return a, Refusal{Why: Unheard, Code: "no answer", Err: err}
	case a.Status == 429:
		return a, Refusal{Why: Busy, Code: "HTTP 429", Wait: waitOf(a.Header.Get("Retry-After"))}
	case a.Status >= 500 || a.Status == 408:
		return a, Refusal{Why: Unheard, Code: "HTTP " + strconv.Itoa(a.Status)}
	}
	return a, nil
}

// waitOf reads Retry-After in seconds; as a date it is not worth a clock here.
func waitOf(header string) time.Duration {
	n, err := strconv.Atoi(strings.TrimSpace(header))
	if err != nil || n < 0 {
		return 0
	}
	return min(time.Duration(n)*time.Second, longestWait)
}

// Unread is an answer that can not be read. what says in a few words why.
func Unread(what string, err error) Refusal { return Refusal{Why: Unheard, Code: what, Err: err} }

// Said makes a carrier's sentence fit to be shown: plain text, not endless.
func Said(text string) string { return sayable(text) }

// WholePDF reports whether bytes are a PDF from its beginning to its end
// (PDF 32000-1, 7.5.2 and 7.5.5).
func WholePDF(b []byte) bool {
	return bytes.HasPrefix(b, []byte("%PDF-")) && bytes.Contains(b[max(0, len(b)-1024):], []byte("%%EOF"))
}

// WholeZPL reports whether bytes are a label in ZPL from its beginning to its end.
func WholeZPL(b []byte) bool {
	b = bytes.TrimSpace(b)
	return bytes.HasPrefix(b, []byte("^XA")) && bytes.HasSuffix(b, []byte("^XZ"))
}

// Clocked is an instant read off a carrier's clock, with what it proves: t is in
// the zone where the clock hangs, and offset says that the carrier wrote which.
func Clocked(t time.Time, p Precision, offset bool) Moment {
	return first(t, p, t.Location(), offset)
}
