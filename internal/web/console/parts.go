package console

import (
	"net/http"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/lang"
)

// input is a field of a form.
type input struct {
	Name, Label string
	Kind        string // text when empty; "area" is several lines
	Value       string
	Hint        string // below the label; may be empty
	Fault       string // what is wrong with what was typed
	Complete    string // what the browser may fill in; empty: nothing
	Needed      bool
}

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
		ids = in.Name + "-hint"
	}
	if in.Fault != "" {
		ids += " " + in.Name + "-fault"
	}
	return ids
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
