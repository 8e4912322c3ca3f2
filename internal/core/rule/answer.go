package rule

import (
	"fmt"
	"slices"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// Answer is a map that a rule gave. Reading it keeps the first thing that is not
// as it should be; ask Err when all is read.
type Answer struct {
	path string
	m    traits.Mapper
	err  error
}

// answerOf refuses what is no map, and names it does not know.
func answerOf(v ref.Val, path string, fields []string) (*Answer, error) {
	m, ok := v.(traits.Mapper)
	if !ok {
		return nil, fmt.Errorf("%s: a map is needed, this is %s", path, v.Type().TypeName())
	}
	for it := m.Iterator(); it.HasNext() == types.True; {
		name, ok := it.Next().(types.String)
		if !ok || !slices.Contains(fields, string(name)) {
			return nil, fmt.Errorf("%s: unknown name %v: one of %v is needed", path, name, fields)
		}
	}
	return &Answer{path: path, m: m}, nil
}

// Err is the first thing that is not as it should be.
func (a *Answer) Err() error { return a.err }

// Fail notes that a field is not what is needed.
func (a *Answer) Fail(name, need string) {
	if a.err == nil {
		a.err = fmt.Errorf("%s.%s: %s is needed", a.path, name, need)
	}
}

// Text reads a text.
func (a *Answer) Text(name string) string {
	v, _ := a.m.Find(types.String(name))
	s, ok := v.(types.String)
	if !ok {
		a.Fail(name, "a text")
	}
	return string(s)
}

// Number reads a whole number between two bounds, both allowed.
func (a *Answer) Number(name string, least, most int64) int64 {
	v, _ := a.m.Find(types.String(name))
	n, ok := v.(types.Int)
	if !ok || int64(n) < least || int64(n) > most {
		a.Fail(name, fmt.Sprintf("a whole number from %d to %d", least, most))
	}
	return int64(n)
}

// Truth reads true or false.
func (a *Answer) Truth(name string) bool {
	v, _ := a.m.Find(types.String(name))
	b, ok := v.(types.Bool)
	if !ok {
		a.Fail(name, "true or false")
	}
	return bool(b)
}

// Texts reads a list of texts.
func (a *Answer) Texts(name string) (out []string) {
	each(a, name, func(v ref.Val) {
		s, ok := v.(types.String)
		if !ok {
			a.Fail(name, "a list of texts")
		}
		out = append(out, string(s))
	})
	return out
}

// Numbers reads a list of whole numbers between two bounds, both allowed.
func (a *Answer) Numbers(name string, least, most int64) (out []int64) {
	each(a, name, func(v ref.Val) {
		n, ok := v.(types.Int)
		if !ok || int64(n) < least || int64(n) > most {
			a.Fail(name, fmt.Sprintf("a list of whole numbers from %d to %d", least, most))
		}
		out = append(out, int64(n))
	})
	return out
}

// Maps reads a list of maps with the fields named. What is wrong inside one of
// them is told by its own Err.
func (a *Answer) Maps(name string, fields ...string) (out []*Answer) {
	each(a, name, func(v ref.Val) {
		m, err := answerOf(v, fmt.Sprintf("%s.%s[%d]", a.path, name, len(out)), fields)
		if err != nil {
			if a.err == nil {
				a.err = err
			}
			return
		}
		out = append(out, m)
	})
	return out
}

func each(a *Answer, name string, do func(ref.Val)) {
	v, _ := a.m.Find(types.String(name))
	l, ok := v.(traits.Lister)
	if !ok {
		a.Fail(name, "a list")
		return
	}
	for it := l.Iterator(); it.HasNext() == types.True; {
		do(it.Next())
	}
}
