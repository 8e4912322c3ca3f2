// Package fault is how a broken rule travels from where it is broken to where a
// person reads it. A fault has a kind (what a caller can do about it), a stable
// code (what programs compare, and the key of its sentence in each language),
// the field it is about and the values its sentence needs. Anything that is not
// a fault is internal: logged whole, shown to nobody.
//
// Faults are made where the rule is broken, wrapped with verb and id once per
// room crossing, and translated once per edge. They are never compared by text.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what the caller can do.
type Kind int

// The kinds, each with one HTTP status at the API's edge.
const (
	Internal     Kind = iota // ours: nothing the caller can do
	Invalid                  // the request breaks a rule: mend the field and send again
	NotFound                 // no such thing, or not yours
	Conflict                 // it contradicts what is already written
	Unauthorized             // we do not know who you are
	Forbidden                // we know, and you may not
	TooLarge                 // smaller, please
	Unsupported              // a form we do not read
	TooMany                  // slower, please
	Unavailable              // try again later
)

// Error is one broken rule.
type Error struct {
	Kind  Kind
	Code  string         // stable, snake_case: the sentence's key is "fault.<code>"
	Field string         // path of the field in the caller's own words: "lines[0].quantity"; empty when about the whole
	Args  map[string]any // values for the sentence
	Err   error          // cause, for the log only
}

// New makes a fault. args are alternating names and values for its sentence.
func New(kind Kind, code, field string, args ...any) *Error {
	e := &Error{Kind: kind, Code: code, Field: field}
	for i := 0; i+1 < len(args); i += 2 {
		if e.Args == nil {
			e.Args = make(map[string]any, len(args)/2)
		}
		e.Args[fmt.Sprint(args[i])] = args[i+1]
	}
	return e
}

// Because adds the cause, for the log.
func (e *Error) Because(err error) *Error {
	e.Err = err
	return e
}

// Error is for logs; people read the sentence of Code in their language.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Code)
	if e.Field != "" {
		b.WriteString(" at " + e.Field)
	}
	if len(e.Args) > 0 {
		fmt.Fprintf(&b, " %v", e.Args)
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// List is several broken rules of one request, told together.
type List []*Error

// Error joins the faults for logs.
func (l List) Error() string {
	s := make([]string, len(l))
	for i, e := range l {
		s[i] = e.Error()
	}
	return strings.Join(s, "; ")
}

// Add appends a fault.
func (l *List) Add(kind Kind, code, field string, args ...any) {
	*l = append(*l, New(kind, code, field, args...))
}

// Err is nil when no rule was broken.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}

// All returns the faults inside err, or nil when err is internal.
func All(err error) List {
	var list List
	if errors.As(err, &list) {
		return list
	}
	var one *Error
	if errors.As(err, &one) {
		return List{one}
	}
	return nil
}

// KindOf is the kind of err: of its first fault, Internal when it holds none.
func KindOf(err error) Kind {
	if l := All(err); len(l) > 0 {
		return l[0].Kind
	}
	return Internal
}

// Is reports whether err holds a fault with the code.
func Is(err error, code string) bool {
	for _, e := range All(err) {
		if e.Code == code {
			return true
		}
	}
	return false
}
