package console

import (
	"cmp"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/lang"
)

// input is a field of a form.
type input struct {
	Name, Label string
	ID          string // of the element, where a page has several of that name; empty: the name
	Kind        string // text when empty; "area" is several lines, "letter" more, "code" many, "select" one of Options, "check" yes when ticked, "files" photos, "hidden"
	Value       string
	Options     []option
	Ticked      bool
	Hint        string // below the label; may be empty
	Fault       string // what is wrong with what was typed
	Complete    string // what the browser may fill in; empty: nothing
	Needed      bool
}

// option is one of those that a field chooses among.
type option struct {
	Value, Words string
	Chosen       bool
}

// id is the id of the element.
func (in input) id() string { return cmp.Or(in.ID, in.Name) }

// kind is the type of the element.
func (in input) kind() string {
	if in.Kind == "" {
		return "text"
	}
	return in.Kind
}

func (in input) complete() string {
	if in.Complete == "" {
		return "off"
	}
	return in.Complete
}

// described is the ids of what explains the field.
func (in input) described() string {
	ids := ""
	if in.Hint != "" {
		ids = in.id() + "-hint"
	}
	if in.Fault != "" {
		ids += " " + in.id() + "-fault"
	}
	return ids
}

// linked ties the field to what explains it and to what is wrong with it.
func (in input) linked() templ.Attributes {
	a := templ.Attributes{}
	if d := in.described(); d != "" {
		a["aria-describedby"] = d
	}
	if in.Fault != "" {
		a["aria-invalid"] = "true"
	}
	return a
}

// faults puts broken rules into words, by field. Rules of no field of the form
// are under "".
func faults(loc lang.Locale, err error, fields ...string) map[string]string {
	words := map[string]string{}
	for _, f := range fault.All(err) {
		at := ""
		for _, name := range fields {
			if f.Field == name {
				at = name
			}
		}
		if words[at] == "" {
			words[at] = lang.Fault(loc, f)
		}
	}
	return words
}

// refused reports whether an error is a rule that the reader broke, to be shown
// beside the form it was typed into.
func refused(err error) bool {
	k := fault.KindOf(err)
	return k == fault.Invalid || k == fault.Conflict
}

// status is of a page that shows a form again.
func status(words map[string]string) int {
	if len(words) > 0 {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// wholeNumber reads a number that somebody typed; nothing is none.
func wholeNumber(typed string) (n int, ok bool) {
	if typed == "" {
		return 0, true
	}
	n, err := strconv.Atoi(typed)
	return n, err == nil
}

func number(n int) string { return strconv.Itoa(n) }
