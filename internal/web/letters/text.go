package letters

import (
	"strings"

	"github.com/promesse-dev/promesse/internal/core/lang"
)

// text is the letter for whoever reads no HTML: paragraphs of its own, a line for
// each article and each choice, and the address in full.
func (p page) text() string {
	var b strings.Builder
	block := func(lines ...string) {
		if s := strings.TrimSpace(strings.Join(lines, "\n")); s != "" {
			b.WriteString(s + "\n\n")
		}
	}
	for _, s := range p.order() {
		p.stretch(s, block)
	}
	b.WriteString("-- \n" + p.Brand.Name + "\n") // RFC 3676, section 4.3: the signature's mark
	if p.Brand.Contact != "" {
		b.WriteString(lang.T(p.Locale, "letter.ask", nil) + " " + p.Brand.Contact + "\n")
	}
	b.WriteString(p.Why + "\n")
	return b.String()
}

// stretch writes a part of a letter, paragraph by paragraph. What one looks up stands in
// our sentences; where these are left out, by itself.
func (p page) stretch(s stretch, block func(lines ...string)) {
	switch s.Block {
	case blockPromise:
		block(p.Promise)
	case blockMessage:
		p.message(block)
	case blockDetails:
		if !p.has(blockMessage) {
			block(p.rows())
		}
		block(p.items()...)
	case blockButton:
		if p.Button != "" {
			block(p.Open, p.URL)
		}
		if p.Also != "" {
			block(p.Also, p.AlsoURL)
		}
	default:
		block(s.Words)
	}
}

// message is what only we can say.
func (p page) message(block func(lines ...string)) {
	for _, paragraph := range p.Plain {
		block(paragraph)
	}
	block(p.choices()...)
	block(p.scores()...)
	block(p.Code)
	for _, paragraph := range p.After {
		block(paragraph)
	}
}

func (p page) scores() (lines []string) {
	for _, s := range p.Scores {
		lines = append(lines, s.What, s.URL)
	}
	return lines
}

func (p page) choices() (lines []string) {
	for _, c := range p.Choices {
		line := lang.T(p.Locale, "letter.listed", map[string]any{"What": c.What})
		if c.Mail != "" {
			line += " " + c.Mail
		}
		lines = append(lines, line)
	}
	return lines
}

// rows are the table of the HTML, a line each, for a text that has no better words.
func (p page) rows() string {
	var lines []string
	for _, r := range p.Rows {
		lines = append(lines, lang.T(p.Locale, "letter.row", map[string]any{"What": r.What, "Value": r.Value}))
	}
	return strings.Join(lines, "\n")
}

func (p page) items() (lines []string) {
	for _, i := range p.Items {
		lines = append(lines, lang.T(p.Locale, "letter.item", map[string]any{"What": i.What, "Amount": i.Value}))
	}
	return lines
}
