package gsm

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSegments(t *testing.T) {
	for _, c := range []struct {
		law  string
		text string
		want int
	}{
		{"nothing", "", 0},
		{"160 letters are one piece", strings.Repeat("a", 160), 1},
		{"161 are two, of 153 each", strings.Repeat("a", 161), 2},
		{"306 are two", strings.Repeat("a", 306), 2},
		{"307 are three", strings.Repeat("a", 307), 3},
		{"é, è, à and ù are in the alphabet", strings.Repeat("éèàù", 40), 1},
		{"a euro takes two places: 80 are one piece", strings.Repeat("€", 80), 1},
		{"81 euros are two pieces", strings.Repeat("€", 81), 2},
		{"ê is not in it: 70 signs a piece", strings.Repeat("ê", 70), 1},
		{"71 are two", strings.Repeat("ê", 71), 2},
		{"an emoji takes two units: 35 are one piece", strings.Repeat("🎁", 35), 1},
		{"36 are two", strings.Repeat("🎁", 36), 2},
		{"one circumflex makes the whole text dear", "ê" + strings.Repeat("a", 159), 3},
	} {
		if got := Segments(c.text); got != c.want {
			t.Errorf("%s: got %d, want %d", c.law, got, c.want)
		}
	}
}

func TestPlain(t *testing.T) {
	for text, want := range map[string]string{
		"Votre colis est prêt, reçu à l’hôtel": "Votre colis est pret, recu à l'hotel",
		"« Noël » – 5\u00a0€…":                 `"Noel" - 5 €...`,
		"Œufs, ligne 12\u202fh":                "OEufs, ligne 12 h",
		"cadeau 🎁":                             "cadeau 🎁",
		"e\u0301te\u0301":                      "été",
	} {
		if got := Plain(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestPlainIsNeverDearer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOfN(rapid.RuneFrom([]rune("abcêçàéœ’«» …–€🎁ñÇ\n[]")), 0, 400, -1).Draw(t, "text")
		p := Plain(s)
		if Plain(p) != p {
			t.Fatalf("%q is not as plain as it gets: %q", p, Plain(p))
		}
		if Segments(s) > 0 && Segments(p) > Segments(s)+1 { // an ellipsis is three signs
			t.Fatalf("%q became dearer: %d, %d", s, Segments(s), Segments(p))
		}
	})
}
