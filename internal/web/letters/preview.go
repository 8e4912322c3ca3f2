package letters

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// examples are the letters of the gallery that a shop sends on a topic.
func examples(t fact.Topic) (all []exhibit) {
	for _, e := range exhibits {
		if e.topic == t && (t != fact.TopicLink || e.kind == "address") { // the others are of a space, which is no shop's
			all = append(all, e)
		}
	}
	return all
}

// Examples is how many invented letters on a topic there are to preview.
func Examples(t fact.Topic) int { return len(examples(t)) }

// Preview writes an invented letter in the words of a template, or in ours when it is
// standard, as the shop looks: nobody's data is read. example counts from 0 and is
// brought to one there is. The faults are those of the template.
func Preview(b merchant.Brand, t notify.Template, example int) (notify.Letter, error) {
	all := examples(t.Topic)
	if len(all) == 0 {
		return notify.Letter{}, notify.ErrSuperseded
	}
	shop := brandOf(b)
	p, err := all[min(max(example, 0), len(all)-1)].page(t.Locale, &shop)
	if err != nil {
		return notify.Letter{}, err
	}
	if t.Standard {
		return p.told(t.Channel)
	}
	t = t.Neat()
	return p.own(t, t.Hosts(b))
}

// Value is what a field stands for in an example, to be shown beside its name.
func Value(b merchant.Brand, f notify.Form, example int, field string) string {
	all, shop := examples(f.Topic), brandOf(b)
	if len(all) == 0 {
		return ""
	}
	p, err := all[min(max(example, 0), len(all)-1)].page(f.Locale, &shop)
	if err != nil || !slices.Contains(lang.Locales(), f.Locale) {
		return ""
	}
	return p.values().Words(field)
}

// Keep keeps a version of a merchant's words, once every invented letter on its topic
// could be written with it. The faults are those of notify.SetTemplate, template_empty,
// template_joined and template_pieces.
func Keep(tx *flow.Tx, m ident.Merchant, t notify.Template) (notify.Template, error) {
	kept, err := notify.SetTemplate(tx, m, t)
	if err != nil || kept.Standard {
		return kept, err
	}
	return kept, try(tx.Tx, m, kept)
}

func try(tx *db.Tx, m ident.Merchant, t notify.Template) error {
	b, err := merchant.BrandOf(tx, m)
	if err != nil {
		return err
	}
	for i := range examples(t.Topic) {
		if _, err := Preview(b, t, i); err != nil {
			return err
		}
	}
	return nil
}
