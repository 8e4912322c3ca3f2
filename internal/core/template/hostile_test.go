package template_test

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/template"
)

var update = flag.Bool("update", false, "rewrite testdata/hostile.txt")

// unlisted are what a template has no business to read.
var unlisted = []string{
	"password", "token", "secret", "email", "phone", "address", "page_link", "code", "api_key", "session", "merchant", "shopper", "staff",
	"env.HOME", "os.Getenv", "this", "self", "..", "../order", "$root", "@key", "$", "order.value", "shop.Owner", "name.__proto__", "constructor.constructor",
	"Name", "ORDER", "naïve", "n\u0430me", "name\u200b", "name-x", "name1", "0", "-1", "''", `"name"`, "`name`", "name;", "name,shop",
}

// wrapped are the ways in which other languages of templates would read a field.
var wrapped = []string{
	"{{%s}}", "{{ %s }}", "{{#%s}}x{{/%s}}", "{{^%s}}x{{/%s}}", "{{{%s}}}", "{{&%s}}", "{{>%s}}", "{{<%s}}x{{/%s}}", "{{$%s}}x{{/%s}}",
	"{{%s | raw}}", "{{if .%s}}x{{end}}",
}

// others are attacks in one piece: loops, functions, delimiters, headers, links.
var others = []string{
	"{{range 1000000000}}x{{end}}", "{{range $i, $e := .}}x{{end}}", "{{define \"x\"}}{{template \"x\"}}{{end}}{{template \"x\"}}", "{{block \"x\" .}}{{end}}",
	"{{with .}}x{{end}}", "{{else}}", "{{end}}", "{{- name -}}", "{{/* x */}}", "{{len name}}", "{{index name 0}}", "{{call name}}", "{{html name}}", "{{js name}}",
	"{{printf \"%0999999999d\" 1}}", "{{print 1}}", "{{name.name}}", "{{name name}}", "{{ . }}", "{{.}}", "{{}}", "{{ }}", "{{{}}}", "{{{{name}}}}", "{{{{raw}}}}x{{{{/raw}}}}",
	"{{=<% %>=}}", "{{=[ ]=}}[password]", "{{= =}}", "{{! x }}", "{{!}}", "{{#name}}{{/name}}", "{{#shop}}x{{/shop}}", "{{^order}}x{{/order}}", "{{#promise}}x{{/promise}}",
	"{{#has_name}}", "{{/has_name}}", "{{#has_name}}{{/collected}}", "{{^has_name}}", "{{#has_name}}{{#collected}}{{/has_name}}{{/collected}}", "{{has_name}}", "{{#each name}}x{{/each}}",
	"{{lookup . 'name'}}", "{{@index}}", "{{log name}}", "{{helperMissing}}", "{{name", "{{name}", "name}}", "{{\n}}", "{{na\nme}}", "{{name\x00}}", "x\x00y", "x\x1by", "x\u202ey", "x\u2066y", "x\u200by", "x\ufeffy", "x\u00ady",
	"{%% for x in y %%}{{x}}{%% endfor %%}", "{{ ''.__class__.__mro__[1] }}", "{{7*7}}", "{{config}}", "{{request.application}}", "{{[].constructor}}", "{{= 7*7 }}", "{{#exec}}rm -rf{{/exec}}", "{{system('id')}}",
	"a {{promise}} b", "{{promise}}{{promise}}", "{{promise}}\n{{promise}}", "{{button}}.",
	"https://evil.com", "http://evil.com", "HTTPS://EVIL.COM", "https:evil.com", "https:\\\\evil.com", "//evil.com/x", "\\\\evil.com", "/\\evil.com", "https://boutique.fr@evil.com", "https://boutique.fr:x@evil.com",
	"https://boutique.fr.evil.com", "https://evil.com/boutique.fr", "https://evil.com#boutique.fr", "https://evil.com?boutique.fr", "https://notboutique.fr", "https://boutique.fr\\@evil.com", "https://boutique.fr:443@evil.com",
	"https://boutique.fr:8080/", "http://boutique.fr/", "ftp://boutique.fr/", "https://[::1]/", "https://127.0.0.1/", "https://2130706433/", "https://localhost/", "https://boutiqu\u0435.fr/", "https://xn--boutiqu-5bg.fr.evil.com/",
	"www.evil.com", "evil.com", "EVIL.COM", "evil.com/boutique.fr", "boutique.fr.evil.com", "evil。com", "evil．com", "evil｡com", "evil.ⓒom", "ｅｖｉｌ.com", "bücher.de", "пример.рф", "例え.みんな", "contact@evil.com", "mailto:x@evil.com", "tel:+33899000000",
	"sms:81212", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "vbscript:x", "data:text/html,x", "file:///etc/passwd", "blob:https://evil.com/x", "about:blank", "intent://evil#Intent", "https://{{name}}", "https://{{name}}.evil.com", "{{name}}.com", "{{name}}.evil.com", "https://boutique.fr{{name}}/", "https://boutique.fr/?u=//evil.com",
	"<a href=\"https://evil.com\">x</a>", "<img src=https://evil.com/x.gif>", "<script src=//evil.com></script>", "[x](https://evil.com)", "![x](//evil.com/p.png)", "<https://evil.com>", "(evil.com)", "«evil.com»", "evil.com,", "l'evil.com",
}

