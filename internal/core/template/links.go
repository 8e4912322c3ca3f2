package template

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
	"golang.org/x/text/unicode/norm"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

// Hosts are where links of a template may lead: to each of them, and to what lies
// below it. An empty one is none.
type Hosts []string

// Has reports whether links may lead to a host.
func (h Hosts) Has(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	for _, own := range h {
		if own = strings.ToLower(own); own != "" && (host == own || strings.HasSuffix(host, "."+own)) {
			return true
		}
	}
	return false
}

// String is for the sentence of a fault.
func (h Hosts) String() string {
	var all []string
	for _, own := range h {
		if own != "" {
			all = append(all, own)
		}
	}
	if len(all) == 0 {
		return "–"
	}
	return strings.Join(all, ", ")
}

var (
	// Addresses that mail programs and telephones make links of, or that a person would
	// copy: with a scheme, or a name below a known top level.
	scheme = regexp.MustCompile(`(?i)(?:[a-z][a-z0-9+.-]*:)?[/\\]{2,}|\b(?:javascript|vbscript|data|file|ftp|https?|mailto|tel|sms|intent|blob|about|ws|wss):[^\s]`)
	domain = regexp.MustCompile(`(?:[\p{L}\p{N}\p{M}_-]+\.)+[\p{L}\p{M}][\p{L}\p{N}\p{M}-]+`)
)

// dots are the signs that browsers read as the dot of a name. Source: UTS #46, section 2.3.
var dots = strings.NewReplacer("。", ".", "\u200d", "")

// Links finds links in filled-in words that lead anywhere but to own hosts: what no
// look at the source alone can find. A value between blanks is its own affair: a
// shop may be called chaussures.example. The fault is template_joined.
func Links(path string, pieces []Piece, own Hosts) error {
	var b strings.Builder
	for i, p := range pieces {
		if p.Field.Kind == Words && parted(pieces, i) {
			b.WriteString("x")
			continue
		}
		b.WriteString(p.Text)
	}
	for _, word := range blank.FindAllString(b.String(), -1) {
		if foreign(word, own) {
			return fault.New(fault.Invalid, "template_joined", path, "link", clip(word), "hosts", own.String())
		}
	}
	return nil
}

// parted reports whether a value stands between blanks, or signs that part words:
// nothing beside it can make a link of it.
func parted(pieces []Piece, i int) bool {
	before, after := "", ""
	if i > 0 {
		before = pieces[i-1].Text
	}
	if i+1 < len(pieces) {
		after = pieces[i+1].Text
	}
	last, _ := utf8.DecodeLastRuneInString(before)
	after = strings.TrimLeft(after, `.,;:!?…)"'»`)
	first, _ := utf8.DecodeRuneInString(after)
	opens := before == "" && i == 0 || unicode.IsSpace(last) || before != "" && strings.ContainsRune(`("'’«`, last)
	return opens && (after == "" && i+2 >= len(pieces) || unicode.IsSpace(first))
}

// tagged is what stands between braces.
var tagged = regexp.MustCompile(`\{\{[^{}\n]*\}\}`)

// links finds, in a source, links that lead elsewhere. A field is taken for a part of a
// name; a condition for nothing, as it will be, and for a blank, as what stands in it
// may be all there is.
func (p *parser) links() {
	before := ""
	for _, condition := range []string{"", " "} {
		masked, offsets := mask(p.source, condition)
		if masked == before {
			return
		}
		before = masked
		for _, span := range blank.FindAllStringIndex(masked, -1) {
			if !foreign(masked[span[0]:span[1]], p.shape.Hosts) {
				continue
			}
			from, until := offsets[span[0]], offsets[span[1]-1]+1
			if !p.wrong(fault.New(fault.Invalid, "template_link", p.path, p.at(from, "link", clip(p.source[from:until]), "hosts", p.shape.Hosts.String())...)) {
				return
			}
		}
		if len(p.faults) > 0 {
			return
		}
	}
}

// mask is a source without its tags, and where each of its bytes was.
func mask(source, condition string) (masked string, offsets []int) {
	var b strings.Builder
	put := func(s string, at int) {
		for i := range len(s) {
			offsets = append(offsets, at+i)
		}
		b.WriteString(s)
	}
	from := 0
	for _, tag := range tagged.FindAllStringIndex(source, -1) {
		put(source[from:tag[0]], from)
		if strings.ContainsRune("#^/", rune(source[tag[0]+2])) {
			put(condition, tag[0])
		} else {
			put("x", tag[0])
		}
		from = tag[1]
	}
	put(source[from:], from)
	return b.String(), offsets
}

// blank parts words.
var blank = regexp.MustCompile(`[^\s\p{Z}]+`)

// foreign reports whether a word holds a link that leads elsewhere.
func foreign(word string, own Hosts) bool {
	folded := word
	if strings.ContainsFunc(word, func(r rune) bool { return r > unicode.MaxASCII }) {
		folded = dots.Replace(norm.NFKC.String(word))
	}
	if strings.ContainsAny(folded, `:/\`) && scheme.MatchString(folded) {
		address, ok := Address(folded)
		return !ok || !own.Has(address.Hostname()) || len(scheme.FindAllString(folded, -1)) > 1
	}
	if !strings.Contains(folded, ".") {
		return false // what most words are
	}
	for _, host := range domain.FindAllString(folded, -1) {
		if host = strings.ToLower(host); (reachable(host) || strings.HasPrefix(host, "www.")) && !own.Has(host) {
			return true
		}
	}
	return false
}

// reachable reports whether a name lies below a top level that exists.
func reachable(host string) bool {
	if ascii, err := idna.Punycode.ToASCII(host); err == nil {
		host = ascii
	}
	_, known := publicsuffix.PublicSuffix(host)
	return known
}

// Address is the https address that a word is, without the signs around it; false
// when it is none that can be a link of ours.
func Address(word string) (*url.URL, bool) {
	word = strings.TrimLeft(word, `("'«`)
	word = strings.TrimRight(word, `.,;:!?)"'»`)
	if !strings.HasPrefix(word, "https://") || strings.ContainsAny(word, "\\@<>\"'`{}|^") {
		return nil, false
	}
	u, err := url.Parse(word)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Port() != "" {
		return nil, false
	}
	for _, r := range u.Hostname() {
		if !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-", r) {
			return nil, false // a name in another script is written in its ASCII form
		}
	}
	return u, true
}
