package api

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

// The bounds of a request's body.
const (
	maxBody  = 1 << 20 // bytes, where its route says nothing else
	maxDepth = 32      // of nested lists and objects
)

// readAll reads a body of so many bytes at most, whole or not at all. The fault
// is body_too_large.
func readAll(r io.Reader, most int) ([]byte, error) {
	if r == nil {
		return nil, nil
	}
	raw, err := io.ReadAll(io.LimitReader(r, int64(most)+1))
	if len(raw) > most {
		return nil, fault.New(fault.TooLarge, "body_too_large", "", "limit", most)
	}
	if err != nil { // the caller went away, or was too slow
		return nil, fault.New(fault.Invalid, "invalid_json", "").Because(err)
	}
	return raw, nil
}

// readJSON reads a body by a schema and answers it without its byte order mark.
// The faults, all with their field: field_required (no body), invalid_utf8,
// invalid_json, json_too_deep, duplicate_key, and those of checker.
func readJSON(raw []byte, schemas huma.Registry, s *huma.Schema) ([]byte, error) {
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil, fault.New(fault.Invalid, "field_required", "body")
	}
	if !utf8.Valid(raw) {
		return nil, fault.New(fault.Invalid, "invalid_utf8", "body")
	}
	v, err := parse(raw)
	if err != nil {
		return nil, err
	}
	c := checker{schemas: schemas}
	c.value("", s, v)
	return raw, c.faults.Err()
}

// parser reads a JSON text more strictly than encoding/json does: no key twice,
// no half of a character, no bottomless nesting.
type parser struct {
	raw []byte
	dec *json.Decoder
}

// parse gives a JSON text as maps, lists, strings, json.Numbers, truths and nils.
func parse(raw []byte) (any, error) {
	p := parser{raw: raw, dec: json.NewDecoder(bytes.NewReader(raw))}
	p.dec.UseNumber()
	v, err := p.value("", 0)
	if err != nil {
		return nil, err
	}
	if _, err := p.dec.Token(); err != io.EOF {
		return nil, malformed("", err)
	}
	return v, nil
}

func malformed(path string, err error) error {
	return fault.New(fault.Invalid, "invalid_json", path).Because(err)
}

func (p *parser) value(path string, depth int) (any, error) {
	if depth > maxDepth {
		return nil, fault.New(fault.Invalid, "json_too_deep", path, "limit", maxDepth)
	}
	t, err := p.token(path)
	if err != nil {
		return nil, err
	}
	switch t {
	case json.Delim('{'):
		return p.object(path, depth)
	case json.Delim('['):
		return p.list(path, depth)
	default:
		return t, nil
	}
}

func (p *parser) object(path string, depth int) (any, error) {
	o := map[string]any{}
	for p.dec.More() {
		t, err := p.token(path)
		if err != nil {
			return nil, err
		}
		name, ok := t.(string)
		if !ok {
			return nil, malformed(path, nil)
		}
		at := join(path, name)
		if _, twice := o[name]; twice {
			return nil, fault.New(fault.Invalid, "duplicate_key", at)
		}
		if o[name], err = p.value(at, depth+1); err != nil {
			return nil, err
		}
	}
	_, err := p.token(path)
	return o, err
}

func (p *parser) list(path string, depth int) (any, error) {
	l := []any{}
	for p.dec.More() {
		v, err := p.value(fmt.Sprintf("%s[%d]", path, len(l)), depth+1)
		if err != nil {
			return nil, err
		}
		l = append(l, v)
	}
	_, err := p.token(path)
	return l, err
}

// token reads the next token. A text in which the decoder had to replace half
// of a surrogate pair is refused, as is the character NUL, which no database keeps.
func (p *parser) token(path string) (json.Token, error) {
	before := p.dec.InputOffset()
	t, err := p.dec.Token()
	if err != nil {
		return nil, malformed(path, err)
	}
	s, ok := t.(string)
	if !ok || !strings.ContainsAny(s, "\x00\ufffd") {
		return t, nil
	}
	written := strings.ToLower(string(p.raw[before:p.dec.InputOffset()]))
	meant := strings.Count(written, "\ufffd") + strings.Count(written, `\ufffd`)
	if strings.Count(s, "\ufffd") > meant || strings.Contains(s, "\x00") {
		return nil, fault.New(fault.Invalid, "invalid_utf8", cmp.Or(path, "body"))
	}
	return t, nil
}

// join is the path of a field of an object. A name that nobody would write is cut.
func join(path, name string) string {
	const enough = 60
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '\ufffd'
		}
		return r
	}, name)
	if utf8.RuneCountInString(name) > enough {
		name = string([]rune(name)[:enough]) + "…"
	}
	if path == "" {
		return name
	}
	return path + "." + name
}