// hostile is every attack, alone and where it might be overlooked.
func hostile() (all []string) {
	for _, w := range wrapped {
		for _, u := range unlisted {
			all = append(all, strings.ReplaceAll(w, "%s", u))
		}
	}
	for _, o := range others {
		o = strings.ReplaceAll(o, "%%", "%")
		all = append(all, o, "Bonjour {{name}},\n\nvoici : "+o+"\n\n{{button}}", "{{#has_name}}"+o+" {{/has_name}}")
	}
	return append(all, strings.Repeat("{{#has_name}}", 10_000), strings.Repeat("{", 15_000), strings.Repeat("{{", 7_000), strings.Repeat("{{name}}", 1_900), strings.Repeat("a", 20_000), "\xff\xfe", "{{\xff}}")
}

// Every attack of the corpus is refused, in the words that stand beside it. A change of
// the file is a change of what merchants are told.
func TestHostileTemplates(t *testing.T) {
	if *update {
		var b strings.Builder
		for _, source := range hostile() {
			_, err := template.Parse("body", source, letter())
			fmt.Fprintf(&b, "%s\t%s\n", code(err), strconv.Quote(source))
		}
		if err := os.WriteFile("testdata/hostile.txt", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	for source, want := range corpus(t) {
		n++
		_, err := template.Parse("body", source, letter())
		if got := code(err); got != want || got == "" {
			t.Errorf("%.80q: got %q, want %q", source, got, want)
		}
	}
	if n < 500 {
		t.Errorf("only %d", n)
	}
}

// corpus is the committed attacks, with the fault of each.
func corpus(t testing.TB) map[string]string {
	f, err := os.Open("testdata/hostile.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all := map[string]string{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		want, quoted, _ := strings.Cut(lines.Text(), "\t")
		source, err := strconv.Unquote(quoted)
		if err != nil {
			t.Fatal(err)
		}
		all[source] = want
	}
	return all
}

// Whatever is let through reads listed fields alone (values fails on another), stays
// within bounds, and leads nowhere but home; whatever is refused says where.
func FuzzTemplate(f *testing.F) {
	for source := range corpus(f) {
		f.Add(source, "Zoé")
	}
	f.Add("Bonjour {{name}}{{^has_name}}!{{/has_name}}\n{{promise}}\nhttps://boutique.fr/{{order}}", "https://evil.com")
	f.Fuzz(func(t *testing.T, source, name string) {
		x, err := template.Parse("body", source, letter())
		if err != nil {
			if len(fault.All(err)) == 0 {
				t.Fatalf("%q: no fault: %v", source, err)
			}
			return
		}
		pieces, err := x.Fill(values(t, name))
		if err != nil && code(err) != "template_too_large" {
			t.Fatalf("%q: %v", source, err)
		}
		text := template.Text(pieces)
		if err == nil && len(text) > template.MaxOutput {
			t.Fatalf("%d bytes", len(text))
		}
		for _, p := range pieces {
			if p.Field.Kind == template.Words && strings.ContainsAny(p.Text, "\r\n\x00\u2028\u202e") {
				t.Fatalf("a value holds %q", p.Text)
			}
		}
		if template.Links("body", pieces, letter().Hosts) != nil {
			return
		}
		for word := range strings.FieldsSeq(text) {
			if u, ok := template.Address(word); ok && !letter().Hosts.Has(u.Hostname()) && !strings.Contains(name, u.Hostname()) {
				t.Fatalf("%q leads to %q", source, word)
			}
		}
	})
}
