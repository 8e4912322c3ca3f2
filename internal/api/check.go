package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/money"
)

// checker holds a parsed body against the schema that the OpenAPI document shows
// for it, and tells all that differs in our words. huma could do the same, but
// tells it in sentences that no program should compare. What a value means is
// for the rooms to judge.
type checker struct {
	schemas huma.Registry
	faults  fault.List
}

func (c *checker) value(path string, s *huma.Schema, v any) {
	for s.Ref != "" {
		s = c.schemas.SchemaFromRef(s.Ref)
	}
	switch s.Type {
	case huma.TypeObject:
		checked(c, path, s, v, c.object)
	case huma.TypeArray:
		checked(c, path, s, v, c.list)
	case huma.TypeString:
		checked(c, path, s, v, c.text)
	case huma.TypeBoolean:
		checked(c, path, s, v, func(string, *huma.Schema, bool) {})
	case huma.TypeInteger, huma.TypeNumber:
		checked(c, path, s, v, c.number)
	}
}

// checked goes on with a value of the type that the schema asks for.
func checked[T any](c *checker, path string, s *huma.Schema, v any, next func(string, *huma.Schema, T)) {
	t, ok := v.(T)
	if !ok {
		c.faults.Add(fault.Invalid, "wrong_type", orBody(path), "expected", s.Type)
		return
	}
	next(path, s, t)
}

// orBody names the whole when there is no path.
func orBody(path string) string {
	if path == "" {
		return "body"
	}
	return path
}

func (c *checker) object(path string, s *huma.Schema, o map[string]any) {
	for _, name := range s.Required {
		if o[name] == nil {
			c.faults.Add(fault.Invalid, "field_required", join(path, name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o)) {
		field, known := s.Properties[name]
		if every, ok := s.AdditionalProperties.(*huma.Schema); ok {
			field, known = every, true
		}
		switch {
		case !known:
			c.faults.Add(fault.Invalid, "field_unknown", orBody(join(path, name)))
		case o[name] != nil: // null is a field left out
			c.value(join(path, name), field, o[name])
		}
	}
}

func (c *checker) list(path string, s *huma.Schema, l []any) {
	if s.MaxItems != nil && len(l) > *s.MaxItems {
		c.faults.Add(fault.Invalid, "list_too_long", path, "limit", *s.MaxItems)
		return
	}
	if s.MinItems != nil && len(l) < *s.MinItems {
		c.faults.Add(fault.Invalid, "field_required", path)
	}
	for i, v := range l {
		c.value(fmt.Sprintf("%s[%d]", path, i), s.Items, v)
	}
}

func (c *checker) text(path string, s *huma.Schema, text string) {
	switch {
	case s.MaxLength != nil && utf8.RuneCountInString(text) > *s.MaxLength:
		c.faults.Add(fault.Invalid, "field_too_long", path, "limit", *s.MaxLength)
	case s.MinLength != nil && strings.TrimSpace(text) == "":
		c.faults.Add(fault.Invalid, "field_required", path)
	case len(s.Enum) > 0 && !slices.Contains(s.Enum, any(text)):
		c.faults.Add(fault.Invalid, "unknown_value", path, "value", text, "known", words(s.Enum))
	default:
		c.format(path, s.Format, text)
	}
}

func words(vs []any) []string {
	ws := make([]string, len(vs))
	for i, v := range vs {
		ws[i] = fmt.Sprint(v)
	}
	return ws
}

// format checks texts that our types would refuse without saying where.
func (c *checker) format(path, format, text string) {
	switch format {
	case "date":
		if _, err := civil.ParseDay(text); err != nil {
			c.faults.Add(fault.Invalid, "day_invalid", path, "value", text)
		}
	case "date-time":
		if _, err := civil.ParseInstant(text); err != nil {
			c.faults.Add(fault.Invalid, "instant_invalid", path, "value", text)
		}
	case "currency":
		if _, err := money.ParseCurrency(text); err != nil {
			c.faults.Add(fault.Invalid, "unknown_currency", path, "currency", text)
		}
	}
}

func (c *checker) number(path string, s *huma.Schema, n json.Number) {
	var err error
	if s.Type == huma.TypeInteger {
		_, err = strconv.ParseInt(n.String(), 10, 64)
	} else {
		_, err = strconv.ParseFloat(n.String(), 64)
	}
	switch {
	case errors.Is(err, strconv.ErrRange):
		c.faults.Add(fault.Invalid, "number_uncountable", path)
	case err != nil:
		c.faults.Add(fault.Invalid, "wrong_type", path, "expected", s.Type)
	}
}
