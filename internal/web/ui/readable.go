package ui

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

// readable refuses what no database keeps and no reader typed: bytes that are no
// text. In a path they name nothing (not_found); in a query they are
// query_invalid. A form is for its page to read.
func readable(r *http.Request) error {
	if !kept(r.URL.Path) {
		return fault.New(fault.NotFound, "not_found", "")
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil || !allKept(query) {
		return fault.New(fault.Invalid, "query_invalid", "").Because(err)
	}
	return nil
}

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
