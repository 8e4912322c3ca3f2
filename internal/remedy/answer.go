package remedy

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// answer reads a map that a policy gave, field by field, and keeps the first
// thing that is not as it should be.
type answer struct {
	path string
	m    traits.Mapper
	err  error
}

// asAnswer refuses what is no map, and names it does not know: a misspelt cap
// must not become no cap.
func asAnswer(v ref.Val, path string, names ...string) (answer, error) {
	m, ok := v.(traits.Mapper)
	if !ok {
		return answer{}, fmt.Errorf("%s: a map is needed, this is %s", path, v.Type().TypeName())
	}
	for it := m.Iterator(); it.HasNext() == types.True; {
		name, ok := it.Next().(types.String)
		if !ok || !slices.Contains(names, string(name)) {
			return answer{}, fmt.Errorf("%s: unknown name %v: one of %v is needed", path, name, names)
		}
	}
	return answer{path: path, m: m}, nil
}

func (a *answer) fail(name, need string) {
	if a.err == nil {
		a.err = fmt.Errorf("%s.%s: %s is needed", a.path, name, need)
	}
}

func (a *answer) text(name string) string {
	v, _ := a.m.Find(types.String(name))
	s, ok := v.(types.String)
	if !ok {
		a.fail(name, "a text")
	}
	return string(s)
}

func (a *answer) number(name string) int64 {
	v, _ := a.m.Find(types.String(name))
	n, ok := v.(types.Int)
	if !ok {
		a.fail(name, "a whole number")
	}
	return int64(n)
}

func (a *answer) truth(name string) bool {
	v, _ := a.m.Find(types.String(name))
	b, ok := v.(types.Bool)
	if !ok {
		a.fail(name, "true or false")
	}
	return bool(b)
}

// bound reads an amount that may be absent: then nothing is bounded.
func (a *answer) bound(name string) int64 {
	if _, given := a.m.Find(types.String(name)); !given {
		return unbounded
	}
	n := a.number(name)
	if n < 0 {
		a.fail(name, "a number from zero up")
	}
	return n
}

// unbounded is more than anybody can be given.
const unbounded = math.MaxInt64

// list reads a list, element by element.
func list[T any](a *answer, name string, read func(ref.Val) (T, error)) []T {
	v, _ := a.m.Find(types.String(name))
	l, ok := v.(traits.Lister)
	if !ok {
		a.fail(name, "a list")
		return nil
	}
	var out []T
	for it := l.Iterator(); it.HasNext() == types.True; {
		e, err := read(it.Next())
		if err != nil && a.err == nil {
			a.err = fmt.Errorf("%s.%s[%d]%w", a.path, name, len(out), err)
		}
		out = append(out, e)
	}
	return out
}

func duration(v ref.Val) (time.Duration, error) {
	d, ok := v.(types.Duration)
	if !ok || d.Duration < 0 {
		return 0, errors.New(": a duration from zero up is needed, such as duration(\"30m\")")
	}
	return d.Duration, nil
}
