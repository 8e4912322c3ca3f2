package template_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/template"
)

// letter is a shape with fields of every kind.
func letter() template.Shape {
	return template.Shape{
		Lines: true, Most: 16_000, Hosts: template.Hosts{"suivi.example", "boutique.fr", ""},
		Fields: []template.Field{
			{Name: "shop", Kind: template.Words},
			{Name: "name", Kind: template.Words},
			{Name: "order", Kind: template.Words},
			{Name: "has_name", Kind: template.Truth},
			{Name: "collected", Kind: template.Truth},
			{Name: "promise", Kind: template.Block},
			{Name: "button", Kind: template.Block},
		},
	}
}

// subject is the shape of one line.
func subject() template.Shape {
	s := letter()
	s.Lines, s.Most = false, 150
	s.Fields = s.Fields[:5]
	return s
}

// values are of a person called so; who asks for another name than those listed fails.
func values(t testing.TB, name string) template.Values {
	known := map[string]string{"shop": "Chaussures.fr", "name": name, "order": "E-1042"}
	return template.Values{
		Words: func(n string) string {
			v, ok := known[n]
			if !ok {
				t.Fatalf("it read %q", n)
			}
			return v
		},
		Truth: func(n string) bool {
			if n != "has_name" && n != "collected" {
				t.Fatalf("it asked whether %q", n)
			}
			return n == "has_name" && name != ""
		},
	}
}

func filled(t *testing.T, source, name string) string {
	t.Helper()
	x, err := template.Parse("body", source, letter())
	if err != nil {
		t.Fatalf("%q: %v", source, err)
	}
	pieces, err := x.Fill(values(t, name))
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range pieces {
		if p.Field.Kind == template.Block {
			pieces[i].Text = "[" + p.Field.Name + "]"
		}
	}
	return template.Text(pieces)
}

func TestATemplateIsFilledIn(t *testing.T) {
	for _, c := range []struct{ law, source, name, want string }{
		{"words alone", "Merci !", "Zoé", "Merci !"},
		{"nothing", "", "Zoé", ""},
		{"a name", "Bonjour {{name}},", "Zoé", "Bonjour Zoé,"},
		{"blanks between the braces", "{{  name }}", "Zoé", "Zoé"},
		{"what holds is there", "{{#has_name}}Chère {{name}}{{/has_name}}{{^has_name}}Bonjour{{/has_name}}", "Zoé", "Chère Zoé"},
		{"what does not is not", "{{#has_name}}Chère {{name}}{{/has_name}}{{^has_name}}Bonjour{{/has_name}}", "", "Bonjour"},
		{"one inside the other", "{{#has_name}}a{{^collected}}b{{/collected}}c{{/has_name}}", "Zoé", "abc"},
		{"blocks stand on their lines", "Bonjour\n{{promise}}\n\n {{button}} ", "", "Bonjour\n[promise]\n\n [button] "},
		{"one brace is a sign like any other", "a { b } c", "", "a { b } c"},
		{"a value is not read as a template", "{{name}}", "{{shop}} {{{order}}}", "{{shop}} {{{order}}}"},
		{"a value ends no line", "{{name}}", "Zoé\r\nBcc: all@evil.com\u2028x\x00", "Zoé  Bcc: all@evil.com x"},
		{"a value turns no direction and hides nothing", "{{name}}!", "a\u202eb\u200bc\ufeff", "abc!"},
		{"a link to one's own shop", "Voir https://www.boutique.fr/retours?c={{order}}.", "", "Voir https://www.boutique.fr/retours?c=E-1042."},
		{"a shop that is called like a host", "Merci de la part de {{shop}}.", "", "Merci de la part de Chaussures.fr."},
	} {
		if got := filled(t, c.source, c.name); got != c.want {
			t.Errorf("%s: got %q, want %q", c.law, got, c.want)
		}
	}
}

