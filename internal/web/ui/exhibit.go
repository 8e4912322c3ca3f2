package ui

import (
	"github.com/a-h/templ"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/lang"
)

// Exhibit is a page in one of its states, made of invented data, to be looked at
// in the gallery.
type Exhibit struct {
	Name string // makes an address; one of a kind among those of its package
	Page templ.Component
}

// Gallery is the pages that say what went wrong.
func Gallery(loc lang.Locale) (all []Exhibit) {
	for _, e := range []struct {
		name string
		err  *fault.Error
	}{
		{"not-found", fault.New(fault.NotFound, "not_found", "")},
		{"refused", fault.New(fault.Forbidden, "cross_site", "")},
		{"unavailable", fault.New(fault.Unavailable, "unavailable", "")},
		{"failed", fault.New(fault.Internal, "internal", "")},
	} {
		all = append(all, Exhibit{e.name, wentWrong(loc, e.err)})
	}
	return all
}
