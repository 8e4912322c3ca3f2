package template

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

// Parse reads a template of a shape; path names it in faults. They are
// field_too_long, invalid_utf8, and, each with its line and column: template_sign
// (a sign that is unseen or ends a line), template_open (braces that do not close, or
// close nothing), template_unescaped, template_partial, template_delimiters,
// template_comment, template_code (more than a name), template_name (not of the
// list), template_loop (a part over what is no condition), template_condition (a
// condition without its part), template_part (a part that does not close, or closes
// nothing), template_place (a block that is not alone on its line, or stands
// twice), template_deep, template_many and template_link (it leads elsewhere);
// and template_needs for what is not there.
func Parse(path, source string, s Shape) (Template, error) {
	p := parser{path: path, source: source, shape: s}
	if p.readable() {
		p.body()
		p.whole()
		p.links()
	}
	if err := p.faults.Err(); err != nil {
		return Template{}, err
	}
	return Template{p.stack[0].body}, nil
}

// part is a run of nodes: the whole, or what stands under a condition.
type part struct {
	field Field
	not   bool
	at    int // where it was opened
	body  []node
}

type parser struct {
	path, source string
	shape        Shape
	faults       fault.List
	stack        []part // the whole first
	seen         []string
	blocks       []string
	tags         int
}

// maxFaults is how many are told at once.
const maxFaults = 10

// wrong adds a fault; false once they are enough.
func (p *parser) wrong(f *fault.Error) bool {
	if len(p.faults) < maxFaults {
		p.faults = append(p.faults, f)
	}
	return len(p.faults) < maxFaults
}

// at are the values of a fault at an offset of the source: where that is, and more.
func (p *parser) at(offset int, more ...any) []any {
	line, column := place(p.source, offset)
	return append([]any{"line", line, "column", column}, more...)
}

// place is an offset as people count: lines, and characters of the line, from one.
func place(source string, at int) (line, column int) {
	before := source[:at]
	start := strings.LastIndexByte(before, '\n') + 1
	return strings.Count(before, "\n") + 1, utf8.RuneCountInString(before[start:]) + 1
}

// readable finds a source that is not worth reading.
func (p *parser) readable() bool {
	p.stack = []part{{}}
	switch {
	case !utf8.ValidString(p.source):
		p.faults.Add(fault.Invalid, "invalid_utf8", p.path)
	case utf8.RuneCountInString(p.source) > p.shape.Most:
		p.faults.Add(fault.Invalid, "field_too_long", p.path, "limit", p.shape.Most)
	}
	for at, r := range p.source {
		if r == '\n' && p.shape.Lines || !unicode.IsControl(r) && !hidden(r) && r != '\u2028' && r != '\u2029' {
			continue
		}
		if !p.wrong(fault.New(fault.Invalid, "template_sign", p.path, p.at(at)...)) {
			break
		}
	}
	return len(p.faults) == 0
}

// body reads literal words and tags in turn.
func (p *parser) body() {
	for at := 0; at < len(p.source); {
		rest := p.source[at:]
		open := strings.Index(rest, "{{")
		if open < 0 {
			open = len(rest)
		}
		if stray := strings.Index(rest[:open], "}}"); stray >= 0 {
			p.wrong(fault.New(fault.Invalid, "template_open", p.path, p.at(at+stray, "tag", "}}")...))
			return
		}
		if open > 0 {
			p.put(node{words: rest[:open]})
		}
		if at += open; at == len(p.source) {
			return
		}
		length, ok := p.tag(at)
		if !ok {
			return
		}
		at += length
	}
}

// put adds to the innermost part.
func (p *parser) put(n node) {
	top := &p.stack[len(p.stack)-1]
	top.body = append(top.body, n)
}

// tag reads what stands between braces at an offset, and says how long it is; false
// when nothing behind it can be read.
func (p *parser) tag(at int) (length int, ok bool) {
	end := strings.Index(p.source[at:], "}}")
	if end < 0 || strings.ContainsAny(p.source[at+2:at+end], "\n") {
		p.wrong(fault.New(fault.Invalid, "template_open", p.path, p.at(at, "tag", "{{")...))
		return 0, false
	}
	if p.tags++; p.tags > maxTags {
		p.wrong(fault.New(fault.Invalid, "template_many", p.path, p.at(at, "limit", maxTags)...))
		return 0, false
	}
	length = end + 2
	inside := strings.TrimSpace(p.source[at+2 : at+end])
	if strings.HasPrefix(inside, "{") {
		if strings.HasPrefix(p.source[at+length:], "}") {
			length++ // the third brace
		}
		return length, p.wrong(fault.New(fault.Invalid, "template_unescaped", p.path, p.at(at, "tag", clip(p.source[at:at+length]))...))
	}
	return length, p.mean(at, length, inside)
}

// name is what a field may be called.
var name = regexp.MustCompile(`^[a-z][a-z_]{0,39}$`)

