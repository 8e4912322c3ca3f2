package lang

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// made are the prefixes of keys that the program puts together from an
// enumeration or a name; whoever adds one tests that each value has its
// sentence. The others must be written whole in the sources.
var made = []string{"fault.", "field.", "zone."}

// use is one place of the sources that needs a sentence.
type use struct {
	at     token.Position
	key    string   // "" when it is not written as a literal
	passes []string // names of the values passed
	known  bool     // whether passes is the whole list
	field  bool     // whether {{.Field}} has something to say
}

func TestEverySentenceTheSourcesNeedIsThere(t *testing.T) {
	uses, _ := sources(t)
	for _, u := range uses {
		for _, problem := range u.problems() {
			t.Errorf("%s: %s", u.at, problem)
		}
	}
	if len(uses) < 10 {
		t.Errorf("only %d uses found: the walk is broken", len(uses))
	}
}

func (u use) problems() []string {
	if u.key == "" {
		return []string{"a fault's code is written as a literal where the rule is broken"}
	}
	var found []string
	for _, loc := range Locales() {
		m, ok := sentences(loc)[u.key]
		if !ok {
			found = append(found, u.key+" is missing in "+string(loc)+".toml")
			continue
		}
		for _, name := range names(m) {
			if u.lacks(name) {
				found = append(found, string(loc)+".toml: "+u.key+" names {{."+name+"}}, which is not passed here")
			}
		}
	}
	return found
}

func (u use) lacks(name string) bool {
	if name == "Field" && strings.HasPrefix(u.key, "fault.") {
		return !u.field
	}
	return u.known && !slices.Contains(u.passes, name)
}

func TestNoSentenceIsLeftOver(t *testing.T) {
	_, literals := sources(t)
	for _, key := range keys(French) {
		isMade := slices.ContainsFunc(made, func(prefix string) bool { return strings.HasPrefix(key, prefix) })
		if !isMade && !literals[key] {
			t.Errorf("%s stands in no source", key)
		}
	}
}

// The test of the test: sources that break each rule, and the one that breaks none.
func TestTheWalkSeesWhatItMust(t *testing.T) {
	for _, c := range []struct{ law, expression, want string }{
		{"a key that exists", `lang.T(loc, "unit.pair", map[string]any{"First": 1, "Second": 2})`, ""},
		{"a value the sentence does not name", `lang.T(loc, "unit.pair", map[string]any{"First": 1, "Second": 2, "Third": 3})`, ""},
		{"values that are not written here", `lang.T(loc, "unit.pair", args)`, ""},
		{"a count is passed by N itself", `lang.N(loc, "unit.minutes", 2, nil)`, ""},
		{"a method of a page", `page.T("no.such", nil)`, "no.such is missing"},
		{"a missing key", `lang.T(loc, "no.such", nil)`, "no.such is missing"},
		{"a missing value", `lang.T(loc, "unit.pair", map[string]any{"First": 1})`, "{{.Second}}"},
		{"no values at all", `lang.T(loc, "unit.pair", nil)`, "{{.First}}"},
		{"a fault that exists", `fault.New(fault.Invalid, "field_required", "name")`, ""},
		{"a fault whose field is computed", `fault.New(fault.Invalid, "field_required", field)`, ""},
		{"a fault of a list", `list.Add(fault.Invalid, "field_too_long", "name", "limit", 80)`, ""},
		{"a missing fault", `fault.New(fault.Invalid, "no_such", "name")`, "fault.no_such is missing"},
		{"a missing fault of a list", `list.Add(fault.Invalid, "no_such", "name")`, "fault.no_such is missing"},
		{"a missing fault written whole", `&fault.Error{Kind: fault.Invalid, Code: "no_such"}`, "fault.no_such is missing"},
		{"a fault without its value", `fault.New(fault.Invalid, "field_too_long", "name")`, "{{.limit}}"},
		{"a fault whose values are passed on", `fault.New(fault.Invalid, "field_too_long", "name", args...)`, ""},
		{"a fault without the field it names", `fault.New(fault.Invalid, "field_required", "")`, "{{.Field}}"},
		{"a code that can not be searched for", `fault.New(fault.Invalid, code, "name")`, "written as a literal"},
		{"an addition that is no fault", `time.Add(hour)`, ""},
	} {
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, "x.go", "package x\nvar _ = "+c.expression, 0)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, u := range usesOf(files, file) {
			got = append(got, u.problems()...)
		}
		if all := strings.Join(got, "; "); (c.want == "") != (all == "") || !strings.Contains(all, c.want) {
			t.Errorf("%s: got %q, want %q", c.law, all, c.want)
		}
	}
}

