package ui

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

// maxForm is how many bytes of a form we read.
const maxForm = 1 << 16

// readable refuses what no database keeps and no reader typed: bytes that are no
// text. In a path they name nothing (not_found), in a query they are
// query_invalid, in a form form_unreadable. The form is read here and given on as
// it came, so that pages may read it as they like; one that does not end is
// form_too_large, unless the route takes its beginning.
func readable(w http.ResponseWriter, r *http.Request, of Route) error {
	if !kept(r.URL.Path) {
		return fault.New(fault.NotFound, "not_found", "")
	}
	if r.URL.RawQuery != "" {
		query, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil || !allKept(query) {
			return fault.New(fault.Invalid, "query_invalid", "").Because(err)
		}
	}
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	if of.Files > 0 && severalParts(r.Header) {
		return readParts(w, r, of.Files)
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxForm))
	var long *http.MaxBytesError
	if errors.As(err, &long) && of.Beginning {
		r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(raw), failing{err}))
		return nil
	}
	if long != nil {
		return fault.New(fault.Invalid, "form_too_large", "", "limit", maxForm)
	}
	if err == nil {
		err = typed(r.Header, raw, of.Beginning)
	}
	if err != nil { // also one that was announced and did not come
		return fault.New(fault.Invalid, "form_unreadable", "").Because(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(raw))
	return nil
}

var errNoText = errors.New("bytes that are no text")

// maxInMemory is how much of a form with files is held in memory; the rest lies in
// temporary files until the answer is sent.
const maxInMemory = 1 << 20

func severalParts(h http.Header) bool {
	kind, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	return strings.HasPrefix(kind, "multipart/")
}

// readParts reads a form with files. What its texts hold is looked at as in any
// form; what its files hold is the page's affair.
func readParts(w http.ResponseWriter, r *http.Request, most int64) error {
	r.Body = http.MaxBytesReader(w, r.Body, most)
	err := r.ParseMultipartForm(maxInMemory)
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		return fault.New(fault.Invalid, "form_too_large", "", "limit", most)
	}
	if err == nil && !allKept(r.MultipartForm.Value) {
		err = errNoText
	}
	if err != nil {
		return fault.New(fault.Invalid, "form_unreadable", "").Because(err)
	}
	return nil
}

// typed reports what keeps a form from being one that somebody typed: few pages
// take files. Who takes the beginning of a form puts up with odd escapes.
func typed(h http.Header, raw []byte, lenient bool) error {
	if severalParts(h) {
		return errors.New("a form of several parts")
	}
	form, err := url.ParseQuery(string(raw))
	if !allKept(form) {
		return errNoText
	}
	if lenient {
		return nil
	}
	return err
}

// failing is the end of a body that could not be read to its end.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func kept(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

func allKept(form url.Values) bool {
	for name, values := range form {
		if !kept(name) {
			return false
		}
		for _, v := range values {
			if !kept(v) {
				return false
			}
		}
	}
	return true
}
