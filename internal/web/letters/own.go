package letters

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/gsm"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/template"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// The blocks of a letter: what a merchant may move, and may not write.
const (
	blockPromise = "promise"
	blockMessage = "message"
	blockDetails = "details"
	blockButton  = "button"
)

// stretch is a paragraph of a letter in the merchant's words, or one of our blocks.
type stretch struct {
	Block string // empty: a paragraph
	Words string
}

const (
	maxSubject   = 250 // characters, filled in
	maxOwnPieces = 4   // of an SMS in the merchant's words
)

// told is a page as its channel has it, in our words.
func (p page) told(ch notify.Channel) (notify.Letter, error) {
	switch ch {
	case notify.SMS:
		return p.text160(), nil
	case notify.Push:
		return p.note(), nil
	default:
		return p.letter()
	}
}

// dress tells a page in the merchant's words where there are some for the form. What
// they can not write leaves in ours, and the letter says why: no message is lost
// over words.
func (p page) dress(tx *db.Tx, m ident.Merchant, f notify.Form) (notify.Letter, error) {
	if f.Locale = p.Locale; !slices.Contains(lang.Locales(), f.Locale) {
		f.Locale = lang.English // as sentences are
	}
	t, own, err := notify.TemplateOf(tx, m, f)
	if err != nil {
		return notify.Letter{}, err
	}
	if !own {
		return p.told(f.Channel)
	}
	b, err := merchant.BrandOf(tx, m)
	if err != nil {
		return notify.Letter{}, err
	}
	l, err := p.own(t, t.Hosts(b))
	if broken := fault.All(err); len(broken) > 0 {
		l, err = p.told(f.Channel)
		l.Failure = broken[0].Code
	}
	l.Template = t.ID
	return l, err
}

// own tells a page in the words of a template. The faults are those of reading and of
// filling it in, template_empty, template_joined and template_pieces.
func (p page) own(t notify.Template, hosts template.Hosts) (notify.Letter, error) {
	read, err := t.Read(hosts)
	if err != nil {
		return notify.Letter{}, err
	}
	filled := map[string][]template.Piece{}
	for part, x := range read {
		if filled[part], err = x.Fill(p.values()); err != nil {
			return notify.Letter{}, err
		}
		if err := template.Links(part, filled[part], append(hosts, pageHost)); err != nil {
			return notify.Letter{}, err
		}
	}
	switch t.Channel {
	case notify.SMS:
		return p.ownSMS(filled[notify.PartBody])
	case notify.Push:
		return p.ownPush(filled)
	default:
		return p.ownLetter(filled, hosts)
	}
}

// pageHost is what PageMark leads to, until the letter leaves.
const pageHost = "page.invalid"

// values are what the fields of a template stand for on a page.
func (p page) values() template.Values {
	known := map[string]string{
		"shop": p.Brand.Name, "contact": p.Brand.Contact, "name": p.Name, "hello": p.Hello, "subject": p.Subject, "label": p.Button,
		"promise": p.Promise, "link": notify.PageMark,
	}
	word := func(name string) string {
		if v, ok := known[name]; ok {
			return v
		}
		return p.Words[name]
	}
	return template.Values{Words: word, Truth: func(name string) bool {
		if of, has := strings.CutPrefix(name, "has_"); has {
			return word(of) != ""
		}
		return p.Truths[name]
	}}
}

// ownSMS is a text of the merchant's, in signs that cost least.
func (p page) ownSMS(pieces []template.Piece) (notify.Letter, error) {
	text := gsm.Plain(line(pieces))
	if n := Pieces(text); n > maxOwnPieces {
		return notify.Letter{}, fault.New(fault.TooLarge, "template_pieces", notify.PartBody, "pieces", n, "limit", maxOwnPieces)
	}
	return notify.Letter{Locale: p.Locale, Subject: p.Subject, Text: text}, nil
}

