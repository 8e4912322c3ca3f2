package main

import (
	"cmp"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// show is how many of the longest functions and largest files are named.
const show = 5

// report is the whole answer; spreads are over hand-written code without tests.
type report struct {
	functions   []function // longest first
	files       []size     // largest first
	packages    []size     // largest first
	uncommented []string   // packages without a package comment
	interfaces  []string   // package.Name
	exported    int
	commented   int
	code, test  int // lines
	commits     []int
}

// size is a file or a package with its lines.
type size struct {
	name  string
	lines int
	files int
}

func measure(files []file, commits []int) report {
	r := report{commits: commits}
	packages := map[string]*size{}
	spoken := map[string]bool{}
	for _, f := range files {
		if f.test {
			r.test += f.lines
			continue
		}
		r.addCode(f)
		folder := path.Dir(f.path)
		if packages[folder] == nil {
			packages[folder] = &size{name: folder}
		}
		packages[folder].lines += f.lines
		packages[folder].files++
		spoken[folder] = spoken[folder] || f.comment
	}
	for folder, s := range packages {
		r.packages = append(r.packages, *s)
		if !spoken[folder] {
			r.uncommented = append(r.uncommented, folder)
		}
	}
	r.order()
	return r
}

func (r *report) addCode(f file) {
	r.code += f.lines
	r.exported += f.exported
	r.commented += f.commented
	r.functions = append(r.functions, f.functions...)
	r.files = append(r.files, size{name: f.path, lines: f.lines})
	for _, name := range f.interfaces {
		r.interfaces = append(r.interfaces, path.Base(path.Dir(f.path))+"."+name)
	}
}

func (r *report) order() {
	larger := func(a, b size) int {
		return cmp.Or(cmp.Compare(b.lines, a.lines), cmp.Compare(a.name, b.name))
	}
	slices.SortFunc(r.files, larger)
	slices.SortFunc(r.packages, larger)
	slices.SortFunc(r.functions, func(a, b function) int {
		return cmp.Or(cmp.Compare(b.lines, a.lines), cmp.Compare(a.place, b.place))
	})
	slices.Sort(r.uncommented)
	slices.Sort(r.interfaces)
}

// print writes the report as plain lines, the worst of each kind named.
func (r report) print(w io.Writer) error {
	var b strings.Builder
	lengths := make([]int, 0, len(r.functions))
	for _, f := range r.functions {
		lengths = append(lengths, f.lines)
	}
	line(&b, "functions", "%d, %s lines, %s of 40 lines or fewer", len(lengths), spread(lengths), share(within(lengths, 40), len(lengths)))
	for _, f := range head(r.functions) {
		fmt.Fprintf(&b, "%25d  %s  %s\n", f.lines, f.name, f.place)
	}
	line(&b, "files", "%d, %s lines", len(r.files), spread(lines(r.files)))
	for _, f := range head(r.files) {
		fmt.Fprintf(&b, "%25d  %s\n", f.lines, f.name)
	}
	line(&b, "packages", "%d, %s lines", len(r.packages), spread(lines(r.packages)))
	for _, p := range head(r.packages) {
		fmt.Fprintf(&b, "%25d  %s (%d files)\n", p.lines, p.name, p.files)
	}
	line(&b, "package comments", "%s%s", share(len(r.packages)-len(r.uncommented), len(r.packages)), missing(r.uncommented))
	line(&b, "exported comments", "%s of %d names", share(r.commented, r.exported), r.exported)
	line(&b, "named interfaces", "%d  %s", len(r.interfaces), strings.Join(r.interfaces, " "))
	line(&b, "test : code", "%d : %d lines = %.2f", r.test, r.code, float64(r.test)/float64(max(r.code, 1)))
	line(&b, "code folders a commit", "%s over %d commits", spread(r.commits), len(r.commits))
	_, err := io.WriteString(w, b.String())
	return err
}

func line(b *strings.Builder, name, format string, values ...any) {
	fmt.Fprintf(b, "%-23s%s\n", name, fmt.Sprintf(format, values...))
}

func lines(sizes []size) []int {
	all := make([]int, 0, len(sizes))
	for _, s := range sizes {
		all = append(all, s.lines)
	}
	return all
}

func head[T any](all []T) []T { return all[:min(show, len(all))] }

func missing(packages []string) string {
	if len(packages) == 0 {
		return ""
	}
	return ", none on " + strings.Join(packages, " ")
}

func share(part, whole int) string {
	if whole == 0 {
		return "none"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(part)/float64(whole))
}

func spread(values []int) string {
	return fmt.Sprintf("median %d, p90 %d, most %d", rank(values, 50), rank(values, 90), rank(values, 100))
}

// rank is the nearest-rank percentile: the least value that at least percent of
// the values do not pass; 0 of none.
func rank(values []int, percent int) int {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[(len(sorted)*percent+99)/100-1]
}

func within(values []int, limit int) int {
	count := 0
	for _, v := range values {
		if v <= limit {
			count++
		}
	}
	return count
}
