package catalogue_test

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/web/shop/catalogue"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

func TestSixShopsAreOpen(t *testing.T) {
	var slugs, prefixes []string
	for _, s := range catalogue.All() {
		if slices.Contains(slugs, s.Slug) || slices.Contains(prefixes, s.Prefix) {
			t.Errorf("%s %s twice", s.Slug, s.Prefix)
		}
		slugs, prefixes = append(slugs, s.Slug), append(prefixes, s.Prefix)
		if !ui.Accent(s.Accent) || s.Tagline.FR == "" || s.Tagline.EN == "" || s.City == "" {
			t.Errorf("%s: %+v", s.Slug, s.Tagline)
		}
		if s.Showpiece().Picture == "" {
			t.Errorf("%s: an empty window", s.Slug)
		}
		if _, err := geo.NewPlace(s.Country, s.Postcode); err != nil {
			t.Errorf("%s: %v", s.Slug, err)
		}
		if n := len(s.Articles); n < 12 || n > 20 {
			t.Errorf("%s sells %d articles", s.Slug, n)
		}
		for _, c := range s.Categories {
			if len(s.On(c.Slug)) == 0 || c.Name.FR == "" || c.Name.EN == "" {
				t.Errorf("%s: an empty shelf %s", s.Slug, c.Slug)
			}
		}
	}
	if len(slugs) != 6 {
		t.Errorf("%q", slugs)
	}
	if _, ok := catalogue.Find("nulle-part"); ok {
		t.Error("a shop that does not exist is found")
	}
}

// A basket writes codes with stars and tildes between them, and a size after a dot.
var sku = regexp.MustCompile(`^[A-Z]{3}-\d{3,4}$`)

func TestEveryArticleCanBeShownAndSold(t *testing.T) {
	for _, s := range catalogue.All() {
		var seen []string
		for _, a := range s.Articles {
			at := s.Slug + " " + a.SKU
			if !sku.MatchString(a.SKU) || slices.Contains(seen, a.SKU) {
				t.Errorf("%s: no SKU, or one twice", at)
			}
			seen = append(seen, a.SKU)
			if !slices.ContainsFunc(s.Categories, func(c catalogue.Category) bool { return c.Slug == a.Category }) {
				t.Errorf("%s stands on no shelf", at)
			}
			for _, words := range []catalogue.Words{a.Name, a.About} {
				if len(words.FR) < 5 || len(words.EN) < 4 || words.FR == words.EN && !strings.HasPrefix(a.SKU, "LIV-") {
					t.Errorf("%s: %+v", at, words)
				}
			}
			if a.Price < 100 || a.Price > 200_000 || a.Grams < 50 || a.Grams > 80_000 {
				t.Errorf("%s: %d cents, %d g", at, a.Price, a.Grams)
			}
			if err := drawing(a.Picture); err != nil {
				t.Errorf("%s: %v", at, err)
			}
		}
	}
}

// drawing refuses a picture that is not one, or that does more than show.
func drawing(svg string) error {
	if len(svg) > 6000 {
		return errors.New("a heavy picture")
	}
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if !slices.Contains([]string{"svg", "g", "path", "rect", "circle", "ellipse"}, e.Name.Local) {
			return errors.New("an element " + e.Name.Local)
		}
		for _, a := range e.Attr {
			if a.Name.Local == "id" || a.Name.Local == "style" || strings.Contains(a.Value, "url(") {
				return errors.New("an attribute " + a.Name.Local + "=" + a.Value)
			}
		}
	}
}

func TestASizeIsPartOfTheCode(t *testing.T) {
	s, _ := catalogue.Find("fil-et-saison")
	for code, want := range map[string]string{
		"PUL-101.M":   "Pull col rond en laine mérinos, bleu nuit, taille M",
		"ECH-401":     "Écharpe en laine d'agneau, à carreaux",
		"PUL-101":     "",
		"PUL-101.XXL": "",
		"PUL-101.":    "",
		"ECH-401.M":   "",
		"XXX-1":       "",
		"":            "",
	} {
		v, ok := s.Variant(code)
		if ok != (want != "") || ok && (v.Title("fr") != want || v.Code() != code) {
			t.Errorf("%q: %v %q", code, ok, v.SKU)
		}
	}
}

func TestTheSofaWeighs48Kilograms(t *testing.T) {
	s, _ := catalogue.Find("maison-aubepin")
	if a, ok := s.Article("CAN-300"); !ok || a.Grams != 48_000 {
		t.Errorf("%+v", a)
	}
}
