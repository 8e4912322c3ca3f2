package gallery

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"github.com/promesse-dev/promesse/internal/core/lang"
)

// catalogue is what each sentence of a language looks like, whatever its values.
func catalogue(t *testing.T, loc lang.Locale) map[string][]*regexp.Regexp {
	t.Helper()
	files, err := filepath.Glob("../../core/lang/" + string(loc) + "/*.toml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	all := map[string][]*regexp.Regexp{}
	for _, file := range files {
		sections := map[string]map[string]any{}
		if _, err := toml.DecodeFile(file, &sections); err != nil {
			t.Fatal(err)
		}
		for section, entries := range sections {
			for name, entry := range entries {
				forms, plural := entry.(map[string]any)
				if !plural {
					forms = map[string]any{"": entry}
				}
				for _, text := range forms {
					key := section + "." + name
					all[key] = append(all[key], like(text.(string)))
				}
			}
		}
	}
	return all
}

var value = regexp.MustCompile(`\{\{[^}]*\}\}`)

func like(text string) *regexp.Regexp {
	var pattern strings.Builder
	for i, part := range value.Split(plain(text), -1) {
		if i > 0 {
			pattern.WriteString(`.+`)
		}
		pattern.WriteString(regexp.QuoteMeta(part))
	}
	return regexp.MustCompile(pattern.String())
}

var quoted = regexp.MustCompile(`"[a-z_]+\.[a-z_0-9]+"`)

// keysIn are the keys that the sources of a package name, galleries and tests excepted.
func keysIn(t *testing.T, folder string, known map[string][]*regexp.Regexp) (keys []string) {
	t.Helper()
	for _, file := range sourcesIn(t, folder) {
		if name := filepath.Base(file); strings.HasPrefix(name, "gallery") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range quoted.FindAllString(string(text), -1) {
			if key = strings.Trim(key, `"`); known[key] != nil && !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	if len(keys) < 5 {
		t.Errorf("%s names only %d sentences: the walk is broken", folder, len(keys))
	}
	return keys
}

func sourcesIn(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	return slices.DeleteFunc(files, func(f string) bool { return strings.HasSuffix(f, "_test.go") })
}

// function is a declaration, and the names it uses: "name", ".method" of something,
// "package.name".
type function struct {
	component bool // it answers a templ.Component from values
	uses      []string
}

// declared reads the functions and the values of a package; a method is under its
// name, with a dot before it.
func declared(t *testing.T, folder string) map[string]function {
	t.Helper()
	all := map[string]function{}
	for _, path := range sourcesIn(t, folder) {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				name := d.Name.Name
				if d.Recv != nil {
					name = "." + name
				}
				f := all[name]
				f.component = strings.HasSuffix(path, "_templ.go") && d.Recv == nil
				f.uses = append(f.uses, used(d.Body)...)
				all[name] = f
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if v, ok := s.(*ast.ValueSpec); ok {
						all[v.Names[0].Name] = function{uses: used(v)}
					}
				}
			}
		}
	}
	return all
}

func used(n ast.Node) (names []string) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok {
				names = append(names, x.Name+"."+n.Sel.Name)
			}
			names = append(names, append(used(n.X), "."+n.Sel.Name)...)
			return false
		case *ast.KeyValueExpr: // a key may be the name of a field
			names = append(names, used(n.Value)...)
			return false
		case *ast.Ident:
			names = append(names, n.Name)
		}
		return true
	})
	return names
}

// constants are the values of the constants of a type.
func constants(t *testing.T, folder, kind string) (values []string) {
	t.Helper()
	for _, path := range sourcesIn(t, folder) {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			v, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if typed, is := v.Type.(*ast.Ident); is && typed.Name == kind {
				text, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				values = append(values, text)
			}
			return true
		})
	}
	return values
}
