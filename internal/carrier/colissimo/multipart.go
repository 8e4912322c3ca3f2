package colissimo

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"strings"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/platform/egress"
)

// The parts of an answer, by Content-ID.
const (
	partJSON  = "jsonInfos"
	partLabel = "label"
)

// maxParts is more than any answer has.
const maxParts = 8

// partsOf takes an answer apart. The boundary stands in the header or, as some
// servers have it, on the first line alone. An answer that is JSON and nothing
// else is its own description.
func partsOf(a egress.Answer) (map[string][]byte, error) {
	body := bytes.TrimLeft(a.Body, "\r\n\t ")
	if bytes.HasPrefix(body, []byte("{")) {
		return map[string][]byte{partJSON: body}, nil
	}
	boundary := boundaryOf(a.Header.Get("Content-Type"), body)
	if boundary == "" {
		return nil, carrier.Unread("no boundary", nil)
	}
	parts := map[string][]byte{}
	r := multipart.NewReader(bytes.NewReader(body), boundary)
	for range maxParts {
		p, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, carrier.Unread("multipart", err)
		}
		content, err := io.ReadAll(p)
		if err != nil {
			return nil, carrier.Unread("multipart", err)
		}
		parts[strings.Trim(p.Header.Get("Content-ID"), "<> ")] = content
	}
	return parts, nil
}

func boundaryOf(contentType string, body []byte) string {
	_, params, err := mime.ParseMediaType(contentType)
	if err == nil && params["boundary"] != "" {
		return params["boundary"]
	}
	first, _, _ := bytes.Cut(body, []byte("\n"))
	mark, found := strings.CutPrefix(strings.TrimSpace(string(first)), "--")
	if !found || len(mark) > 70 { // RFC 2046, 5.1.1
		return ""
	}
	return mark
}
