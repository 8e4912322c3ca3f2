package db

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// Two marks in a SQL text stand for a number of values known only at run time:
//
//	id in ($2)                              with In(ids)
//	from (values {$2: text, bigint}) as v   with Rows(rows); columns are column1, column2
//
// For SQLite each value gets a place of its own, and both are padded (a list to
// a power of two, by repeating its last value; rows likewise) so that few
// distinct statements are ever prepared. PostgreSQL takes a list as one array,
// and rows as an array for each column: one statement, whatever their number.

type list []any

type table [][]any

// In stands for a list of values, after "in" or "not in". An empty list matches
// nothing, and must not stand after "not in".
func In[T any](vs []T) any {
	l := make(list, len(vs), padded(len(vs)))
	for i, v := range vs {
		l[i] = v
	}
	return l
}

// pad fills a list up to its padded length; an empty one holds nothing that equals anything.
func pad[T any, L ~[]T](l L) L {
	if len(l) == 0 {
		return make(L, 1)
	}
	for len(l) < padded(len(l)) {
		l = append(l, l[len(l)-1])
	}
	return l
}

// Rows stands for the rows of a values list, joined against in an update or a
// select. It is never for inserts, which padding would double. At least one row.
func Rows(rows [][]any) any {
	t := make(table, len(rows), padded(len(rows)))
	copy(t, rows)
	return t
}

func padded(n int) int {
	p := 1
	for p < n {
		p *= 2
	}
	return p
}

var texts sync.Map // text and shape → expanded text

// expand replaces the marks and turns every value into a plain one.
func (p places) expand(q string, args []any) (string, []any, error) {
	if p {
		return arrayed(q, args)
	}
	return expand(q, args)
}

// places tells how an engine takes lists.
type places bool

const (
	eachValue places = false // a place for each value
	arrays    places = true  // one array
)

// expand gives each value of a list or of rows a place of its own.
func expand(q string, args []any) (string, []any, error) {
	flat := make([]any, 0, len(args))
	var shape []int // number of values of each argument; nil while all are single
	for i, a := range args {
		n := 1
		switch x := a.(type) {
		case list:
			x = pad(x)
			n = len(x)
			flat = append(flat, x...)
		case table:
			x = pad(x)
			n = len(x)
			for _, row := range x {
				flat = append(flat, row...)
			}
		default:
			flat = append(flat, a)
		}
		if shape == nil && n > 1 || isMark(a) {
			if shape == nil {
				shape = ones(i, len(args))
			}
		}
		if shape != nil {
			shape = append(shape[:i], n)
		}
	}
	for i, v := range flat {
		p, err := plain(v)
		if err != nil {
			return "", nil, err
		}
		flat[i] = p
	}
	if shape == nil {
		return q, flat, nil
	}
	key := q + fmt.Sprint(shape)
	if t, ok := texts.Load(key); ok {
		return t.(string), flat, nil
	}
	t, err := rewrite(q, shape)
	if err != nil {
		return "", nil, err
	}
	texts.Store(key, t)
	return t, flat, nil
}

func isMark(a any) bool {
	switch a.(type) {
	case list, table:
		return true
	}
	return false
}

func ones(n, capacity int) []int {
	s := make([]int, n, capacity)
	for i := range s {
		s[i] = 1
	}
	return s
}

// rewrite renumbers the placeholders of a text whose arguments take several places.
func rewrite(q string, shape []int) (string, error) {
	types := rowTypes(q)
	start := make([]int, len(shape)+1)
	start[0] = 1
	for i, n := range shape {
		width := max(1, len(types[i+1]))
		start[i+1] = start[i] + n*width
	}
	var b strings.Builder
	for i := 0; i < len(q); {
		switch {
		case q[i] == '{' && i+1 < len(q) && q[i+1] == '$':
			end := i + strings.IndexByte(q[i:], '}')
			n, _ := number(q, i+2)
			writeRows(&b, types[n], shape[n-1], start[n-1])
			i = end + 1
		case q[i] == '$':
			n, next := number(q, i+1)
			if n < 1 || n > len(shape) {
				return "", fmt.Errorf("db: no argument for $%d in %q", n, q)
			}
			writeList(&b, start[n-1], shape[n-1])
			i = next
		default:
			b.WriteByte(q[i])
			i++
		}
	}
	return b.String(), nil
}

// rowTypes finds the {$n: types} marks of a text.
func rowTypes(q string) map[int][]string {
	marks := map[int][]string{}
	for rest := q; ; {
		open := strings.Index(rest, "{$")
		if open < 0 {
			return marks
		}
		rest = rest[open+2:]
		head, tail, _ := strings.Cut(rest, "}")
		num, types, _ := strings.Cut(head, ":")
		n, _ := strconv.Atoi(strings.TrimSpace(num))
		for t := range strings.SplitSeq(types, ",") {
			marks[n] = append(marks[n], strings.TrimSpace(t))
		}
		rest = tail
	}
}

func number(q string, i int) (n, next int) {
	for i < len(q) && q[i] >= '0' && q[i] <= '9' {
		n = 10*n + int(q[i]-'0')
		i++
	}
	return n, i
}

func writeList(b *strings.Builder, first, n int) {
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(first + i))
	}
}

func writeRows(b *strings.Builder, types []string, n, first int) {
	for r := range n {
		if r > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('(')
		for c, t := range types {
			if c > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(b, "cast($%d as %s)", first+r*len(types)+c, t)
		}
		b.WriteByte(')')
	}
}

// changes reports whether a text that answers rows also writes. Its comments come first.
func changes(q string) bool {
	for strings.HasPrefix(q, "--") {
		_, q, _ = strings.Cut(q, "\n")
		q = strings.TrimLeft(q, " \t\r\n")
	}
	return len(q) < 6 || !strings.EqualFold(q[:6], "select")
}
