package mondialrelay

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/promesse-dev/promesse/internal/carrier"
)

// capitals writes text in the letters that the services take: A to Z, figures
// and a few signs, up to so many characters. Whole words are kept while they fit.
func capitals(s string, limit int) string {
	var out strings.Builder
	for _, r := range norm.NFKD.String(ligatures.Replace(s)) {
		r = unicode.ToUpper(r)
		switch {
		case unicode.Is(unicode.Mn, r):
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_-'.,/", r)):
			out.WriteRune(r)
		default:
			out.WriteByte(' ')
		}
	}
	text := strings.Join(strings.Fields(out.String()), " ")
	if len(text) <= limit {
		return text
	}
	if cut := strings.LastIndexByte(text[:limit+1], ' '); cut > 0 {
		return text[:cut]
	}
	return text[:limit]
}

var ligatures = strings.NewReplacer("œ", "oe", "Œ", "OE", "æ", "ae", "Æ", "AE", "ß", "ss", "ø", "o", "Ø", "O", "ł", "l", "Ł", "L", "đ", "d", "Đ", "D", "’", "'")

// lineLimit is the length of a line of an address.
const lineLimit = 32

// split parts a street over two lines where one is too short for it.
func split(street string) (one, two string) {
	whole := capitals(street, 2*lineLimit)
	one = capitals(street, lineLimit)
	return one, capitals(strings.TrimPrefix(whole, one), lineLimit)
}

// lines is an address as the older service names its parts, under a prefix:
// "Expe_" or "Dest_".
func lines(prefix string, c carrier.Contact) []param {
	street, more := split(c.Street)
	if more == "" {
		more = capitals(c.Extra, lineLimit)
	}
	return []param{
		{prefix + "Langage", "FR"},
		{prefix + "Ad1", capitals(c.Name, lineLimit)},
		{prefix + "Ad3", street},
		{prefix + "Ad4", more},
		{prefix + "Ville", capitals(c.City, 26)},
		{prefix + "CP", capitals(c.Postcode, 10)},
		{prefix + "Pays", c.Country},
	}
}