func TestTheWalkReadsTempl(t *testing.T) {
	text := `<h1>{ lang.T(p.Locale, "order.title", nil) }</h1><a href="/x.html">{ lang.N(p.loc(), "order.lines", len(p.Lines), nil) }</a>`
	var got []string
	for _, u := range usesOfTempl("x.templ", text) {
		got = append(got, u.key)
	}
	if want := []string{"order.title", "order.lines"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// sources reads every Go and templ file of the repository, tests excepted: what
// needs a sentence, and every string that could be a key.
func sources(t *testing.T) (uses []use, literals map[string]bool) {
	t.Helper()
	literals = map[string]bool{}
	for _, path := range paths(t, root(t)) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(path, ".templ") {
			uses = append(uses, usesOfTempl(path, string(text))...)
			for _, key := range quotedKey.FindAllString(string(text), -1) {
				literals[strings.Trim(key, `"`)] = true
			}
			continue
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		uses = append(uses, usesOf(files, file)...)
		ast.Inspect(file, func(n ast.Node) bool {
			if e, ok := n.(ast.Expr); ok {
				literals[literal(e)] = true
			}
			return true
		})
	}
	return uses, literals
}

func root(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above this folder")
		}
		dir = filepath.Dir(dir)
	}
}

// paths is the source files that can need a sentence. Package fault is not one
// of them: it passes on the codes that others write.
func paths(t *testing.T, root string) (found []string) {
	t.Helper()
	for _, top := range []string{"cmd", "internal"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules" || strings.HasSuffix(path, filepath.Join("core", "fault"))):
				return filepath.SkipDir
			case strings.HasSuffix(path, ".templ"), strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go"):
				found = append(found, path)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// key is how keys are written: lower-case words with points between them.
var (
	key       = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$`)
	quotedKey = regexp.MustCompile(`"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+"`)
	templCall = regexp.MustCompile(`\b[TN]\([^"{}]*?("[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+")`)
)

// usesOfTempl finds the keys of a page. What values they get is checked in the
// Go file generated from it.
func usesOfTempl(path, text string) (found []use) {
	for _, m := range templCall.FindAllStringSubmatchIndex(text, -1) {
		line := 1 + strings.Count(text[:m[2]], "\n")
		found = append(found, use{at: token.Position{Filename: path, Line: line}, key: text[m[2]+1 : m[3]-1]})
	}
	return found
}

func usesOf(files *token.FileSet, file *ast.File) (found []use) {
	ast.Inspect(file, func(n ast.Node) bool {
		var u use
		ok := false
		switch n := n.(type) {
		case *ast.CallExpr:
			u, ok = called(n)
		case *ast.CompositeLit:
			u, ok = composed(n)
		}
		if ok {
			u.at = files.Position(n.Pos())
			found = append(found, u)
		}
		return true
	})
	return found
}

// called reads a call of T, N, fault.New or a fault list's Add.
func called(call *ast.CallExpr) (use, bool) {
	switch name := lastName(call.Fun); {
	case name == "T" || name == "N":
		return translated(call, name)
	case name == "New" && isFault(call.Fun), name == "Add" && len(call.Args) >= 3 && isFault(call.Args[0]):
		return faulty(call)
	}
	return use{}, false
}

// translated reads a call whose first literal that looks like a key is one.
func translated(call *ast.CallExpr, name string) (use, bool) {
	at := slices.IndexFunc(call.Args, func(e ast.Expr) bool { return key.MatchString(literal(e)) })
	if at < 0 {
		return use{}, false
	}
	u := use{key: literal(call.Args[at])}
	switch last := call.Args[len(call.Args)-1].(type) {
	case *ast.CompositeLit:
		u.known = true
		for _, e := range last.Elts {
			if pair, ok := e.(*ast.KeyValueExpr); ok {
				u.passes = append(u.passes, literal(pair.Key))
			}
		}
	case *ast.Ident:
		u.known = last.Name == "nil"
	}
	if name == "N" {
		u.passes = append(u.passes, "Count")
	}
	return u, true
}

// faulty reads kind, code, field, and names and values in turn.
func faulty(call *ast.CallExpr) (use, bool) {
	if len(call.Args) < 3 {
		return use{}, false
	}
	code := literal(call.Args[1])
	if code == "" {
		return use{}, true
	}
	u := use{key: "fault." + code, known: !call.Ellipsis.IsValid(), field: true}
	if lit, ok := call.Args[2].(*ast.BasicLit); ok {
		u.field = lit.Value != `""`
	}
	for i := 3; i < len(call.Args); i += 2 {
		u.passes = append(u.passes, literal(call.Args[i]))
	}
	return u, true
}

// composed reads fault.Error{Code: "…"}.
func composed(lit *ast.CompositeLit) (use, bool) {
	if lastName(lit.Type) != "Error" || !isFault(lit.Type) {
		return use{}, false
	}
	for _, e := range lit.Elts {
		pair, ok := e.(*ast.KeyValueExpr)
		if ok && lastName(pair.Key) == "Code" && literal(pair.Value) != "" {
			return use{key: "fault." + literal(pair.Value), field: true}, true
		}
	}
	return use{}, false
}

func lastName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	default:
		return ""
	}
}

// isFault reports whether e is fault.Something.
func isFault(e ast.Expr) bool {
	s, ok := e.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, ok := s.X.(*ast.Ident)
	return ok && x.Name == "fault"
}

// literal is the text of a string literal, "" for anything else.
func literal(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	s, err := strconv.Unquote(lit.Value)
	if err != nil {
		return ""
	}
	return s
}