// mean does what a tag says; false when the faults are enough.
func (p *parser) mean(at, length int, inside string) bool {
	shown := clip(p.source[at : at+length])
	sign := byte(0)
	if inside != "" {
		sign = inside[0]
	}
	switch sign { // the tags of Mustache that ours has not
	case '&':
		return p.wrong(fault.New(fault.Invalid, "template_unescaped", p.path, p.at(at, "tag", shown)...))
	case '>':
		return p.wrong(fault.New(fault.Invalid, "template_partial", p.path, p.at(at, "tag", shown)...))
	case '=':
		return p.wrong(fault.New(fault.Invalid, "template_delimiters", p.path, p.at(at, "tag", shown)...))
	case '!':
		return p.wrong(fault.New(fault.Invalid, "template_comment", p.path, p.at(at, "tag", shown)...))
	}
	if sign == '#' || sign == '^' || sign == '/' {
		inside = strings.TrimSpace(inside[1:])
	} else {
		sign = 0
	}
	if !name.MatchString(inside) {
		return p.wrong(fault.New(fault.Invalid, "template_code", p.path, p.at(at, "tag", shown, "allowed", p.allowed(Words, Block, Truth))...))
	}
	i := slices.IndexFunc(p.shape.Fields, func(f Field) bool { return f.Name == inside })
	if i < 0 {
		return p.wrong(fault.New(fault.Invalid, "template_name", p.path, p.at(at, "tag", shown, "allowed", p.allowed(Words, Block, Truth))...))
	}
	switch f := p.shape.Fields[i]; sign {
	case '/':
		return p.close(at, f)
	case 0:
		return p.field(at, length, f)
	default:
		return p.open(at, f, sign == '^')
	}
}

func (p *parser) field(at, length int, f Field) bool {
	if f.Kind == Truth {
		return p.wrong(fault.New(fault.Invalid, "template_condition", p.path, p.at(at, "name", f.Name, "tag", "{{#"+f.Name+"}} … {{/"+f.Name+"}}")...))
	}
	if f.Kind == Block {
		if slices.Contains(p.blocks, f.Name) || !alone(p.source, at, length) {
			return p.wrong(fault.New(fault.Invalid, "template_place", p.path, p.at(at, "tag", "{{"+f.Name+"}}")...))
		}
		p.blocks = append(p.blocks, f.Name)
	}
	if len(p.stack) == 1 {
		p.seen = append(p.seen, f.Name)
	}
	p.put(node{field: f})
	return true
}

// alone reports whether nothing but blanks stands beside a tag on its line.
func alone(source string, at, length int) bool {
	before, after := source[:at], source[at+length:]
	before = before[strings.LastIndexByte(before, '\n')+1:]
	after, _, _ = strings.Cut(after, "\n")
	return strings.TrimSpace(before) == "" && strings.TrimSpace(after) == ""
}

func (p *parser) open(at int, f Field, not bool) bool {
	if f.Kind != Truth {
		return p.wrong(fault.New(fault.Invalid, "template_loop", p.path, p.at(at, "tag", "{{"+f.Name+"}}", "allowed", p.allowed(Truth))...))
	}
	if len(p.stack) > maxDepth {
		return p.wrong(fault.New(fault.Invalid, "template_deep", p.path, p.at(at, "limit", maxDepth)...))
	}
	p.stack = append(p.stack, part{field: f, not: not, at: at})
	return true
}

func (p *parser) close(at int, f Field) bool {
	top := p.stack[len(p.stack)-1]
	if top.field.Name != f.Name {
		return p.wrong(fault.New(fault.Invalid, "template_part", p.path, p.at(at, "tag", "{{/"+f.Name+"}}")...))
	}
	p.stack = p.stack[:len(p.stack)-1]
	p.put(node{field: f, not: top.not, body: top.body})
	return true
}

// whole finds what is open still, or is not there.
func (p *parser) whole() {
	for _, open := range p.stack[1:] {
		p.wrong(fault.New(fault.Invalid, "template_part", p.path, p.at(open.at, "tag", "{{#"+open.field.Name+"}}")...))
	}
	for _, f := range p.shape.Fields {
		if f.Needed && !slices.Contains(p.seen, f.Name) && len(p.faults) < maxFaults {
			p.faults.Add(fault.Invalid, "template_needs", p.path, "tag", "{{"+f.Name+"}}")
		}
	}
}

// allowed lists the fields of kinds, as they are written.
func (p *parser) allowed(kinds ...Kind) string {
	var all []string
	for _, f := range p.shape.Fields {
		if slices.Contains(kinds, f.Kind) {
			all = append(all, f.Written())
		}
	}
	if len(all) == 0 {
		return "–"
	}
	return strings.Join(all, " ")
}

// Written is a field as one types it.
func (f Field) Written() string {
	if f.Kind == Truth {
		return "{{#" + f.Name + "}} … {{/" + f.Name + "}}"
	}
	return "{{" + f.Name + "}}"
}

// clip is what was typed, as far as a sentence has room for it.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
