package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// file is what shape keeps of one hand-written Go file. Lengths are in lines.
type file struct {
	path       string // from the root, with slashes
	lines      int
	test       bool
	comment    bool // a comment stands on the package clause
	functions  []function
	exported   int // exported names declared at the top of the file
	commented  int // how many of them have a comment
	interfaces []string
}

// function is one function or method with a body, from "func" to the last brace.
type function struct {
	name  string
	place string // path:line
	lines int
}

// skipped are folders that hold nothing of ours to measure.
var skipped = map[string]bool{"node_modules": true, "testdata": true, "vendor": true, "bin": true}

func readTree(root string) ([]file, error) {
	var files []file
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return enter(root, path, entry.Name())
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		one, generated, err := readFile(filepath.ToSlash(name), source)
		if err == nil && !generated {
			files = append(files, one)
		}
		return err
	})
	return files, err
}

// enter says whether the walk goes into a folder: not into hidden ones, and not
// into a module of its own.
func enter(root, path, name string) error {
	if path == root {
		return nil
	}
	if skipped[name] || strings.HasPrefix(name, ".") {
		return fs.SkipDir
	}
	if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil {
		return fs.SkipDir
	}
	return nil
}

// readFile parses one source; generated is true for a file that says it is
// generated, by the convention of "go generate".
func readFile(name string, source []byte) (one file, generated bool, err error) {
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, name, source, parser.ParseComments)
	if err != nil {
		return file{}, false, fmt.Errorf("reading %s: %w", name, err)
	}
	one = file{
		path:    name,
		lines:   set.File(tree.FileStart).LineCount(),
		test:    strings.HasSuffix(name, "_test.go"),
		comment: tree.Doc != nil,
	}
	for _, declaration := range tree.Decls {
		one.add(set, declaration)
	}
	return one, ast.IsGenerated(tree), nil
}

func (f *file) add(set *token.FileSet, declaration ast.Decl) {
	switch d := declaration.(type) {
	case *ast.FuncDecl:
		f.addFunction(set, d)
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			f.addSpec(spec, d.Doc != nil)
		}
	}
}

func (f *file) addFunction(set *token.FileSet, d *ast.FuncDecl) {
	receiver := receiverName(d)
	if d.Name.IsExported() && (receiver == "" || ast.IsExported(receiver)) {
		f.count(d.Doc != nil)
	}
	if d.Body == nil {
		return
	}
	first, last := set.Position(d.Pos()), set.Position(d.End())
	name := d.Name.Name
	if receiver != "" {
		name = receiver + "." + name
	}
	f.functions = append(f.functions, function{
		name:  name,
		place: fmt.Sprintf("%s:%d", f.path, first.Line),
		lines: last.Line - first.Line + 1,
	})
}

// addSpec counts the names of a type, const or var; a comment on the group
// speaks for each of its names.
func (f *file) addSpec(spec ast.Spec, group bool) {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		if s.Name.IsExported() {
			f.count(group || s.Doc != nil || s.Comment != nil)
		}
		if _, is := s.Type.(*ast.InterfaceType); is {
			f.interfaces = append(f.interfaces, s.Name.Name)
		}
	case *ast.ValueSpec:
		for _, name := range s.Names {
			if name.IsExported() {
				f.count(group || s.Doc != nil || s.Comment != nil)
			}
		}
	}
}

func (f *file) count(commented bool) {
	f.exported++
	if commented {
		f.commented++
	}
}

// receiverName is the type a method hangs on, without pointer or type
// parameters, and "" for a plain function.
func receiverName(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return ""
	}
	at := d.Recv.List[0].Type
	for {
		switch t := at.(type) {
		case *ast.StarExpr:
			at = t.X
		case *ast.IndexExpr:
			at = t.X
		case *ast.IndexListExpr:
			at = t.X
		case *ast.Ident:
			return t.Name
		default:
			return ""
		}
	}
}
