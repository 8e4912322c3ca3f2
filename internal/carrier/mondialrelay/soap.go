package mondialrelay

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/charmap"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/platform/egress"
)

// namespace of the older service.
const namespace = "http://www.mondialrelay.fr/webservice/"

// param is one value of a request. Their order is that of the WSDL: the
// signature depends on it.
type param struct{ name, value string }

// security is the signature of a request: MD5, in capitals, of the values one
// after another and the private key, in ISO-8859-1. Verified against recorded
// exchanges, all of them ASCII; the manual's UTF-8 is said to be wrong.
func security(params []param, key string) string {
	h := md5.New()
	for _, p := range params {
		_, _ = io.WriteString(h, p.value)
	}
	_, _ = io.WriteString(h, key)
	return strings.ToUpper(hex.EncodeToString(h.Sum(nil)))
}

// latin1 writes what a request may hold; anything else becomes a question mark.
func latin1(s string) string {
	var out strings.Builder
	for _, r := range s {
		b, ok := charmap.ISO8859_1.EncodeRune(r)
		if !ok {
			b = '?'
		}
		out.WriteByte(b)
	}
	return out.String()
}

// envelope writes a request: the values, then the signature. Empty values are
// left out, and so add nothing to the signature either.
func envelope(operation string, params []param, secret string) []byte {
	var out bytes.Buffer
	out.WriteString(`<?xml version="1.0" encoding="utf-8"?>` +
		`<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>`)
	fmt.Fprintf(&out, `<%s xmlns="%s">`, operation, namespace)
	signed := make([]param, 0, len(params))
	for _, p := range params {
		if p.value != "" {
			element(&out, p)
			signed = append(signed, param{p.name, latin1(p.value)})
		}
	}
	element(&out, param{"Security", security(signed, secret)})
	fmt.Fprintf(&out, `</%s></soap:Body></soap:Envelope>`, operation)
	return out.Bytes()
}

func element(out *bytes.Buffer, p param) {
	fmt.Fprintf(out, "<%s>", p.name)
	_ = xml.EscapeText(out, []byte(p.value)) // a buffer takes all
	fmt.Fprintf(out, "</%s>", p.name)
}

// ask calls an operation and gives the answer whole.
func (ad Adapter) ask(ctx context.Context, out *egress.Client, c carrier.Connection, a carrier.Account, operation string, params []param) ([]byte, error) {
	answer, err := carrier.Exchange(ctx, out, egress.Call{
		To: string(c.ID), Method: "POST", URL: ad.hosts(a).SOAP, Most: carrier.MostAnswer,
		Header: map[string]string{"Content-Type": "text/xml; charset=utf-8", "SOAPAction": `"` + namespace + operation + `"`},
		Body:   envelope(operation, params, a.Field(key)),
	})
	if err != nil {
		return nil, err
	}
	if answer.Status != 200 {
		return nil, carrier.Unread(fmt.Sprintf("HTTP %d", answer.Status), nil)
	}
	return answer.Body, nil
}

// result reads the result of an operation out of its answer. The errors are
// Refusals.
func result[T any](raw []byte, operation string) (T, error) {
	var e struct {
		Body struct {
			Fault *struct {
				Text string `xml:"faultstring"`
			}
			Response struct {
				XMLName xml.Name
				Result  T `xml:",any"`
			} `xml:",any"`
		}
	}
	if err := unmarshal(raw, &e); err != nil {
		return e.Body.Response.Result, carrier.Unread("no XML", err)
	}
	switch r := e.Body.Response; {
	case e.Body.Fault != nil:
		return r.Result, carrier.Refusal{Why: carrier.RefusedRequest, Code: "fault", Text: carrier.Said(e.Body.Fault.Text)}
	case r.XMLName.Local != operation+"Response":
		return r.Result, carrier.Unread("answer to something else", nil)
	default:
		return r.Result, nil
	}
}

// unmarshal reads XML in the two ways it may be written here.
func unmarshal(raw []byte, into any) error {
	d := xml.NewDecoder(bytes.NewReader(raw))
	d.CharsetReader = func(charset string, in io.Reader) (io.Reader, error) {
		switch strings.ToLower(charset) {
		case "iso-8859-1", "windows-1252":
			return charmap.Windows1252.NewDecoder().Reader(in), nil
		}
		return nil, fmt.Errorf("charset %q", charset)
	}
	return d.Decode(into)
}

// filled is a value as it was meant: the service pads with spaces.
type filled string

// UnmarshalText trims.
func (f *filled) UnmarshalText(b []byte) error {
	*f = filled(strings.TrimSpace(string(b)))
	return nil
}
