package app

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// shapes are what the secrets look like that somebody is sent: the way to an
// order's page, to a consent, to a sign-in; a session; a key.
var shapes = map[string]*regexp.Regexp{
	"a link":    regexp.MustCompile(`/(?:p|lien|console/sign-in)/[A-Za-z0-9_-]{22}\b`),
	"a session": regexp.MustCompile(`\bses_[0-9a-z]{20,}`),
	"a key":     regexp.MustCompile(`\bsk_[0-9A-Za-z_]{20,}`),
}

// After some days of a shop's life, with the letters that were sent and kept, no
// table holds what opens a page to whoever reads it: neither the archive of
// letters, nor the journal of facts, nor what waits to be done.
func TestTheArchiveOpensNothing(t *testing.T) {
	a := livedWorld(t, 3)
	err := a.Flow.Read(t.Context(), func(tx *db.Tx) error {
		all, err := allTexts(tx, a.Flow.DB().Engine())
		if err != nil || len(all) < 1000 {
			t.Fatalf("only %d texts: %v", len(all), err)
		}
		for _, found := range all {
			for what, shape := range shapes {
				if shape.MatchString(found.text) {
					t.Errorf("%s holds %s", found.where, what)
				}
			}
		}
		return linksAreNowhere(t, tx, a, all)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// linksAreNowhere looks for the links themselves, in whatever words they stand.
func linksAreNowhere(t *testing.T, tx *db.Tx, a *App, all []kept) error {
	t.Helper()
	orders, err := db.All(tx, "-- across merchants: all of the test\nselect id from order_order", db.Scalar[ident.Order])
	if err != nil || len(orders) < 10 {
		t.Fatalf("only %d orders: %v", len(orders), err)
	}
	var letters strings.Builder
	for _, k := range all {
		if strings.HasPrefix(k.where, "notify_message.") {
			letters.WriteString(k.text)
		}
	}
	if letters.Len() < 10_000 {
		t.Errorf("only %d bytes of letters are kept", letters.Len())
	}
	for _, id := range orders {
		if strings.Contains(letters.String(), string(a.Desk.Link(id))) {
			t.Errorf("a letter that was kept holds the link of %s", id)
		}
	}
	return nil
}

// kept is a text of the database, and the table and column it stands in.
type kept struct{ where, text string }

// allTexts is every text there is.
func allTexts(tx *db.Tx, engine string) (all []kept, err error) {
	q := `select m.name || '.' || c.name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and lower(c.type) = 'text'`
	if engine == "postgres" {
		q = `select table_name || '.' || column_name from information_schema.columns where table_schema = 'public' and data_type = 'text'`
	}
	columns, err := db.All(tx, q, db.Scalar[string])
	for _, where := range columns {
		table, column, _ := strings.Cut(where, ".")
		texts, err := db.All(tx, fmt.Sprintf("select %s from %s where %[1]s is not null", column, table), db.Scalar[string])
		if err != nil {
			return nil, err
		}
		for _, text := range texts {
			all = append(all, kept{where, text})
		}
	}
	return all, err
}
