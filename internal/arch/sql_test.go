package arch

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"github.com/promesse-dev/promesse/internal/platform/db"
)

// statement is one SQL text of the product.
type statement struct {
	room, name, text, at string
}

var looksLikeSQL = regexp.MustCompile(`(?is)^\s*(--[^\n]*\n\s*)*(select\s.*\sfrom\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|with\s+\w+\s+as\s*\()`)

// statements collects the named SQL texts, and refuses any other.
func statements(t *testing.T) []statement {
	t.Helper()
	var out []statement
	for _, s := range sources(t) {
		if s.test || s.gen {
			continue
		}
		named := map[ast.Node]bool{}
		for _, d := range s.ast.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, sp := range g.Specs {
				v := sp.(*ast.ValueSpec)
				for i, n := range v.Names {
					if !strings.HasPrefix(n.Name, "sql") || i >= len(v.Values) {
						continue
					}
					lit, ok := v.Values[i].(*ast.BasicLit)
					if !ok {
						t.Errorf("%s: %s is not one literal text", s.at(n), n.Name)
						continue
					}
					named[lit] = true
					text, _ := strconv.Unquote(lit.Value)
					out = append(out, statement{room(s.pkg), n.Name, text, s.at(n)})
				}
			}
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING || named[lit] {
				return true
			}
			if text, _ := strconv.Unquote(lit.Value); looksLikeSQL.MatchString(text) {
				t.Errorf("%s: SQL outside a constant named sql…", s.at(lit))
			}
			return true
		})
	}
	return append(out, files(t)...)
}

// files are the reports of insight, one .sql file each.
func files(t *testing.T) (out []statement) {
	t.Helper()
	paths, err := filepath.Glob("../insight/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range paths {
		text, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, statement{"insight", filepath.Base(p), string(text), p})
	}
	return out
}

var (
	comment = regexp.MustCompile(`--[^\n]*`)
	tables  = regexp.MustCompile(`(?i)\b(?:from|join|into|update)\s+([a-z][a-z0-9_]*)`)
	ctes    = regexp.MustCompile(`(?i)(?:with|,)\s+(?:recursive\s+)?([a-z][a-z0-9_]*)\s*(?:\([^)]*\))?\s+as\s*\(`)
)

func TestATableBelongsToTheRoomThatNamesIt(t *testing.T) {
	for _, s := range statements(t) {
		if s.room == "insight" || s.room == "bench" {
			continue
		}
		text := comment.ReplaceAllString(s.text, "")
		own := map[string]bool{"set": true}
		for _, m := range ctes.FindAllStringSubmatch(text, -1) {
			own[m[1]] = true
		}
		prefix := s.room[strings.IndexByte(s.room, '/')+1:] + "_"
		for _, m := range tables.FindAllStringSubmatch(text, -1) {
			if table := m[1]; !own[table] && !strings.HasPrefix(table, prefix) {
				t.Errorf("%s: %s names %s", s.at, s.name, table)
			}
		}
	}
}

var update = flag.Bool("update", false, "rewrite across.txt")

// TestQueriesCarryTheirMerchant lists those that do not, with their reasons, in
// across.txt: a change there is a change in who can read whom.
func TestQueriesCarryTheirMerchant(t *testing.T) {
	var across []string
	for _, s := range statements(t) {
		if s.room == "bench" || strings.HasPrefix(s.text, "create ") {
			continue
		}
		if reason, ok := strings.CutPrefix(strings.TrimSpace(s.text), "-- across merchants: "); ok {
			reason, _, _ = strings.Cut(reason, "\n")
			across = append(across, fmt.Sprintf("%s %s: %s", s.room, s.name, reason))
			continue
		}
		if !strings.Contains(comment.ReplaceAllString(s.text, ""), "merchant") {
			t.Errorf("%s: %s names no merchant, nor says '-- across merchants: reason' in its first line", s.at, s.name)
		}
	}
	slices.Sort(across)
	got := strings.Join(across, "\n") + "\n"
	if *update {
		if err := os.WriteFile("across.txt", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("across.txt")
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("queries across merchants changed; review, then run with -update:\n%s", got)
	}
}

// TestNoQueryScansAMerchant asks SQLite how it would run every text on an empty
// database, where it has no statistics to be saved by.
func TestNoQueryScansAMerchant(t *testing.T) {
	path := filepath.Join(t.TempDir(), "plan.db")
	d, err := db.Open(context.Background(), "sqlite:"+path, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	pool, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = pool.Close() }()
	for _, s := range statements(t) {
		if s.room == "bench" || strings.HasPrefix(s.text, "create ") {
			continue
		}
		allowed := strings.Contains(s.text, "-- whole merchant: ") || strings.Contains(s.text, "-- across merchants: ") || s.room == "insight"
		for _, step := range plan(t, pool, s) {
			if !allowed && (strings.HasSuffix(step, "(merchant=?)") || fullScan(step)) {
				t.Errorf("%s: %s would read a whole merchant: %s", s.at, s.name, step)
			}
		}
	}
}

func fullScan(step string) bool {
	return strings.HasPrefix(step, "SCAN ") && !strings.Contains(step, "CONSTANT ROW") &&
		!strings.Contains(step, "column") && !regexp.MustCompile(`^SCAN (v|\(|[a-z]$|[a-z]+-ROW|\d)`).MatchString(step)
}

var mark = regexp.MustCompile(`\{\$\d+: ([^}]*)\}`)

func plan(t *testing.T, pool *sql.DB, s statement) (steps []string) {
	t.Helper()
	text := mark.ReplaceAllStringFunc(s.text, func(m string) string {
		var cols []string
		for c := range strings.SplitSeq(mark.FindStringSubmatch(m)[1], ",") {
			cols = append(cols, "cast(null as "+strings.TrimSpace(c)+")")
		}
		return "(" + strings.Join(cols, ", ") + ")"
	})
	args := make([]any, 64)
	n := 0
	for _, m := range regexp.MustCompile(`\$(\d+)`).FindAllStringSubmatch(text, -1) {
		k, _ := strconv.Atoi(m[1])
		n = max(n, k)
	}
	rows, err := pool.Query("explain query plan "+text, args[:n]...)
	if err != nil {
		t.Errorf("%s: %s: %v", s.at, s.name, err)
		return nil
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, detail)
	}
	return steps
}
