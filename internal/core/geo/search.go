package geo

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Spot is a place that somebody may have meant.
type Spot struct {
	Point
	Label     string // "Bordeaux", "Saint-Denis (93200)"
	City      string // the commune's name
	Code      string // its INSEE code; "" when only the postcode is known
	Postcode  string // the one that was asked for, or the commune's first
	Precision Precision
}

// The bounds of a search: towns answered at once, bytes looked at.
const (
	most       = 10
	longest    = 200
	leastBegun = 3 // characters of a name's beginning that say something
)

// Geocode finds towns by postcode, by name, or by both, in what people type:
// "33000", "bordeaux", "st etienne", "12 rue Neuve, 69003 Lyon". A postcode of
// several towns answers all of them unless one is named; a name that several
// bear, the most inhabitants first. Streets are not known here. France only.
func Geocode(country, text string) []Spot {
	if strings.ToUpper(country) != "FR" || len(text) > longest {
		return nil
	}
	g := gazetteers()
	if code := postcodeIn.FindString(text); code != "" {
		return g.inPostcode(code, strings.Replace(text, code, " ", 1))
	}
	if found := g.named(text); found != nil {
		return found
	}
	if i := strings.LastIndex(text, ","); i >= 0 {
		return g.named(text[i+1:])
	}
	return nil
}

var postcodeIn = regexp.MustCompile(`\b\d{5}\b`)

// inPostcode answers the towns of a postcode: those that the rest of the text
// ends with the name of, or all.
func (g *gazetteer) inPostcode(code, rest string) []Spot {
	var all, named []Spot
	words := " " + Fold(rest) + " "
	for _, i := range g.byPostcode[code] {
		c := g.communes[i]
		if c.City != "" {
			continue // its city is there too
		}
		at, precision, _ := g.within(i, code)
		s := Spot{at, c.Name + " (" + code + ")", c.Name, c.Code, code, precision}
		all = append(all, s)
		if strings.Contains(words, " "+Fold(c.Name)+" ") {
			named = append(named, s)
		}
	}
	switch {
	case len(named) > 0:
		return named
	case len(all) > 0:
		return all
	}
	at, precision, ok := g.postcode(code)
	if !ok {
		return nil
	}
	return []Spot{{Point: at, Label: code, Postcode: code, Precision: precision}}
}

// named answers the towns of a name, or, when there is none, those whose names
// begin so.
func (g *gazetteer) named(text string) []Spot {
	folded := Fold(text)
	if folded == "" {
		return nil
	}
	first, _ := slices.BinarySearchFunc(g.names, folded, func(n name, s string) int { return strings.Compare(n.folded, s) })
	var exact, begun []int
	for _, n := range g.names[first:] {
		if !strings.HasPrefix(n.folded, folded) {
			break
		}
		if n.folded == folded {
			exact = append(exact, n.commune)
		} else {
			begun = append(begun, n.commune)
		}
	}
	if exact == nil && utf8.RuneCountInString(folded) >= leastBegun {
		exact = begun
	}
	return g.spots(exact)
}

// spots tells towns, the most inhabitants first, each once.
func (g *gazetteer) spots(of []int) []Spot {
	slices.SortStableFunc(of, func(a, b int) int { return g.communes[b].Inhabitants - g.communes[a].Inhabitants })
	var out []Spot
	seen := map[int]bool{}
	for _, i := range of {
		c := g.communes[i]
		if seen[i] || len(out) == most {
			continue
		}
		seen[i] = true
		s := Spot{Point: c.At, Label: c.Name, City: c.Name, Code: c.Code, Precision: c.Precision}
		if len(c.Postcodes) > 0 {
			s.Postcode, s.Label = c.Postcodes[0], c.Name+" ("+c.Postcodes[0]+")"
		}
		out = append(out, s)
	}
	return out
}

// Fold is a name as it is compared: without accents, hyphens, apostrophes and
// capitals, St and Ste written out. "L'Haÿ-les-Roses" and "l hay les roses" are
// one.
func Fold(name string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(name)) {
		switch {
		case r == 'œ':
			b.WriteString("oe")
		case r == 'æ':
			b.WriteString("ae")
		case unicode.Is(unicode.Mn, r): // an accent
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	words := strings.Fields(b.String())
	for i, w := range words {
		switch w {
		case "st":
			words[i] = "saint"
		case "ste":
			words[i] = "sainte"
		}
	}
	return strings.Join(words, " ")
}