func TestWhatIsRefusedIsShownWithItsPlace(t *testing.T) {
	for _, c := range []struct {
		law, source, code string
		line, column      int
	}{
		{"a loop", "Bonjour\n  {{range 1000000000}}x{{end}}", "template_code", 2, 3},
		{"a loop over a value", "é {{#shop}}x{{/shop}}", "template_loop", 1, 3},
		{"a field of another room", "{{password}}", "template_name", 1, 1},
		{"a way into a value", "{{shop.owner.email}}", "template_code", 1, 1},
		{"an unescaped value", "ab{{{name}}}", "template_unescaped", 1, 3},
		{"the same by its other sign", "{{& name}}", "template_unescaped", 1, 1},
		{"another template", "\n\n{{> header}}", "template_partial", 3, 1},
		{"other braces", "{{=<% %>=}}<% name %>", "template_delimiters", 1, 1},
		{"a note", "{{! later }}", "template_comment", 1, 1},
		{"a function", `{{printf "%0999999d" 1}}`, "template_code", 1, 1},
		{"a pipe", "{{name | safe}}", "template_code", 1, 1},
		{"nothing", "{{}}", "template_code", 1, 1},
		{"itself", "{{.}}", "template_code", 1, 1},
		{"what is not closed", "a {{name", "template_open", 1, 3},
		{"over two lines", "a {{name\n}}", "template_open", 1, 3},
		{"what was not opened", "a }} b", "template_open", 1, 3},
		{"a condition that does not end", "{{#has_name}}a", "template_part", 1, 1},
		{"one that ends twice", "{{#has_name}}a{{/has_name}}{{/has_name}}", "template_part", 1, 28},
		{"two that cross", "{{#has_name}}{{#collected}}{{/has_name}}{{/collected}}", "template_part", 1, 28},
		{"a condition as a value", "{{collected}}", "template_condition", 1, 1},
		{"a block among words", "Voici : {{promise}}", "template_place", 1, 9},
		{"a block twice", "{{promise}}\n{{promise}}", "template_place", 2, 1},
		{"a sign that is not seen", "a\u202eb", "template_sign", 1, 2},
		{"a sign that machines obey", "a\x07b", "template_sign", 1, 2},
		{"a link to elsewhere", "Cliquez\nsur https://evil.com/x", "template_link", 2, 5},
		{"one without a scheme", "www.evil.com", "template_link", 1, 1},
		{"a name below a top level", "allez sur evil.com !", "template_link", 1, 11},
		{"one's own name before another's", "https://boutique.fr.evil.com/", "template_link", 1, 1},
		{"one's own name as a user", "https://boutique.fr@evil.com/", "template_link", 1, 1},
		{"a name that ends alike", "https://faux-boutique.fr/", "template_link", 1, 1},
		{"one's own host without encryption", "http://boutique.fr/", "template_link", 1, 1},
		{"a script", "javascript:alert(1)", "template_link", 1, 1},
		{"wide signs", "ｈｔｔｐｓ：／／evil．com", "template_link", 1, 1},
		{"another dot", "evil。com", "template_link", 1, 1},
		{"a value as a host", "https://{{name}}/", "template_link", 1, 1},
		{"a value before a top level", "{{name}}.com", "template_link", 1, 1},
		{"an address of ours that leads on", "https://boutique.fr/?u=https://evil.com", "template_link", 1, 1},
		{"a port", "https://boutique.fr:8443/", "template_link", 1, 1},
	} {
		_, err := template.Parse("body", c.source, letter())
		all := fault.All(err)
		if len(all) == 0 {
			t.Errorf("%s: %q was let through", c.law, c.source)
			continue
		}
		if f := all[0]; f.Code != c.code || f.Args["line"] != c.line || f.Args["column"] != c.column || f.Field != "body" {
			t.Errorf("%s: %q: %v", c.law, c.source, f)
		}
	}
}

func TestWhoNamesWhatIsNotThereIsToldWhatIs(t *testing.T) {
	_, err := template.Parse("subject", "{{email}}", subject())
	want := "{{shop}} {{name}} {{order}} {{#has_name}} … {{/has_name}} {{#collected}} … {{/collected}}"
	if f := fault.All(err); len(f) != 1 || f[0].Args["allowed"] != want || f[0].Args["tag"] != "{{email}}" {
		t.Errorf("%v", err)
	}
}

func TestASubjectHasOneLine(t *testing.T) {
	for _, source := range []string{"Bonjour\r\nBcc: all@evil.com", "a\nb", "a\rb", "a\u2028b", "a\x00b", "\n"} {
		if _, err := template.Parse("subject", source, subject()); fault.All(err) == nil || fault.All(err)[0].Code != "template_sign" {
			t.Errorf("%q: %v", source, err)
		}
	}
}

func TestWhatMustStandThereDoes(t *testing.T) {
	s := letter()
	s.Fields[5].Needed = true
	for source, want := range map[string]bool{"{{promise}}": true, "": false, "{{#has_name}}\n{{promise}}\n{{/has_name}}": false, "promise": false} {
		_, err := template.Parse("body", source, s)
		if (err == nil) != want {
			t.Errorf("%q: %v", source, err)
		}
	}
}

