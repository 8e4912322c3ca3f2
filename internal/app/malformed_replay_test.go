package app

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// paths asks for a route under addresses that are odd.
func (f *flood) paths(e entry) {
	for _, p := range places {
		f.about("address: " + p.name)
		m := good(e)
		m.path = strings.ReplaceAll(strings.ReplaceAll(p.text, "%s", e.path), "%%", "%")
		if strings.ContainsAny(m.path, " ") {
			continue
		}
		f.send(p.name, m)
	}
	before, after, named := strings.Cut(e.pattern, "{")
	if !named || strings.HasPrefix(after, "$") {
		return
	}
	_, after, _ = strings.Cut(after, "}")
	for i, v := range typings() {
		if !f.turn(i, len(e.path), 3) {
			continue
		}
		f.about("name in an address: " + v.name)
		m := good(e)
		m.path = before + v.text + f.path(after)
		if len(m.path) < 20_000 {
			f.send("named "+v.name, m)
		}
	}
}

// queries asks with parameters that are odd: all that exist at once.
func (f *flood) queries(e entry) {
	if e.method != http.MethodGet {
		return
	}
	for i, v := range typings() {
		if !f.turn(i, len(e.path), 2) {
			continue
		}
		f.about("parameter: " + v.name)
		m := good(e)
		pairs := make([]string, len(asked))
		for i, name := range asked {
			pairs[i] = name + "=" + v.text
		}
		if m.path += "?" + strings.Join(pairs, "&"); len(m.path) < 25_000 {
			f.send("asked with "+v.name, m)
		}
	}
	for i, v := range odd { // what the door lets through, one parameter at a time
		if len(v.text) > 100 {
			continue
		}
		for n, name := range asked {
			if !f.turn(n, i+len(e.path), 37) {
				continue
			}
			m := good(e)
			m.path += "?" + name + "=" + escaped(v.text)
			f.send(name+" is "+v.name, m)
		}
	}
}

// headers asks with lines of a header that are odd.
func (f *flood) headers(e entry) {
	for i, h := range headers() {
		if !f.turn(i, len(e.path), 3) {
			continue
		}
		f.about("header: " + h.name)
		m := good(e)
		m.header = h.text
		f.send(h.name, m)
	}
	for _, k := range kinds {
		f.about("type: " + k.name)
		m := good(e)
		if m.kind = k.text; m.method != http.MethodGet {
			f.send("typed "+k.name, m)
		}
	}
}

// bodies gives operations bodies that are no good, and good ones of which one
// place is no good.
func (f *flood) bodies(e entry) {
	if !e.api || e.body == "" {
		return
	}
	for i, b := range bodies() {
		if !f.turn(i, len(e.path), 2) {
			continue
		}
		f.about("body: " + b.name)
		m := good(e)
		m.body = b.text
		f.send(b.name, m)
	}
	bent := bend(e.body)
	for n, place := range slices.Sorted(maps.Keys(bent)) {
		for i, v := range values() {
			if !f.turn(i, n, 6) {
				continue
			}
			f.about("JSON in a place: " + v.name)
			m := good(e)
			m.body = strings.Replace(bent[place], hole, v.text, 1)
			f.send(place+" is "+v.name, m)
		}
	}
}

// hole is where something else will stand.
const hole = `"@hole@"`

// bend is a body once for each place in it, with a hole there.
func bend(body string) map[string]string {
	var root any
	if err := json.Unmarshal([]byte(body), &root); err != nil {
		panic(err)
	}
	bent := map[string]string{}
	var walk func(at string, v any, set func(any))
	walk = func(at string, v any, set func(any)) {
		set("@hole@")
		text, err := json.Marshal(root)
		if err != nil {
			panic(err)
		}
		bent[at] = string(text)
		set(v)
		switch v := v.(type) {
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(v)) {
				walk(at+"."+name, v[name], func(x any) { v[name] = x })
			}
		case []any:
			for i := range v {
				walk(at+"["+strconv.Itoa(i)+"]", v[i], func(x any) { v[i] = x })
			}
		}
	}
	if o, is := root.(map[string]any); is {
		for _, name := range slices.Sorted(maps.Keys(o)) {
			walk(name, o[name], func(x any) { o[name] = x })
		}
	}
	return bent
}

// forms gives pages forms that are no good, and good ones of which one field is
// no good.
func (f *flood) forms(e entry) {
	if e.api || e.method != http.MethodPost {
		return
	}
	const kind = "application/x-www-form-urlencoded"
	for _, b := range forms {
		f.about("form: " + b.name)
		m := good(e)
		m.kind, m.body = kind, strings.ReplaceAll(strings.ReplaceAll(b.text, "%s", e.form.Encode()), "%%", "%")
		f.send(b.name, m)
	}
	for _, b := range parts {
		f.about("parts: " + b.name)
		m := good(e)
		m.kind, m.body = "multipart/form-data; boundary=x", b.text
		f.send(b.name, m)
	}
	for n, name := range slices.Sorted(maps.Keys(e.form)) {
		rest := maps.Clone(e.form)
		rest.Del(name)
		for i, v := range typings() {
			if !f.turn(i, n, 3) {
				continue
			}
			f.about("field: " + v.name)
			m := good(e)
			m.kind, m.body = kind, rest.Encode()+"&"+escaped(name)+"="+v.text
			f.send(fmt.Sprintf("%s is %s", name, v.name), m)
		}
	}
}

// wires talks to a route as hardly any program does. What can not be understood
// may be left without an answer, and what says that it is not HTTP as we speak it
// is answered by net/http; what reaches us is answered by us. Whoever stops in
// the middle may be told that nobody was there to be served.
func (f *flood) wires(e entry) {
	for i, w := range slices.Concat(wires, cuts) {
		if !f.turn(i, len(e.path), 3) {
			continue
		}
		f.about("wire: " + w.name)
		f.sent.Add(1)
		bytes := strings.NewReplacer("METHOD", e.method, "PATH", e.path).Replace(w.text)
		cut := slices.Contains(cuts, w)
		a, text, err := f.talk(bytes, cut)
		switch {
		case err != nil, a.StatusCode == http.StatusNotImplemented, a.StatusCode == http.StatusHTTPVersionNotSupported:
		case cut && a.StatusCode == http.StatusServiceUnavailable:
		case strings.HasPrefix(a.Header.Get("Content-Type"), "text/plain") && a.StatusCode < 500: // too
		default:
			f.check(fmt.Sprintf("%s %s, %s", e.method, e.pattern, w.name), e, a, text)
		}
	}
}