// Pieces is in how many pieces an SMS is sent, with an address where its mark stands.
func Pieces(text string) int {
	return gsm.Segments(strings.ReplaceAll(text, notify.PageMark, pageAddress))
}

// Signs is how many signs an SMS has, counted likewise.
func Signs(text string) int {
	return utf8.RuneCountInString(strings.ReplaceAll(text, notify.PageMark, pageAddress))
}

func (p page) ownPush(filled map[string][]template.Piece) (notify.Letter, error) {
	title, err := oneLine(notify.PartSubject, filled[notify.PartSubject])
	return notify.Letter{Locale: p.Locale, Subject: title, Text: line(filled[notify.PartBody])}, err
}

func (p page) ownLetter(filled map[string][]template.Piece, hosts template.Hosts) (notify.Letter, error) {
	subject, err := oneLine(notify.PartSubject, filled[notify.PartSubject])
	if err != nil {
		return notify.Letter{}, err
	}
	if p.Button != "" {
		if p.Button, err = oneLine(notify.PartButton, filled[notify.PartButton]); err != nil {
			return notify.Letter{}, err
		}
	}
	p.Subject, p.Own, p.Hosts = subject, stretches(filled[notify.PartBody]), hosts
	l, err := p.letter()
	if err == nil && len(l.HTML) > template.MaxOutput {
		err = fault.New(fault.TooLarge, "template_too_large", notify.PartBody, "limit", template.MaxOutput>>10)
	}
	return l, err
}

// line is pieces on one line, blanks made one; one that does not break is no blank.
func line(pieces []template.Piece) string {
	return strings.Join(strings.FieldsFunc(template.Text(pieces), func(r rune) bool { return r == ' ' || r == '\n' }), " ")
}

// oneLine is a part that must say something. The fault is template_empty.
func oneLine(part string, pieces []template.Piece) (string, error) {
	said := line(pieces)
	if said == "" {
		return "", fault.New(fault.Invalid, "template_empty", part)
	}
	if r := []rune(said); len(r) > maxSubject {
		said = string(r[:maxSubject]) + "…"
	}
	return said, nil
}

// stretches makes paragraphs of filled-in words: one of each line, and of each block.
func stretches(pieces []template.Piece) []stretch {
	all, said := []stretch{}, ""
	end := func() {
		if said = strings.TrimSpace(said); said != "" {
			all = append(all, stretch{Words: said})
		}
		said = ""
	}
	for _, p := range pieces {
		if p.Field.Kind == template.Block {
			end()
			all = append(all, stretch{Block: p.Field.Name})
			continue
		}
		lines := strings.Split(p.Text, "\n")
		for i, l := range lines {
			if said += l; i < len(lines)-1 {
				end()
			}
		}
	}
	end()
	return all
}

// run is a part of a paragraph: words, or an address that is a link.
type run struct{ Words, URL string }

// runs parts a paragraph at the addresses that it may lead to.
func (p page) runs(words string) (all []run) {
	from := 0
	for at := 0; at < len(words); {
		next := strings.Index(words[at:], "https://")
		if next < 0 {
			break
		}
		at += next
		end := at + len(words[at:])
		if i := strings.IndexAny(words[at:], " \u00a0\u202f"); i >= 0 {
			end = at + i
		}
		u, ok := template.Address(words[at:end])
		if ok && p.Hosts.Has(u.Hostname()) {
			address := strings.TrimRight(words[at:end], `.,;:!?)"'»`)
			all = append(all, run{Words: words[from:at]}, run{Words: address, URL: address})
			from = at + len(address)
		}
		at = end
	}
	return append(all, run{Words: words[from:]})
}

// know keeps the values of fields, for the words of merchants.
func (p *page) know(pairs ...string) {
	if p.Words == nil {
		p.Words, p.Truths = map[string]string{}, map[string]bool{}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		p.Words[pairs[i]] = pairs[i+1]
	}
}
