package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/promesse-dev/promesse/"

// source is one Go file of the project.
type source struct {
	path string // from the module's root: internal/order/store.go
	pkg  string // internal/order
	test bool
	gen  bool
	ast  *ast.File
	fset *token.FileSet
}

// sources parses every Go file of the module.
func sources(t *testing.T) []source {
	t.Helper()
	root := "../.."
	var out []source
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		if d.IsDir() {
			switch d.Name() {
			case ".git", "node_modules", "tools", "testdata", "e2e":
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, rel, text, parser.ParseComments)
		if err != nil {
			return err
		}
		out = append(out, source{
			path: filepath.ToSlash(rel), pkg: filepath.ToSlash(filepath.Dir(rel)),
			test: strings.HasSuffix(path, "_test.go"), gen: ast.IsGenerated(f), ast: f, fset: fset,
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 50 {
		t.Fatalf("only %d files found: is the test looking in the right place?", len(out))
	}
	return out
}

// imports lists what a file imports.
func (s source) imports() []string {
	var out []string
	for _, i := range s.ast.Imports {
		p, _ := strconv.Unquote(i.Path.Value)
		out = append(out, p)
	}
	return out
}

func (s source) at(n ast.Node) string {
	p := s.fset.Position(n.Pos())
	return s.path + ":" + strconv.Itoa(p.Line)
}

// room is the first folder below internal, or below platform and core.
func room(pkg string) string {
	pkg = strings.TrimPrefix(pkg, "internal/")
	parts := strings.Split(pkg, "/")
	if (parts[0] == "platform" || parts[0] == "core") && len(parts) > 1 {
		return parts[0] + "/" + parts[1]
	}
	return parts[0]
}
