package letters

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/promesse-dev/promesse/internal/core/lang"
)

// dark is the sheet for those whose mail program is dark and says so; it must
// outrank the styles on the elements. Others turn colours round by themselves,
// which these bear: no text of ours is part of a picture.
func (p page) dark() string {
	return fmt.Sprintf("<style>@media (prefers-color-scheme:dark){"+
		".paper{background-color:#14171b!important;color:#ecebe7!important}"+
		".card{background-color:#1d2127!important;color:#ecebe7!important}"+
		".soft{color:#a9b0b8!important}"+
		".line{border-color:#363c44!important}"+
		".accent{background-color:%[1]s!important;color:#1d2127!important}"+
		".ink{color:%[1]s!important}"+
		"}</style>", p.Brand.Dark)
}

func (p page) ask() string { return lang.T(p.Locale, "letter.ask", nil) }

// ours is the order of a letter in our words.
func (p page) ours() []stretch {
	return []stretch{{Block: blockPromise}, {Words: p.Hello}, {Block: blockMessage}, {Block: blockDetails}, {Block: blockButton}}
}

// order is the parts of a letter one below the other: ours, or as the merchant has them.
func (p page) order() []stretch {
	if p.Own != nil {
		return p.Own
	}
	return p.ours()
}

// body is the parts of a letter as HTML.
func body(p page) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		for _, s := range p.order() {
			if err := p.part(s).Render(ctx, w); err != nil {
				return err
			}
		}
		return nil
	})
}

func (p page) part(s stretch) templ.Component {
	switch s.Block {
	case blockPromise:
		return promised(p)
	case blockMessage:
		return message(p)
	case blockDetails:
		return details(p)
	case blockButton:
		return way(p)
	default:
		return said(p.linked(s.Words))
	}
}

// linked is a paragraph as HTML: every sign escaped, and addresses of the merchant's
// own made links.
func (p page) linked(words string) string {
	var b strings.Builder
	for _, r := range p.runs(words) {
		if r.URL == "" {
			b.WriteString(templ.EscapeString(r.Words))
			continue
		}
		fmt.Fprintf(&b, `<a class="ink" href="%s" style="color:%s">%s</a>`, templ.EscapeString(r.URL), templ.EscapeString(p.Brand.Light), templ.EscapeString(r.Words))
	}
	return b.String()
}

// has reports whether a letter holds a block.
func (p page) has(block string) bool {
	return slices.ContainsFunc(p.order(), func(s stretch) bool { return s.Block == block })
}
