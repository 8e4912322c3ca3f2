package shop

import (
	"github.com/a-h/templ"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/web/shop/catalogue"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// shelvesPage is what a shop sells.
type shelvesPage struct {
	frame
	Tagline  string
	Where    string // the shop is
	Shelves  []shelf
	Articles []ware
}

// shelf is a way to some of it.
type shelf struct {
	Words string
	URL   templ.SafeURL
	Here  bool
}

// ware is an article as it is shown among others.
type ware struct {
	Name, Price, Picture string
	URL                  templ.SafeURL
}

// shelves shows a shop, or one of its shelves. A shelf that does not exist is all
// of them.
func shelves(v *visit) (ui.Answer, error) {
	wanted := v.field("rayon")
	p := shelvesPage{Tagline: v.shop.Tagline.In(v.locale), Where: v.say("shop.where", map[string]any{"City": v.shop.City})}
	title := v.say("shop.all", nil)
	all := shelf{Words: title, URL: templ.SafeURL(v.path("/"))}
	known := false
	for _, c := range v.shop.Categories {
		s := shelf{Words: c.Name.In(v.locale), URL: templ.SafeURL(v.with("/", "rayon", c.Slug)), Here: c.Slug == wanted}
		if s.Here {
			known, title = true, s.Words
		}
		p.Shelves = append(p.Shelves, s)
	}
	if !known {
		wanted, all.Here = "", true
	}
	p.Shelves = append([]shelf{all}, p.Shelves...)
	for _, a := range v.shop.On(wanted) {
		p.Articles = append(p.Articles, v.ware(a))
	}
	p.frame = v.measured("shelves", v.frame(title, 0))
	return ui.Answer{Page: shelvesHTML(p)}, nil
}

func (v *visit) ware(a catalogue.Article) ware {
	return ware{
		Name: a.Name.In(v.locale), Price: lang.Amount(v.locale, a.Unit()), Picture: a.Picture,
		URL: templ.SafeURL(v.path("/article/" + a.SKU)),
	}
}

// articlePage is one article, and when it could be there.
type articlePage struct {
	frame
	ware
	SKU, About, Weight string
	Put                string // path of the basket
	Sizes              []string
	Back               shelf
	Where              whereForm
	Best               *optionCard // the soonest date; nil before a place is typed
	Refused            []reason    // when there is no date at all
	Return             *backCard   // how it could come back; nil: nobody says
	Dates              *datesBlock // shows the same without loading the page; nil: nothing does
}

// article shows one, and asks for dates when a place is known.
func article(v *visit) (ui.Answer, error) {
	a, ok := v.shop.Article(v.PathValue("sku"))
	if !ok {
		return ui.Answer{}, fault.New(fault.NotFound, "not_found", "")
	}
	p := articlePage{
		frame: v.measured("article", v.frame(a.Name.In(v.locale), 0)), ware: v.ware(a), SKU: a.SKU, About: a.About.In(v.locale),
		Weight: v.weight(a.Grams), Sizes: a.Sizes, Put: v.path("/panier"), Back: v.shelfOf(a),
	}
	if v.typed.Get("taille") != "" {
		p.tell(ui.Care, v.say("shop.choose_size", nil))
	}
	p.Where = v.asking("/article/" + a.SKU)
	one := catalogue.Variant{Article: a}
	if a.Sizes != nil {
		one.Size = a.Sizes[0]
	}
	alone := basket{items: []item{{one.Code(), 1}}}
	if v.to.fine() {
		p.answer(v, alone)
	}
	p.Return = v.backCard(one)
	var err error
	if p.Dates, err = v.datesBlock(alone); err != nil {
		return ui.Answer{}, err
	}
	if p.Dates != nil {
		p.Scripts = append(p.Scripts, blocks)
	}
	return ui.Answer{Page: articleHTML(p)}, nil
}

// answer puts the soonest date for one article on its page. When nobody answers,
// the page says so and sells on.
func (p *articlePage) answer(v *visit, one basket) {
	q, err := v.quote(one, "")
	if err != nil {
		p.Where.Trouble = v.trouble(err)
		return
	}
	if len(q.Options) == 0 {
		p.Refused = v.reasons(q)
		return
	}
	best := v.card(q.Options[0])
	p.Best = &best
}

// shelfOf is the way back to the shelf of an article.
func (v *visit) shelfOf(a catalogue.Article) shelf {
	for _, c := range v.shop.Categories {
		if c.Slug == a.Category {
			return shelf{Words: c.Name.In(v.locale), URL: templ.SafeURL(v.with("/", "rayon", c.Slug))}
		}
	}
	return shelf{Words: v.say("shop.all", nil), URL: templ.SafeURL(v.path("/"))}
}

// weight writes grams as people say them.
func (v *visit) weight(grams int) string {
	if grams < 1000 {
		return v.say("shop.grams", map[string]any{"Grams": grams})
	}
	return v.say("shop.kilos", map[string]any{"Kilos": lang.Decimal(v.locale, float64(grams)/1000, 1)})
}
