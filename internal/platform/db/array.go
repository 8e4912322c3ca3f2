package db

import (
	"fmt"
	"strconv"
	"strings"
)

// arrayed makes a list one array and rows an array for each column.
func arrayed(q string, args []any) (string, []any, error) {
	types := map[int][]string(nil)
	flat := make([]any, 0, len(args))
	var marks strings.Builder // which arguments are what: with the text, the key of the rewritten one
	start := make([]int, len(args))
	for i, a := range args {
		start[i] = len(flat) + 1
		var err error
		switch x := a.(type) {
		case list:
			marks.WriteByte('l')
			flat, err = appendArray(flat, "", x)
		case table:
			marks.WriteByte('t')
			if types == nil {
				types = rowTypes(q)
			}
			flat, err = appendColumns(flat, types[i+1], x)
		default:
			marks.WriteByte('.')
			a, err = plain(a)
			flat = append(flat, a)
		}
		if err != nil {
			return "", nil, err
		}
	}
	kinds := marks.String()
	if strings.Trim(kinds, ".") == "" {
		return q, flat, nil
	}
	key := q + kinds
	if t, ok := texts.Load(key); ok {
		return t.(string), flat, nil
	}
	t, err := withArrays(q, kinds, start, types)
	if err != nil {
		return "", nil, err
	}
	texts.Store(key, t)
	return t, flat, nil
}

// withArrays rewrites the marks of a text, and renumbers its places.
func withArrays(q, kinds string, start []int, types map[int][]string) (string, error) {
	var b strings.Builder
	for {
		text, rest, found := strings.Cut(q, "$")
		if !found {
			b.WriteString(text)
			return b.String(), nil
		}
		n, next := number(rest, 0)
		if n < 1 || n > len(kinds) {
			return "", fmt.Errorf("db: no argument for $%d in %q", n, q)
		}
		place := "$" + strconv.Itoa(start[n-1])
		rest = rest[next:]
		switch kinds[n-1] {
		case 'l':
			before, ok := strings.CutSuffix(text, "in (")
			if !ok || !strings.HasPrefix(rest, ")") {
				return "", fmt.Errorf("db: $%d of %q is a list, and does not stand in parentheses after in", n, q)
			}
			if but, none := strings.CutSuffix(before, "not "); none {
				text, place, rest = but, "<> all("+place+")", rest[1:]
				break
			}
			text, place, rest = before, "= any("+place+")", rest[1:]
		case 't':
			before, ok := strings.CutSuffix(text, "(values {")
			_, after, closed := strings.Cut(rest, "})")
			if !ok || !closed {
				return "", fmt.Errorf("db: $%d of %q is rows, and does not stand in (values {…})", n, q)
			}
			text, place, rest = before, unnest(start[n-1], types[n]), after
		}
		b.WriteString(text)
		b.WriteString(place)
		q = rest
	}
}

// unnest is rows made of arrays, whose columns are named as those of values are.
func unnest(first int, types []string) string {
	var from, columns []string
	for i, t := range types {
		from = append(from, fmt.Sprintf("$%d::%s[]", first+i, t))
		columns = append(columns, fmt.Sprintf("column%d", i+1))
	}
	return fmt.Sprintf("(select * from unnest(%s) as u(%s))", strings.Join(from, ", "), strings.Join(columns, ", "))
}

func appendColumns(flat []any, types []string, rows table) (_ []any, err error) {
	for c, t := range types {
		column := make([]any, len(rows))
		for i, row := range rows {
			column[i] = row[c]
		}
		if flat, err = appendArray(flat, t, column); err != nil {
			return nil, err
		}
	}
	return flat, nil
}

// appendArray makes values one array, of a type when it is known. Values that
// may be absent make an array of pointers.
func appendArray(flat []any, kind string, values []any) (_ []any, err error) {
	plains := make([]any, len(values))
	for i, v := range values {
		if plains[i], err = plain(v); err != nil {
			return nil, err
		}
		if kind == "" {
			kind = kindOf(plains[i])
		}
	}
	switch kind {
	case "bigint":
		return arrayOf[int64](flat, plains)
	case "boolean":
		return arrayOf[bool](flat, plains)
	case "double precision":
		return arrayOf[float64](flat, plains)
	default:
		return arrayOf[string](flat, plains)
	}
}

func kindOf(v any) string {
	switch v.(type) {
	case int64:
		return "bigint"
	case bool:
		return "boolean"
	case float64:
		return "double precision"
	case string:
		return "text"
	}
	return ""
}

func arrayOf[T any](flat, values []any) ([]any, error) {
	whole, some := make([]T, len(values)), make([]*T, len(values))
	absent := false
	for i, v := range values {
		x, ok := v.(T)
		switch {
		case ok:
			whole[i], some[i] = x, &x
		case v == nil:
			absent = true
		default:
			return nil, fmt.Errorf("db: a %T among values of %T", v, x)
		}
	}
	if absent {
		return append(flat, some), nil
	}
	return append(flat, whole), nil
}