// What no look at the source alone can find is found once the values are there.
func TestAValueMakesNoLink(t *testing.T) {
	for _, c := range []struct {
		source, name string
		ok           bool
	}{
		{"evil.{{name}}", "com", false},
		{"https://boutique.fr/{{name}}", "x https://evil.com/", false},
		{"https://{{name}}.boutique.fr/", "evil.com/", false},
		{"{{name}}{{order}}", "https://evil.com/", false},
		{"{{name}} ({{shop}}), merci.", "evil.com", true}, // the person's own words between blanks lead nobody who reads
		{"Bonjour {{name}}.", "Jean", true},
	} {
		x, err := template.Parse("body", c.source, letter())
		if err != nil {
			t.Fatal(err)
		}
		pieces, err := x.Fill(values(t, c.name))
		if err != nil {
			t.Fatal(err)
		}
		err = template.Links("body", pieces, letter().Hosts)
		if (err == nil) != c.ok {
			t.Errorf("%q with %q: %v", c.source, c.name, err)
		}
	}
}

func TestBounds(t *testing.T) {
	if _, err := template.Parse("body", strings.Repeat("a", 16_001), letter()); code(err) != "field_too_long" {
		t.Errorf("too long: %v", err)
	}
	if _, err := template.Parse("body", strings.Repeat("{{name}}", 201), letter()); code(err) != "template_many" {
		t.Errorf("too many fields: %v", err)
	}
	deep := strings.Repeat("{{#has_name}}", 5) + strings.Repeat("{{/has_name}}", 5)
	if _, err := template.Parse("body", deep, letter()); code(err) != "template_deep" {
		t.Errorf("too deep: %v", err)
	}
	x, err := template.Parse("body", strings.Repeat("{{name}}", 200), letter())
	if err != nil {
		t.Fatal(err)
	}
	_, err = x.Fill(values(t, strings.Repeat("😀", 10_000)))
	if code(err) != "template_too_large" {
		t.Errorf("too large: %v", err)
	}
	pieces, err := x.Fill(values(t, strings.Repeat("a", 1300)))
	if got := template.Text(pieces); err != nil || len(got) != 200*1300 {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

func code(err error) string {
	var f *fault.Error
	if !errors.As(err, &f) && len(fault.All(err)) > 0 {
		f = fault.All(err)[0]
	}
	if f == nil {
		return ""
	}
	return f.Code
}

// The worst templates there can be are read, filled in and looked through within 50 ms.
// The fastest of several tries counts: a busy machine is not the template's fault.
func TestTheWorstTemplatesAreQuick(t *testing.T) {
	name := strings.Repeat("a.b ", 300)
	for _, filling := range []string{"a.b-c ", "a.bé:/c ", "a.bé:/c", "é.", "//", "www.x ", "a:b "} {
		source := strings.Repeat("{{#has_name}}evil. {{name}} {{/has_name}}", 66) + strings.Repeat(filling, 13_000/len(filling))
		fastest := time.Hour
		for range 5 {
			tried := testing.Benchmark(func(b *testing.B) {
				for range min(b.N, 3) {
					read(b, source, name)
				}
			})
			fastest = min(fastest, tried.T/time.Duration(min(tried.N, 3)))
			if fastest < 25*time.Millisecond {
				break
			}
		}
		t.Logf("%q: %v", filling, fastest)
		if fastest > 50*time.Millisecond {
			t.Errorf("%q: %v", filling, fastest)
		}
	}
}

// read does all that happens to a template, as far as it gets.
func read(b *testing.B, source, name string) {
	x, err := template.Parse("body", source, letter())
	if err != nil {
		return
	}
	pieces, err := x.Fill(values(b, name))
	if err != nil {
		return
	}
	_ = template.Links("body", pieces, letter().Hosts)
}

func TestHosts(t *testing.T) {
	own := template.Hosts{"Boutique.fr", ""}
	for host, want := range map[string]bool{"boutique.fr": true, "www.boutique.fr": true, "BOUTIQUE.FR.": true, "xboutique.fr": false, "fr": false, "": false} {
		if own.Has(host) != want {
			t.Errorf("%q: %v", host, !want)
		}
	}
	if got := (template.Hosts{"", ""}).String(); got != "–" || own.String() != "Boutique.fr" {
		t.Errorf("%q", got)
	}
	if slices.ContainsFunc([]string{"https://boutique.fr/\\x", "//boutique.fr", "https://", "https://bou\u0442ique.fr/"}, func(s string) bool {
		_, ok := template.Address(s)
		return ok
	}) {
		t.Error("an address that is none")
	}
}
